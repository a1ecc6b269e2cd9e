package io.firn.connect.testing;

/**
 * What the oracle knows of one record: where it stood, and digests of what it held.
 *
 * <p>Immutable; thread-safe.
 *
 * @param partition the Kafka partition
 * @param offset the Kafka offset
 * @param timestampMs the timestamp in milliseconds
 * @param timestampType {@code CREATE_TIME} or {@code LOG_APPEND_TIME}
 * @param key digest of the key, null and empty differ
 * @param headers digest of the ordered list of headers
 * @param value digest of the value, null and empty differ
 */
public record DumpedRecord(
        int partition, long offset, long timestampMs, String timestampType, String key, String headers, String value) {
    /** The same without the position: what must be equal when a record was replayed into another topic. */
    public String content() {
        return timestampMs + "|" + timestampType + "|" + key + "|" + headers + "|" + value;
    }
}
