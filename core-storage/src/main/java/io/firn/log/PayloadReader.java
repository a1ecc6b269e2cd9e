package io.firn.log;

import io.firn.error.CorruptDataException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * Reads what {@link PayloadWriter} wrote; anything that does not fit is a {@link CorruptDataException} of the log.
 *
 * <p>Confined to one thread.
 */
final class PayloadReader {
    private final byte[] bytes;
    private final Path log;
    private final long frameOffset;
    private int position;

    PayloadReader(LogEntry entry, Path log) {
        this.bytes = entry.payload();
        this.log = log;
        this.frameOffset = entry.offset();
    }

    long unsigned() {
        long value = 0;
        int at = position;
        for (int shift = 0; shift < Long.SIZE; shift += 7) {
            if (at == bytes.length) {
                throw endsEarly();
            }
            int octet = bytes[at++];
            value |= (octet & 0x7FL) << shift;
            if (octet >= 0) {
                position = at;
                return value;
            }
        }
        throw corrupt("an integer of more than ten bytes");
    }

    long signed() {
        long zigzag = unsigned();
        return (zigzag >>> 1) ^ -(zigzag & 1);
    }

    /** Whether fields follow that earlier versions did not write. */
    boolean hasMore() {
        return position < bytes.length;
    }

    boolean flag() {
        if (position == bytes.length) {
            throw endsEarly();
        }
        return bytes[position++] != 0;
    }

    String string() {
        int length = count(1);
        return text(length);
    }

    /** A string that is often the one before: gives that very one then, with its hash, instead of a copy. */
    String stringOr(String before) {
        int length = count(1);
        if (isAt(position, length, before)) {
            position += length;
            return before;
        }
        return text(length);
    }

    private String text(int length) {
        String value = new String(bytes, position, length, StandardCharsets.UTF_8);
        position += length;
        return value;
    }

    /** Bytes outside of ASCII are never those of a string here. */
    private boolean isAt(int offset, int length, String text) {
        if (length != text.length()) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (bytes[offset + i] != text.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    <T> List<T> list(Supplier<T> element) {
        int count = count(1);
        if (count == 1) {
            return List.of(element.get());
        }
        List<T> list = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            list.add(element.get());
        }
        return List.copyOf(list);
    }

    private int count(int minBytesEach) {
        long count = unsigned();
        if (count < 0 || count * minBytesEach > bytes.length - position) {
            throw corrupt("a length of " + count + " where " + (bytes.length - position) + " bytes are left");
        }
        return (int) count;
    }

    private CorruptDataException endsEarly() {
        return corrupt("the payload ends after " + bytes.length + " bytes where more are expected");
    }

    private CorruptDataException corrupt(String found) {
        return new CorruptDataException(log, frameOffset, "log entry with a valid checksum holds " + found);
    }
}
