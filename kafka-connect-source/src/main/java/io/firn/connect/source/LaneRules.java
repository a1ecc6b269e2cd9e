package io.firn.connect.source;

import io.firn.partition.RecordFilter;
import io.firn.record.RecordView;
import java.util.Map;
import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;

/**
 * What the options do to the records of one lane: first which of them are replayed, and as the last step before one is
 * handed out its Kafka partition, timestamp, headers of origin and number of the loop.
 *
 * <p>Immutable; thread-safe.
 */
final class LaneRules {
    private final RecordFilter filter;
    private final PartitionRouting.Route route;
    private final TimestampRule times;
    private final @Nullable Provenance provenance;
    private final int loop;

    /**
     * Creates the rules of a lane.
     *
     * @param filter chooses records
     * @param route chooses Kafka partitions
     * @param times chooses timestamps
     * @param provenance adds headers of origin; null adds none
     * @param loop how often everything was replayed before, 0 for the first time
     */
    LaneRules(
            RecordFilter filter,
            PartitionRouting.Route route,
            TimestampRule times,
            @Nullable Provenance provenance,
            int loop) {
        this.filter = filter;
        this.route = route;
        this.times = times;
        this.provenance = provenance;
        this.loop = loop;
    }

    /** Whether the record is replayed. */
    boolean accepts(RecordView view) {
        return filter.matches(view);
    }

    /**
     * The record as it is handed out.
     *
     * @param record what was made of the archived record, with its key as it will be sent
     * @param view the archived record
     */
    SourceRecord shape(SourceRecord record, RecordView view) {
        if (provenance != null) {
            provenance.addTo(record.headers(), view.sequence(), record.timestamp());
        }
        if (route.keeps() && times.keeps() && loop == 0) {
            return record;
        }
        Map<String, ?> offset = loop == 0 ? record.sourceOffset() : SourceOffset.after(loop, view.sequence());
        return new SourceRecord(
                record.sourcePartition(),
                offset,
                record.topic(),
                route.partition(record.key()),
                record.keySchema(),
                record.key(),
                record.valueSchema(),
                record.value(),
                times.apply(record.timestamp()),
                record.headers());
    }
}
