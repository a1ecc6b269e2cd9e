package io.firn.partition;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Splits one CSV line into fields after RFC 4180: fields may stand in double quotes, two of them inside mean one.
 *
 * <p>Tolerant, because the line itself is what is stored: a quote in the middle of a plain field is text, and a quoted
 * field may end with the line; {@link #isOpen} tells who cuts a file into lines. Confined to one thread.
 */
public final class CsvLine {
    private final char separator;
    private char[] text = new char[256];
    private int length;

    /** Creates a splitter for a separator, usually the comma. */
    public CsvLine(char separator) {
        this.separator = separator;
    }

    /** All fields of a line, for example of the header. */
    public List<String> split(String line) {
        List<String> fields = new ArrayList<>();
        char[] chars = line.toCharArray();
        for (int at = 0; at <= chars.length; ) {
            at = next(chars, chars.length, at);
            fields.add(new String(text, 0, length));
        }
        return fields;
    }

    /**
     * Reads the field that starts at a position; its text is {@link #text} up to {@link #length}.
     *
     * @return the start of the next field; greater than {@code end} when there is none
     */
    int next(char[] line, int end, int from) {
        length = 0;
        ensureCapacity(end - from);
        int at = from;
        if (at < end && line[at] == '"') {
            at = readQuoted(line, end, at + 1);
        }
        while (at < end && line[at] != separator) {
            text[length++] = line[at++];
        }
        return at + 1;
    }

    private int readQuoted(char[] line, int end, int from) {
        int at = from;
        while (at < end) {
            if (line[at] == '"') {
                if (at + 1 == end || line[at + 1] != '"') {
                    return at + 1;
                }
                at++;
            }
            text[length++] = line[at++];
        }
        return at;
    }

    /**
     * Whether a line ends inside of quotes: after RFC 4180 its record goes on in the next line.
     *
     * @param line bytes in UTF-8
     */
    public boolean isOpen(byte[] line, int offset, int count) {
        int quote = offset;
        while (quote < offset + count && line[quote] != '"') {
            quote++;
        }
        if (quote == offset + count) {
            return false; // as nearly all lines
        }
        byte[] separators = String.valueOf(separator).getBytes(StandardCharsets.UTF_8);
        Place place = Place.FIELD_BEGINS;
        for (int at = offset; at < offset + count; at++) {
            if (line[at] == '"') {
                place = place.next();
            } else if (place != Place.QUOTED) {
                boolean begins = endsWith(line, offset, at + 1, separators);
                place = begins ? Place.FIELD_BEGINS : Place.PLAIN;
            }
        }
        return place == Place.QUOTED;
    }

    private static boolean endsWith(byte[] line, int offset, int end, byte[] suffix) {
        int from = end - suffix.length;
        return from >= offset && Arrays.equals(line, from, end, suffix, 0, suffix.length);
    }

    /** Where in a field a byte stands. */
    private enum Place {
        FIELD_BEGINS,
        PLAIN,
        QUOTED,
        /** Behind a quote inside of quotes: another one makes one quote of both. */
        QUOTE_SEEN;

        /** Where the byte behind a quote stands. */
        Place next() {
            return switch (this) {
                case FIELD_BEGINS, QUOTE_SEEN -> QUOTED;
                case QUOTED -> QUOTE_SEEN;
                case PLAIN -> PLAIN;
            };
        }
    }

    char[] text() {
        return text;
    }

    int length() {
        return length;
    }

    private void ensureCapacity(int capacity) {
        if (text.length < capacity) {
            text = new char[Math.max(capacity, text.length * 2)];
        }
    }
}
