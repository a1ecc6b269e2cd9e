package io.firn.flink.table;

import io.firn.error.ConfigException;
import io.firn.flink.TableLocation;
import io.firn.table.PartitionSummary;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.functions.FlatMapFunction;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.TimestampData;
import org.apache.flink.util.Collector;
import org.jspecify.annotations.Nullable;

/**
 * Answers aggregates from what partitions hold, without reading their records: rows of grouping columns and aggregates.
 * Looks at the table when the job runs. Confined to its task's thread.
 */
final class CountedRows implements FlatMapFunction<Long, RowData> {
    private static final long serialVersionUID = 1L;
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final TableLocation location;
    private final ScanChoice choice;
    private final List<PartitionColumn> grouping;
    private final List<AggregateAnswer> answers;

    CountedRows(
            TableLocation location, ScanChoice choice, List<PartitionColumn> grouping, List<AggregateAnswer> answers) {
        this.location = location;
        this.choice = choice;
        this.grouping = List.copyOf(grouping);
        this.answers = List.copyOf(answers);
    }

    @Override
    public void flatMap(Long unused, Collector<RowData> out) {
        Map<List<@Nullable Object>, Totals> groups = new LinkedHashMap<>();
        if (grouping.isEmpty()) {
            groups.put(List.of(), new Totals());
        }
        for (PartitionSummary partition : ArchivedPartitions.summarize(location, choice)) {
            List<@Nullable Object> key = new ArrayList<>();
            grouping.forEach(column -> key.add(RowDeserializer.columnOf(partition.values(), column)));
            groups.computeIfAbsent(key, first -> new Totals()).add(partition);
        }
        groups.forEach((key, totals) -> out.collect(row(key, totals)));
    }

    private RowData row(List<@Nullable Object> key, Totals totals) {
        GenericRowData row = new GenericRowData(key.size() + answers.size());
        for (int i = 0; i < key.size(); i++) {
            row.setField(i, key.get(i));
        }
        for (int i = 0; i < answers.size(); i++) {
            row.setField(key.size() + i, totals.answer(answers.get(i)));
        }
        return row;
    }

    private static final class Totals {
        private long records;
        private long minNs = Long.MAX_VALUE;
        private long maxNs = Long.MIN_VALUE;

        void add(PartitionSummary partition) {
            if (partition.isSaturated()) {
                throw new ConfigException("Partition '" + partition.values().toPath() + "' has got timestamps beyond"
                        + " nanoseconds in 64 bits since the query was planned; run the query again");
            }
            records += partition.records();
            minNs = Math.min(minNs, partition.minTimestampNs());
            maxNs = Math.max(maxNs, partition.maxTimestampNs());
        }

        @Nullable
        Object answer(AggregateAnswer answer) {
            return switch (answer) {
                case COUNT -> records;
                case MIN_TIMESTAMP -> timestamp(minNs);
                case MAX_TIMESTAMP -> timestamp(maxNs);
            };
        }

        private @Nullable TimestampData timestamp(long timestampNs) {
            return records == 0 ? null : TimestampData.fromEpochMillis(Math.floorDiv(timestampNs, NANOS_PER_MILLI));
        }
    }
}
