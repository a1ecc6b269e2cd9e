package io.firn.connect.cli;

import io.firn.table.LaneInfo;
import io.firn.table.ScanOptions;
import io.firn.table.Table;
import io.firn.table.TableReader;
import java.util.List;

/**
 * The archived records of one Kafka partition: those of an older topic of the same name first.
 *
 * @param table where they are
 * @param partition the Kafka partition, 0 or more
 * @param lanes the writers, at least one, the oldest generation first
 */
record ArchivedPartition(Table table, int partition, List<String> lanes) {
    /** Its present topic's records only, whose sequences are the offsets of that topic. */
    ArchivedPartition newest() {
        return new ArchivedPartition(table, partition, lanes.subList(lanes.size() - 1, lanes.size()));
    }

    /** The offset behind everything that its present topic's writer has looked at and committed. */
    long position() {
        String newest = lanes.get(lanes.size() - 1);
        return table.lanes().stream()
                .filter(lane -> lane.writer().equals(newest))
                .mapToLong(LaneInfo::position)
                .max()
                .orElse(0);
    }

    /** Reads one of the writers in the order of its sequences. */
    TableReader reader(int lane) {
        String writer = lanes.get(lane);
        return table.reader(ScanOptions.builder().writer(writer).counted(false).build());
    }
}
