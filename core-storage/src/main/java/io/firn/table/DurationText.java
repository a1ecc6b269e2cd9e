package io.firn.table;

import io.firn.error.ConfigException;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Durations as texts in options: {@code 7d}, {@code 12h}, {@code 30m}, {@code 10s}, {@code 500ms}. Thread-safe; no
 * state.
 */
public final class DurationText {
    private static final Duration LONGEST = Duration.ofMillis(Long.MAX_VALUE);
    private static final Pattern TEXT = Pattern.compile("(\\d{1,18})\\s*(d|h|m|s|ms)");

    private DurationText() {}

    /**
     * Reads a duration.
     *
     * @return 0 or more
     * @throws ConfigException saying what to write instead
     */
    public static Duration parse(String text) {
        Matcher matcher = TEXT.matcher(text.strip());
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
