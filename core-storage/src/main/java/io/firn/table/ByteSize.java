package io.firn.table;

import io.firn.error.ConfigException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Sizes as texts in options: {@code 65536}, {@code 64KiB}, {@code 16 MiB}, {@code 1GiB}. Thread-safe; no state. */
public final class ByteSize {
    private static final Pattern TEXT = Pattern.compile("(\\d{1,19})\\s*(|B|KiB|MiB|GiB|TiB)");

    private ByteSize() {}

    /**
     * Reads a size.
     *
     * @return bytes, 0 or more
     * @throws ConfigException saying what to write instead
     */
    public static long parse(String text) {
        Matcher matcher = TEXT.matcher(text.strip());
        if (!matcher.matches()) {
            throw new ConfigException("use a number of bytes, or one with KiB, MiB or GiB");
        }
        int shift = switch (matcher.group(2)) {
            case "KiB" -> 10;
            case "MiB" -> 20;
            case "GiB" -> 30;
            case "TiB" -> 40;
            default -> 0;
        };
        try {
            return Math.multiplyExact(Long.parseLong(matcher.group(1)), 1L << shift);
        } catch (ArithmeticException | NumberFormatException tooLarge) {
            throw new ConfigException("the size is too large", tooLarge);
        }
    }
}
