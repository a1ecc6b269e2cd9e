package io.firn.connect.source;

import io.firn.record.RecordView;
import org.apache.kafka.connect.source.SourceRecord;

/**
 * The last step before a record of one lane is handed out: it goes to the Kafka partition that the options choose.
 *
 * <p>Immutable; thread-safe.
 */
final class LaneRules {
    private final PartitionRouting.Route route;

    /** Creates the rules of a lane. */
    LaneRules(PartitionRouting.Route route) {
        this.route = route;
    }

    /**
     * The record as it is handed out.
     *
     * @param record what was made of the archived record, with its key as it will be sent
     * @param view the archived record
     */
    SourceRecord shape(SourceRecord record, RecordView view) {
        if (route.keeps()) {
            return record;
        }
        return record.newRecord(
                record.topic(),
                route.partition(record.key()),
                record.keySchema(),
                record.key(),
                record.valueSchema(),
                record.value(),
                record.timestamp(),
                record.headers());
    }
}
