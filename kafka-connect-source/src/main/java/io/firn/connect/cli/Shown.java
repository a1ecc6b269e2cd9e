package io.firn.connect.cli;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Values as people read them in a line: short, and without control characters. Thread-safe: no state. */
final class Shown {
    private static final int MAX_LENGTH = 60;
    private static final int MAX_BYTES = 40;

    private Shown() {}

    static String of(@Nullable Object value) {
        if (value instanceof byte[] bytes) {
            return ofBytes(bytes);
        } else if (value instanceof ByteBuffer buffer) {
            byte[] bytes = new byte[buffer.remaining()];
            buffer.duplicate().get(bytes);
            return ofBytes(bytes);
        } else if (value instanceof String text) {
            return "'" + shortened(text) + "'";
        }
        return shortened(String.valueOf(value));
    }

    private static String ofBytes(byte[] bytes) {
        String shown = new String(bytes, 0, Math.min(bytes.length, MAX_BYTES), StandardCharsets.UTF_8);
        return "'" + printable(shown) + (bytes.length > MAX_BYTES ? "...'" : "'") + " (" + bytes.length + " bytes)";
    }

    private static String shortened(String text) {
        return printable(text.length() > MAX_LENGTH ? text.substring(0, MAX_LENGTH) + "..." : text);
    }

    private static String printable(String text) {
        return text.replaceAll("\\p{Cntrl}", ".");
    }
}
