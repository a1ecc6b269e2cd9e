package io.firn.partition;

import java.util.ArrayList;
import java.util.List;

/**
 * Splits one CSV line into fields after RFC 4180: fields may stand in double quotes, two of them inside mean one.
 *
 * <p>Tolerant, because the line itself is what is stored: a quote in the middle of a plain field is text, and a quoted
 * field may end with the line. Confined to one thread.
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
