package io.firn.connect.source;

import io.firn.error.FirnException;
import io.firn.partition.RecordFilter;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.apache.kafka.common.config.ConfigDef.LambdaValidator;
import org.apache.kafka.common.config.ConfigDef.Recommender;
import org.apache.kafka.common.config.ConfigDef.Validator;
import org.apache.kafka.common.config.ConfigException;

/**
 * Checks of single options; each message quotes the value and says what to write instead.
 *
 * <p>Thread-safe.
 */
final class ConfigRules {
    private ConfigRules() {}

    /** An absolute path below the root directory. */
    static Validator absolutePath() {
        return rule(
                "an absolute path other than /",
                ConfigRules::isArchivePath,
                "give the absolute path of the archive root, for example /data/firn");
    }

    /** Any text but white space. */
    static Validator notBlank(String remedy) {
        return rule("not blank", value -> !value.toString().isBlank(), remedy);
    }

    /** A list with at least one entry. */
    static Validator notEmptyList(String remedy) {
        return rule(
                "a list with at least one entry", value -> value instanceof List<?> list && !list.isEmpty(), remedy);
    }

    /** The lower-case names of an enum. */
    static Validator choices(Class<? extends Enum<?>> type) {
        List<String> names = names(type);
        return rule(
                "one of " + names,
                value -> names.contains(value.toString().trim().toLowerCase(Locale.ROOT)),
                "use one of " + String.join(", ", names));
    }

    /** The constant that a checked text names. */
    static <E extends Enum<E>> E choice(Class<E> type, String text) {
        return Enum.valueOf(type, text.trim().toUpperCase(Locale.ROOT).replace('-', '_'));
    }

    /** One end of a time range. */
    static Validator timeBound() {
        return parsing("a time or nothing", value -> TimeBound.parseMs(value.toString()));
    }

    /** Entries {@code archived:target}. */
    static Validator topicMap() {
        return parsing("archived:target, ...", value -> TopicSelection.parseMap(texts(value)));
    }

    /** The lower-case names of an enum's constants. */
    static List<String> names(Class<? extends Enum<?>> type) {
        return Arrays.stream(type.getEnumConstants())
                .map(constant -> constant.name().toLowerCase(Locale.ROOT).replace('_', '-'))
                .toList();
    }

    private static boolean isArchivePath(Object value) {
        try {
            Path path = Path.of(value.toString());
            return path.isAbsolute() && path.normalize().getNameCount() > 0;
        } catch (InvalidPathException e) {
            return false;
        }
    }

    /** Entries {@code topic:partition=number} with numbers up to {@code max}. */
    static Validator originValues(long max) {
        return parsing("topic:partition=number, ...", value -> OriginValues.parse(texts(value), max));
    }

    /** A condition on keys and headers. */
    static Validator recordFilter() {
        return LambdaValidator.with(
                (name, value) -> {
                    try {
                        RecordFilter.parse(value.toString());
                    } catch (io.firn.error.ConfigException e) {
                        throw invalid(
                                name, value, String.valueOf(e.getMessage()).replaceAll("\\.$", ""));
                    }
                },
                () -> "key = 'a' and header.x = 'y'");
    }

    /** Offers values in user interfaces; others stay possible where the validator takes them. */
    static Recommender recommend(List<String> values) {
        return new Recommendation(values, config -> true);
    }

    /** Shows an option in user interfaces only while others make it count. */
    static Recommender shownWhen(Predicate<Map<String, Object>> condition) {
        return new Recommendation(List.of(), condition);
    }

    /** A list option's value as texts. */
    static List<String> texts(Object value) {
        return ((List<?>) value).stream().map(Object::toString).toList();
    }

    /** A value that a condition accepts. */
    static Validator rule(String shape, Predicate<Object> accepts, String remedy) {
        return LambdaValidator.with(
                (name, value) -> {
                    if (value != null && !accepts.test(value)) {
                        throw invalid(name, value, remedy);
                    }
                },
                () -> shape);
    }

    /** A text that a parser takes; what the parser throws says what to write instead. */
    static Validator parsing(String shape, Consumer<Object> parser) {
        return LambdaValidator.with(
                (name, value) -> {
                    try {
                        parser.accept(value);
                    } catch (IllegalArgumentException e) {
                        throw invalid(name, value, String.valueOf(e.getMessage()));
                    }
                },
                () -> shape);
    }

    /** A text that the engine's own check accepts. */
    static Validator acceptedBy(Consumer<String> check) {
        return (name, value) -> {
            try {
                check.accept(String.valueOf(value));
            } catch (FirnException e) {
                throw new ConfigException(e.getMessage());
            }
        };
    }

    private static ConfigException invalid(String name, Object value, String remedy) {
        return new ConfigException("Invalid value '" + value + "' for '" + name + "': " + remedy + ".");
    }

    private record Recommendation(List<String> values, Predicate<Map<String, Object>> condition)
            implements Recommender {
        @Override
        public List<Object> validValues(String name, Map<String, Object> parsedConfig) {
            return List.copyOf(values);
        }

        /** A configuration that has errors shows everything. */
        @Override
        public boolean visible(String name, Map<String, Object> parsedConfig) {
            try {
                return condition.test(parsedConfig);
            } catch (RuntimeException e) {
                return true;
            }
        }
    }
}
