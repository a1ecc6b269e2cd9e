package io.firn.series;

/**
 * The records of table {@code chunks}, docs/format/series.md.
 *
 * <pre>
 * CHUNKS    chunks, one behind the other
 * SYMBOLS   varint count, for each: text; ascending, numbered from 0 through all of these records
 * SERIES    varint count, for each:
 *             u8 type, varint labels, for each: varint symbol of the name, varint symbol of the value
 *             varint chunks, for each:
 *               varint records since the last chunk of the block, varint bytes, varint samples
 *               varint zigzag least timestamp - greatest of the last chunk (of the series; 0), varint greatest - least
 *               from 64 samples on: f64 least, f64 greatest, f64 sum of the values
 * POSTINGS  varint count, for each:
 *             varint symbol of the name, varint symbol of the value, varint bytes
 *             0 bytes: varint series; else a Roaring bitmap in its portable format
 * </pre>
 *
 * Little-endian; the records of a block come in this order, each kind as often as it takes. Thread-safe: no state.
 */
final class BlockRecords {
    static final int CHUNKS = 1;
    static final int SYMBOLS = 2;
    static final int SERIES = 3;
    static final int POSTINGS = 4;

    /** A record is ended when it has so many bytes. */
    static final int TARGET_BYTES = 32 << 10;

    private BlockRecords() {}
}
