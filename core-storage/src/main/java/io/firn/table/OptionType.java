package io.firn.table;

import io.firn.error.ConfigException;
import java.time.Duration;
import java.util.Locale;

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
    /** Milliseconds: a number, or one with d, h, m, s or ms. */
    MILLIS,
    /** Like {@link #MILLIS}, -1 or empty for none. */
    OPTIONAL_MILLIS,
    /** Anything. */
    TEXT;

    private static final long NONE = -1;

    Object parse(String text) {
        return switch (this) {
            case SIZE -> ByteSize.parse(text);
            case OPTIONAL_SIZE ->
                text.isEmpty() || text.equals("-1") ? Long.valueOf(NONE) : Long.valueOf(ByteSize.parse(text));
            case COUNT -> count(text);
            case FLAG -> flag(text);
            case DURATION -> DurationText.parse(text);
            case MILLIS -> millis(text);
            case OPTIONAL_MILLIS -> text.isEmpty() ? Long.valueOf(NONE) : Long.valueOf(millis(text));
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

    private static long millis(String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException withUnit) {
            return durationMillis(text);
        }
    }

    private static long durationMillis(String text) {
        try {
            return DurationText.parse(text).toMillis();
        } catch (ConfigException wrong) {
            throw new ConfigException(
                    "use a number of milliseconds, or one with d, h, m, s or ms, for example 7d", wrong);
        }
    }

    private static boolean flag(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new ConfigException("use true or false");
        };
    }
}
