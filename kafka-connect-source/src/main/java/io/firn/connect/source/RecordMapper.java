package io.firn.connect.source;

import io.firn.connect.avro.StructuredDecoder;
import io.firn.connect.avro.StructuredValues;
import io.firn.record.RecordHeader;
import io.firn.record.RecordView;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaAndValue;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.header.ConnectHeaders;
import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;

/**
 * Turns the archived records of one lane into Connect records with the same key, value, headers, timestamp and Kafka
 * partition. The bytes are copied once.
 *
 * <p>Structured records get the schemas and values that the sink was given. Confined to one thread.
 */
final class RecordMapper {
    private static final long NANOS_PER_MILLI = 1_000_000;
    private static final Schema BYTES = Schema.OPTIONAL_BYTES_SCHEMA;

    private final StructuredDecoder decoder;
    private final ReplayLane lane;
    private final String target;
    private final Integer partition;
    private final Map<String, String> sourcePartition;
    private final boolean exactTime;

    /**
     * Creates a mapper of a lane's records into a target topic.
     *
     * @param decoder one of the lane's table
     * @param exactTime whether records are refused whose timestamp Kafka cannot hold
     */
    RecordMapper(ReplayLane lane, String target, StructuredDecoder decoder, boolean exactTime) {
        this.exactTime = exactTime;
        this.decoder = decoder;
        this.lane = lane;
        this.target = target;
        this.partition = lane.partition();
        this.sourcePartition = SourceOffset.partition(lane.tableId(), lane.lane());
    }

    /**
     * Maps the record that the view shows.
     *
     * @throws DataException when Kafka cannot hold its timestamp exactly, or a structured record cannot be decoded
     */
    SourceRecord map(RecordView view) {
        if (view.typeId() == StructuredValues.TYPE_ID) {
            return structured(view);
        }
        return new SourceRecord(
                sourcePartition,
                SourceOffset.after(view.sequence()),
                target,
                partition,
                BYTES,
                copy(view.key()),
                BYTES,
                copy(view.value()),
                timestampMs(view),
                headers(view));
    }

    private SourceRecord structured(RecordView view) {
        SchemaAndValue key = decode("key", copy(view.key()), view);
        SchemaAndValue value = decode("value", copy(view.value()), view);
        ConnectHeaders headers = new ConnectHeaders();
        if (view.headerCount() > 0) {
            for (RecordHeader header : view.headers()) {
                headers.add(header.name(), decode("header '" + header.name() + "'", header.value(), view));
            }
        }
        return new SourceRecord(
                sourcePartition,
                SourceOffset.after(view.sequence()),
                target,
                partition,
                key.schema(),
                key.value(),
                value.schema(),
                value.value(),
                timestampMs(view),
                headers);
    }

    private SchemaAndValue decode(String part, byte @Nullable [] bytes, RecordView view) {
        try {
            return decoder.decode(bytes);
        } catch (DataException damaged) {
            throw refused(view, "its " + part + " cannot be decoded: " + damaged.getMessage());
        }
    }

    private static @Nullable ConnectHeaders headers(RecordView view) {
        if (view.headerCount() == 0) {
            return null;
        }
        List<RecordHeader> archived = view.headers();
        ConnectHeaders headers = new ConnectHeaders();
        for (RecordHeader header : archived) {
            headers.add(header.name(), header.value(), BYTES);
        }
        return headers;
    }

    private long timestampMs(RecordView view) {
        long timestamp = view.timestamp();
        if (!exactTime) {
            return view.inMillis() ? timestamp : Math.floorDiv(timestamp, NANOS_PER_MILLI);
        }
        if (!view.inMillis() && timestamp % NANOS_PER_MILLI != 0) {
            throw refused(view, "timestamp " + timestamp + " ns is finer than a millisecond, which is all Kafka keeps");
        }
        long timestampMs = view.inMillis() ? timestamp : timestamp / NANOS_PER_MILLI;
        if (timestampMs < 0) {
            throw refused(view, "timestamp " + timestampMs + " ms is before 1970 (-1: none), which no producer writes");
        }
        return timestampMs;
    }

    private DataException refused(RecordView view, String reason) {
        return new DataException("Record " + view.sequence() + " of lane " + lane.lane() + " in table " + lane.table()
                + " cannot be replayed exactly: " + reason + ". Leave it out with " + FirnSourceConfig.FROM + " and "
                + FirnSourceConfig.TO + ", give records the time of the replay with " + PaceOptions.TIMESTAMPS
                + "=now, or continue behind it by setting the lane's offset to {\""
                + SourceOffset.SEQUENCE + "\": " + (view.sequence() + 1) + "}.");
    }

    private static byte @Nullable [] copy(@Nullable ByteBuffer buffer) {
        if (buffer == null) {
            return null;
        }
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(buffer.position(), bytes);
        return bytes;
    }
}
