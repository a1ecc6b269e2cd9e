package io.firn.connect.common;

import io.firn.error.FirnException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.apache.kafka.common.config.ConfigDef.LambdaValidator;
import org.apache.kafka.common.config.ConfigDef.Validator;
import org.apache.kafka.common.config.ConfigException;

/**
 * Checks of single options; each message quotes the value and says what to write instead. No check looks at a value
 * that is null.
 *
 * <p>Thread-safe.
 */
public final class ConfigRules {
    /** A hundred years. */
    private static final long MAX_INTERVAL_MS = Duration.ofDays(36_500).toMillis();

    private ConfigRules() {}

    /** An absolute path below the root directory. */
    public static Validator absolutePath() {
        return rule(
                "an absolute path other than /",
                ConfigRules::isArchivePath,
                "give the absolute path of the archive, for example /data/firn");
    }

    private static boolean isArchivePath(Object value) {
        try {
            Path path = Path.of(value.toString());
            return path.isAbsolute() && path.normalize().getNameCount() > 0;
        } catch (InvalidPathException e) {
            return false;
        }
    }

    /** The {@link #names} of an enum's constants. */
    public static Validator choices(Class<? extends Enum<?>> type) {
        List<String> names = names(type);
        return rule(
                "one of " + names,
                value -> names.contains(value.toString().trim().toLowerCase(Locale.ROOT)),
                "use one of " + String.join(", ", names));
    }

    /** The constant that a checked text names. */
    public static <E extends Enum<E>> E choice(Class<E> type, String text) {
        return Enum.valueOf(type, text.trim().toUpperCase(Locale.ROOT).replace('-', '_'));
    }

    /** The lower-case names of an enum's constants, with - for _. */
    public static List<String> names(Class<? extends Enum<?>> type) {
        return Arrays.stream(type.getEnumConstants()).map(ConfigRules::text).toList();
    }

    /** The text of a constant in a configuration. */
    public static String text(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** A number of at least {@code minimum}. */
    public static Validator atLeast(long minimum) {
        return rule(
                "[" + minimum + ",...]",
                value -> ((Number) value).longValue() >= minimum,
                "give a number of at least " + minimum);
    }

    /** A number between two limits, both included. */
    public static Validator between(long minimum, long maximum) {
        return rule(
                "[" + minimum + ",...," + maximum + "]",
                value -> ((Number) value).longValue() >= minimum && ((Number) value).longValue() <= maximum,
                "give a number from " + minimum + " to " + maximum);
    }

    /** Milliseconds between two things: at least {@code minimumMs}, and no more than nanoseconds can count. */
    public static Validator interval(long minimumMs) {
        return rule(
                "[" + minimumMs + ",...," + MAX_INTERVAL_MS + "]",
                value -> (Long) value >= minimumMs && (Long) value <= MAX_INTERVAL_MS,
                "give a number of at least " + minimumMs + " and at most " + MAX_INTERVAL_MS + ", a hundred years");
    }

    /** The id of a time zone. */
    public static Validator zone() {
        return rule("a time zone", ConfigRules::isZone, "give a time zone, for example UTC or Europe/Berlin");
    }

    private static boolean isZone(Object value) {
        try {
            ZoneId.of(value.toString());
            return true;
        } catch (DateTimeException e) {
            return false;
        }
    }

    /** The options that have a value: Connect itself says at which options null stands. */
    public static Map<String, String> given(Map<String, String> properties) {
        Map<String, String> given = new HashMap<>(properties);
        given.values().removeIf(Objects::isNull);
        return given;
    }

    /** A text that the engine's own parser takes; what the parser throws says what to write instead. */
    public static Validator parsedBy(String shape, Consumer<String> parser) {
        return parsing(shape, value -> parser.accept(value.toString()));
    }

    /** A value that a parser takes; what the parser throws says what to write instead. */
    public static Validator parsing(String shape, Consumer<Object> parser) {
        return LambdaValidator.with(
                (name, value) -> {
                    try {
                        if (value != null) {
                            parser.accept(value);
                        }
                    } catch (FirnException | IllegalArgumentException e) {
                        String reason = String.valueOf(e.getMessage());
                        throw reason.contains("'" + name + "'")
                                ? new ConfigException(reason)
                                : invalid(name, value, reason.replaceAll("\\.$", ""));
                    }
                },
                () -> shape);
    }

    /** A value that a condition accepts. */
    public static Validator rule(String shape, Predicate<Object> accepts, String remedy) {
        return LambdaValidator.with(
                (name, value) -> {
                    if (value != null && !accepts.test(value)) {
                        throw invalid(name, value, remedy);
                    }
                },
                () -> shape);
    }

    private static ConfigException invalid(String name, Object value, String remedy) {
        return new ConfigException("Invalid value '" + value + "' for '" + name + "': " + remedy + ".");
    }
}
