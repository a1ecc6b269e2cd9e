package io.firn.partition;

import io.firn.error.ConfigException;
import io.firn.error.InvalidRecordException;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Escaping of partition values in path components {@code name=value}.
 *
 * <p>ASCII letters, digits and {@code - _ . + , @ ~ !} stand for themselves, every other byte of the value's UTF-8 is
 * {@code %XX} (upper-case hex), so that a component is plain ASCII on every file system and locale and cannot hold a
 * separator. A lone surrogate is encoded like any code point in three bytes (generalized UTF-8), so that every Java
 * string comes back. The values {@code .} and {@code ..} and the text of the null marker are escaped at their first
 * character.
 */
final class HivePath {
    /** Hive's name of the partition of null. */
    static final String NULL_MARKER = "__HIVE_DEFAULT_PARTITION__";
    /** Longest component in bytes, the limit of the usual file systems. */
    static final int MAX_COMPONENT_BYTES = 255;

    private static final String HEX = "0123456789ABCDEF";
    private static final boolean[] PLAIN = plainCharacters();

    private HivePath() {}

    /** Appends {@code name=value}; a component that would be too long is an {@link InvalidRecordException}. */
    static void append(StringBuilder path, String name, @Nullable String value) {
        int start = path.length();
        path.append(name).append('=');
        if (value == null) {
            path.append(NULL_MARKER);
        } else {
            appendEscaped(path, value, start);
        }
        refuseTooLong(path, start, name, value);
    }

    /** Whether a component is short enough for {@link #append}. */
    static boolean fits(String name, String value) {
        StringBuilder component =
                new StringBuilder(MAX_COMPONENT_BYTES + 16).append(name).append('=');
        appendEscaped(component, value, 0);
        return component.length() <= MAX_COMPONENT_BYTES;
    }

    private static void appendEscaped(StringBuilder path, String value, int start) {
        boolean reserved = value.equals(".") || value.equals("..") || value.equals(NULL_MARKER);
        for (int i = 0; i < value.length(); ) {
            int codePoint = value.codePointAt(i);
            if (codePoint < 128 && PLAIN[codePoint] && !(reserved && i == 0)) {
                path.append((char) codePoint);
            } else {
                appendPercent(path, codePoint);
            }
            i += Character.charCount(codePoint);
            if (path.length() - start > MAX_COMPONENT_BYTES) {
                return;
            }
        }
    }

    private static void refuseTooLong(StringBuilder path, int start, String name, @Nullable String value) {
        if (path.length() - start > MAX_COMPONENT_BYTES) {
            path.setLength(start);
            String text = value == null ? "" : value;
            throw new InvalidRecordException("Partition value of '" + name + "' is too long: its " + text.length()
                    + " characters need more than " + MAX_COMPONENT_BYTES + " bytes as a directory name ('"
                    + Excerpt.of(text) + "'); partition by a shorter field.");
        }
    }

    private static void appendPercent(StringBuilder path, int codePoint) {
        if (codePoint < 0x80) {
            appendByte(path, codePoint);
        } else if (codePoint < 0x800) {
            appendByte(path, 0xC0 | (codePoint >> 6));
            appendByte(path, 0x80 | (codePoint & 0x3F));
        } else if (codePoint < 0x10000) {
            appendByte(path, 0xE0 | (codePoint >> 12));
            appendByte(path, 0x80 | ((codePoint >> 6) & 0x3F));
            appendByte(path, 0x80 | (codePoint & 0x3F));
        } else {
            appendByte(path, 0xF0 | (codePoint >> 18));
            appendByte(path, 0x80 | ((codePoint >> 12) & 0x3F));
            appendByte(path, 0x80 | ((codePoint >> 6) & 0x3F));
            appendByte(path, 0x80 | (codePoint & 0x3F));
        }
    }

    private static void appendByte(StringBuilder path, int value) {
        path.append('%').append(HEX.charAt((value >> 4) & 15)).append(HEX.charAt(value & 15));
    }

    /** The text of an escaped value, null for the null marker. Not every accepted text is canonical. */
    static @Nullable String decode(String escaped) {
        if (escaped.equals(NULL_MARKER)) {
            return null;
        }
        if (escaped.indexOf('%') < 0) {
            return escaped;
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(escaped.length());
        for (int i = 0; i < escaped.length(); i++) {
            char c = escaped.charAt(i);
            if (c == '%') {
                bytes.write((hex(escaped, i + 1) << 4) | hex(escaped, i + 2));
                i += 2;
            } else if (c < 128) {
                bytes.write(c);
            } else {
                throw malformed(escaped);
            }
        }
        return fromUtf8(bytes.toByteArray());
    }

    private static int hex(String escaped, int index) {
        int digit = index < escaped.length() ? HEX.indexOf(escaped.charAt(index)) : -1;
        if (digit < 0) {
            throw malformed(escaped);
        }
        return digit;
    }

    private static ConfigException malformed(String escaped) {
        return new ConfigException("'" + Excerpt.of(escaped)
                + "' is not an escaped partition value: expected ASCII with % and two upper-case hex digits.");
    }

    /** Decodes generalized UTF-8; malformed bytes become text that does not encode to them (the caller compares). */
    private static String fromUtf8(byte[] bytes) {
        StringBuilder text = new StringBuilder(bytes.length);
        int plainFrom = 0;
        for (int i = 0; i + 2 < bytes.length; i++) {
            boolean surrogate = (bytes[i] & 0xFF) == 0xED && (bytes[i + 1] & 0xE0) == 0xA0;
            if (surrogate) {
                text.append(new String(bytes, plainFrom, i - plainFrom, StandardCharsets.UTF_8));
                text.append((char) (0xD000 | ((bytes[i + 1] & 0x3F) << 6) | (bytes[i + 2] & 0x3F)));
                i += 2;
                plainFrom = i + 1;
            }
        }
        return text.append(new String(bytes, plainFrom, bytes.length - plainFrom, StandardCharsets.UTF_8))
                .toString();
    }

    private static boolean[] plainCharacters() {
        boolean[] plain = new boolean[128];
        String characters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.+,@~!";
        for (int i = 0; i < characters.length(); i++) {
            plain[characters.charAt(i)] = true;
        }
        return plain;
    }
}
