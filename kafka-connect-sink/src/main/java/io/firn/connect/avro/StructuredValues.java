package io.firn.connect.avro;

/**
 * How a structured record is marked and its parts begin.
 *
 * @see <a href="https://avro.apache.org/docs/1.12.0/specification/#single-object-encoding">single-object encoding</a>
 */
public final class StructuredValues {
    /** Type id of a record whose key, value and header values are in this form; others are bytes of somebody else. */
    public static final int TYPE_ID = 0xA701;

    static final byte MARK_0 = (byte) 0xC3;
    static final byte MARK_1 = 0x01;
    static final int HEADER_BYTES = 2 + Long.BYTES;

    private StructuredValues() {}
}
