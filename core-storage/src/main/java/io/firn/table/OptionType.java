package io.firn.table;

import io.firn.error.ConfigException;
import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How the text of an option is read; messages of the exceptions are remedies, the option adds the rest. */
enum OptionType {
    /** Bytes: a number, or one with KiB, MiB or GiB. */
    SIZE,
    /** Like {@link #SIZE}, -1 or empty for none. */
    OPTIONAL_SIZE,
    /** A plain number. */
    COUNT,
    /** true or false. */
    FLAG,
    /** A number with d, h, m, s or ms. */
    DURATION,
    /** Anything. */
    TEXT;

    private static final long NONE = -1;
    private static final Duration LONGEST = Duration.ofMillis(Long.MAX_VALUE);
    private static final Pattern DURATION_TEXT = Pattern.compile("(\\d{1,18})\\s*(d|h|m|s|ms)");

    Object parse(String text) {
        return switch (this) {
            case SIZE -> ByteSize.parse(text);
            case OPTIONAL_SIZE ->
                text.isEmpty() || text.equals("-1") ? Long.valueOf(NONE) : Long.valueOf(ByteSize.parse(text));
            case COUNT -> count(text);
            case FLAG -> flag(text);
            case DURATION -> duration(text);
            case TEXT -> text;
        };
    }

    String format(Object value) {
        return value instanceof Duration duration ? format(duration) : value.toString();
    }

    private static String format(Duration duration) {
        long ms = duration.toMillis();
        if (ms % 86_400_000 == 0) {
            return ms / 86_400_000 + "d";
        }
        return ms % 1_000 == 0 ? ms / 1_000 + "s" : ms + "ms";
    }

    private static long count(String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException notANumber) {
            throw new ConfigException("use a whole number", notANumber);
        }
    }

    private static boolean flag(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new ConfigException("use true or false");
        };
    }

    private static Duration duration(String text) {
        Matcher matcher = DURATION_TEXT.matcher(text);
        if (!matcher.matches()) {
            throw new ConfigException("use a number with d, h, m, s or ms, for example 7d");
        }
        long number = Long.parseLong(matcher.group(1));
        try {
            Duration duration = switch (matcher.group(2)) {
                case "d" -> Duration.ofDays(number);
                case "h" -> Duration.ofHours(number);
                case "m" -> Duration.ofMinutes(number);
                case "s" -> Duration.ofSeconds(number);
                default -> Duration.ofMillis(number);
            };
            if (duration.compareTo(LONGEST) > 0) {
                throw new ConfigException("the duration is too long");
            }
            return duration;
        } catch (ArithmeticException tooLong) {
            throw new ConfigException("the duration is too long", tooLong);
        }
    }
}
