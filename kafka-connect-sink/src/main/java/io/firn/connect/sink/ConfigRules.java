package io.firn.connect.sink;

import io.firn.error.FirnException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.apache.kafka.common.config.ConfigDef.LambdaValidator;
import org.apache.kafka.common.config.ConfigDef.Validator;
import org.apache.kafka.common.config.ConfigException;

/**
 * Checks of single options; each message quotes the value and says what to write instead.
 *
 * <p>Thread-safe.
 */
final class ConfigRules {
    private static final Pattern TABLE_TEMPLATE = Pattern.compile("[A-Za-z0-9._-]*(\\$\\{topic}[A-Za-z0-9._-]*)?");

    private ConfigRules() {}

    /** An absolute path below the root directory. */
    static Validator absolutePath() {
        return LambdaValidator.with(
                (name, value) -> {
                    if (value != null && !isArchivePath(value.toString())) {
                        throw invalid(name, value, "give the absolute path of the archive, for example /data/firn");
                    }
                },
                () -> "an absolute path other than /");
    }

    /** A table name, usually with the topic in it. */
    static Validator tableTemplate() {
        return LambdaValidator.with(
                (name, value) -> {
                    String text = String.valueOf(value);
                    if (text.isEmpty() || !TABLE_TEMPLATE.matcher(text).matches() || text.matches("\\.{1,2}")) {
                        throw invalid(name, value, "use letters, digits, '.', '_', '-' and at most one ${topic}");
                    }
                },
                () -> "a name with ${topic} in it");
    }

    /** The lower-case names of an enum, with - for _. */
    static Validator choices(Class<? extends Enum<?>> type) {
        List<String> names =
                Arrays.stream(type.getEnumConstants()).map(ConfigRules::text).toList();
        return LambdaValidator.with(
                (name, value) -> {
                    if (value != null && !names.contains(value.toString().toLowerCase(Locale.ROOT))) {
                        throw invalid(name, value, "use one of " + String.join(", ", names));
                    }
                },
                () -> "one of " + names);
    }

    /** The constant that a checked text names. */
    static <E extends Enum<E>> E choice(Class<E> type, String text) {
        return Enum.valueOf(type, text.toUpperCase(Locale.ROOT).replace('-', '_'));
    }

    /** The text of a constant in a configuration. */
    static String text(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** A number of at least {@code minimum}. */
    static Validator atLeast(long minimum) {
        return LambdaValidator.with(
                (name, value) -> {
                    if (value instanceof Number number && number.longValue() < minimum) {
                        throw invalid(name, value, "give a number of at least " + minimum);
                    }
                },
                () -> "[" + minimum + ",...]");
    }

    /** A number between two limits, both included. */
    static Validator between(long minimum, long maximum) {
        return LambdaValidator.with(
                (name, value) -> {
                    if (value instanceof Number number
                            && (number.longValue() < minimum || number.longValue() > maximum)) {
                        throw invalid(name, value, "give a number from " + minimum + " to " + maximum);
                    }
                },
                () -> "[" + minimum + ",...," + maximum + "]");
    }

    /** The id of a time zone. */
    static Validator zone() {
        return LambdaValidator.with(
                (name, value) -> {
                    try {
                        ZoneId.of(String.valueOf(value));
                    } catch (DateTimeException e) {
                        throw invalid(name, value, "give a time zone, for example UTC or Europe/Berlin");
                    }
                },
                () -> "a time zone");
    }

    /** A text that the engine's own parser accepts. */
    static Validator parsedBy(String shape, Consumer<String> parser) {
        return LambdaValidator.with(
                (name, value) -> {
                    try {
                        if (value != null) {
                            parser.accept(value.toString());
                        }
                    } catch (FirnException e) {
                        String reason = String.valueOf(e.getMessage());
                        throw reason.contains("'" + name + "'")
                                ? new ConfigException(reason)
                                : invalid(name, String.valueOf(value), reason);
                    }
                },
                () -> shape);
    }

    private static boolean isArchivePath(String text) {
        try {
            Path path = Path.of(text);
            return path.isAbsolute() && path.normalize().getNameCount() > 0;
        } catch (InvalidPathException e) {
            return false;
        }
    }

    private static ConfigException invalid(String name, Object value, String remedy) {
        return new ConfigException("Invalid value '" + value + "' for '" + name + "': " + remedy + ".");
    }
}
