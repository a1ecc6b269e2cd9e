package io.firn.cli;

import io.firn.error.NotFoundException;
import io.firn.fs.FileStore;
import io.firn.log.LaneName;
import io.firn.log.SegmentEntry;
import io.firn.partition.PartitionScheme;
import io.firn.table.HotInfo;
import io.firn.table.LaneInfo;
import io.firn.table.PartitionInfo;
import io.firn.table.Table;
import io.firn.table.TableContents;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/**
 * What a report says of a table, from the objects that {@code firn stats} and {@code firn ls} print. Immutable.
 *
 * @param name name of the table's directory
 * @param id the table's id
 * @param scheme its partition fields
 * @param tiers what stands in each tier
 * @param partitions its partitions by path
 * @param unsettled what is committed and in no partition yet
 * @param lanes its writers
 * @param days settled files by the UTC day of their first record
 * @param recent the files that were made last, newest first
 */
record TableFigures(
        String name,
        UUID id,
        String scheme,
        List<TierTotals> tiers,
        List<PartitionInfo> partitions,
        HotInfo unsettled,
        List<Lane> lanes,
        SortedMap<LocalDate, Day> days,
        List<SegmentEntry> recent) {
    private static final int RECENT = 20;

    /**
     * A writer and when it committed last.
     *
     * @param info what is committed
     * @param lastCommitMs when its log was written last, milliseconds; empty when it has none
     */
    record Lane(LaneInfo info, OptionalLong lastCommitMs) {}

    /**
     * Settled files whose first record is of one day.
     *
     * @param records their records
     * @param hotBytes size of those that are not compressed
     * @param coldBytes size of those that are
     */
    record Day(long records, long hotBytes, long coldBytes) {
        Day plus(SegmentEntry file) {
            return new Day(
                    records + file.records(),
                    hotBytes + (file.cold() ? 0 : file.sizeBytes()),
                    coldBytes + (file.cold() ? file.sizeBytes() : 0));
        }
    }

    static TableFigures of(String name, Table table) {
        TableContents contents = table.contents();
        PartitionScheme scheme = table.scheme();
        return new TableFigures(
                name,
                table.id(),
                scheme.describe(),
                TierTotals.of(contents),
                contents.partitions(),
                contents.hot(),
                contents.lanes().stream()
                        .map(lane -> new Lane(lane, lastCommitMs(table, lane)))
                        .toList(),
                days(contents.segments()),
                contents.segments().stream()
                        .sorted(Comparator.comparingLong(SegmentEntry::createdMs)
                                .reversed())
                        .limit(RECENT)
                        .toList());
    }

    private static SortedMap<LocalDate, Day> days(List<SegmentEntry> files) {
        SortedMap<LocalDate, Day> days = new TreeMap<>();
        for (SegmentEntry file : files) {
            LocalDate day = Instant.ofEpochMilli(TimeUnit.NANOSECONDS.toMillis(file.minTimestampNs()))
                    .atZone(ZoneOffset.UTC)
                    .toLocalDate();
            days.put(day, days.getOrDefault(day, new Day(0, 0, 0)).plus(file));
        }
        return days;
    }

    private static OptionalLong lastCommitMs(Table table, LaneInfo lane) {
        FileStore store = table.layout().store();
        Path directory = table.layout().lane(LaneName.encode(lane.writer()));
        try {
            return store.list(directory).stream()
                    .filter(file -> file.endsWith(".log"))
                    .mapToLong(file -> store.info(directory.resolve(file)).modifiedMs())
                    .max();
        } catch (NotFoundException gone) {
            return OptionalLong.empty();
        }
    }
}
