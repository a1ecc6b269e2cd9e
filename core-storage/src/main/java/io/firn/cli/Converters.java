package io.firn.cli;

import java.util.UUID;
import picocli.CommandLine;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads values of options whose usual messages speak of Java. Thread-safe: no state. */
final class Converters {
    private Converters() {}

    /** Sets them for a command and those below it. */
    static void register(CommandLine line) {
        line.registerConverter(UUID.class, Converters::uuid);
        line.registerConverter(Character.class, Converters::separator);
        line.registerConverter(char.class, Converters::separator);
        ITypeConverter<Long> whole = Converters::whole;
        line.registerConverter(Long.class, whole);
        line.registerConverter(long.class, whole);
    }

    private static UUID uuid(String text) {
        try {
            return UUID.fromString(text);
        } catch (IllegalArgumentException wrong) {
            throw new TypeConversionException(
                    "expected a UUID such as 0f0e0d0c-0b0a-4908-8706-050403020100, found '" + text + "'");
        }
    }

    private static char separator(String text) {
        if (text.length() != 1 || "\"\r\n".contains(text)) {
            throw new TypeConversionException(
                    "expected one character that is neither a quote nor a line break, found '" + text + "'");
        }
        return text.charAt(0);
    }

    private static long whole(String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException wrong) {
            throw new TypeConversionException("expected a whole number, found '" + text + "'");
        }
    }
}
