package io.firn.connect.source;

import java.nio.charset.StandardCharsets;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.header.Headers;

/**
 * Headers that say where a replayed record came from: text, behind the archived headers.
 *
 * <p>Immutable; thread-safe.
 */
final class Provenance {
    static final String TOPIC = "firn.origin.topic";
    static final String PARTITION = "firn.origin.partition";
    static final String OFFSET = "firn.origin.offset";
    static final String TIMESTAMP = "firn.origin.timestamp";

    private final String topic;
    private final int partition;
    private final boolean asBytes;

    /**
     * Creates the headers of an archived Kafka partition.
     *
     * @param asBytes whether the header converter takes bytes only: the text in UTF-8
     */
    Provenance(String topic, int partition, boolean asBytes) {
        this.asBytes = asBytes;
        this.topic = topic;
        this.partition = partition;
    }

    /**
     * Adds the four headers.
     *
     * @param offset the archived record's offset
     * @param timestampMs its timestamp, milliseconds since the epoch
     */
    void addTo(Headers headers, long offset, long timestampMs) {
        add(headers, TOPIC, topic);
        add(headers, PARTITION, Integer.toString(partition));
        add(headers, OFFSET, Long.toString(offset));
        add(headers, TIMESTAMP, Long.toString(timestampMs));
    }

    private void add(Headers headers, String name, String text) {
        if (asBytes) {
            headers.add(name, text.getBytes(StandardCharsets.UTF_8), Schema.OPTIONAL_BYTES_SCHEMA);
        } else {
            headers.add(name, text, Schema.STRING_SCHEMA);
        }
    }
}
