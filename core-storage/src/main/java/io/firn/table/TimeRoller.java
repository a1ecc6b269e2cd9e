package io.firn.table;

import io.firn.partition.PartitionMapping;
import io.firn.partition.PartitionScheme;
import io.firn.partition.PartitionValues;
import io.firn.partition.RecordOrigin;
import io.firn.record.StreamRecord;
import java.time.ZoneId;
import org.jspecify.annotations.Nullable;

/**
 * Partitions by one time field that comes from the record's timestamp; the mapping does the calendar.
 *
 * <p>Thread-safe.
 */
final class TimeRoller {
    private final PartitionMapping mapping;
    private volatile @Nullable Known last;

    private TimeRoller(PartitionMapping mapping) {
        this.mapping = mapping;
    }

    static TimeRoller of(String field, String type, ZoneId zone) {
        return new TimeRoller(PartitionMapping.parse(field + ":" + type + "=timestamp", zone));
    }

    PartitionScheme scheme() {
        return mapping.scheme();
    }

    PartitionValues partitionOf(StreamRecord record) {
        String path = mapping.pathFor(record, RecordOrigin.NONE);
        Known known = last;
        if (known == null || !known.path.equals(path)) {
            known = new Known(path, mapping.scheme().parsePath(path));
            last = known;
        }
        return known.values;
    }

    private record Known(String path, PartitionValues values) {}
}
