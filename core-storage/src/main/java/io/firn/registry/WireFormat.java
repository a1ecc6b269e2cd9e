package io.firn.registry;

import org.jspecify.annotations.Nullable;

/**
 * Confluent's wire format: a byte 0, the schema's id in four bytes (big-endian), the data.
 *
 * <p>A text in JSON never begins with a byte 0 (only UTF-16 and UTF-32 without a byte order mark would). Thread-safe.
 *
 * @see <a href="https://docs.confluent.io/platform/current/schema-registry/fundamentals/serdes-develop/index.html">
 *     Wire format</a>
 */
public final class WireFormat {
    /** The first byte. */
    public static final byte MAGIC = 0;

    /** Bytes before the data. */
    public static final int HEADER_BYTES = 5;

    private WireFormat() {}

    /** Whether bytes may be in the wire format: long enough, and the first one is the magic. */
    public static boolean isFramed(byte @Nullable [] bytes) {
        return bytes != null && bytes.length >= HEADER_BYTES && bytes[0] == MAGIC;
    }

    /** The id of framed bytes; a registry gives ids from 1. */
    public static int id(byte[] framed) {
        return ((framed[1] & 0xFF) << 24) | ((framed[2] & 0xFF) << 16) | ((framed[3] & 0xFF) << 8) | (framed[4] & 0xFF);
    }

    /** Replaces the id of framed bytes in place. */
    public static void setId(byte[] framed, int id) {
        framed[1] = (byte) (id >>> 24);
        framed[2] = (byte) (id >>> 16);
        framed[3] = (byte) (id >>> 8);
        framed[4] = (byte) id;
    }
}
