package io.firn.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.fs.IoMode;
import io.firn.fs.LocalFileStore;
import io.firn.lifecycle.LifecycleManager;
import io.firn.lifecycle.LifecycleOptions;
import io.firn.lifecycle.LifecycleRequest;
import io.firn.partition.PartitionFilter;
import io.firn.partition.PartitionMapping;
import io.firn.partition.PartitionScheme;
import io.firn.partition.PartitionValues;
import io.firn.record.StreamRecord;
import io.firn.testing.ForwardingFileStore;
import io.firn.testing.StoreCall;
import io.firn.testing.StoreOperation;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PartitionSummaryTest {
    private static final PartitionMapping MAPPING = PartitionMapping.parse("k:string=key");
    private static final PartitionScheme SCHEME = MAPPING.scheme();

    @TempDir
    Path directory;

    private final Set<String> opened = new ConcurrentSkipListSet<>();
    private final ForwardingFileStore store = new ForwardingFileStore(LocalFileStore.open(IoMode.AUTO)) {
        @Override
        protected void before(StoreCall call) {
            String name = call.path().getFileName().toString();
            if (call.operation() == StoreOperation.OPEN_READ && (name.endsWith(".q") || name.endsWith(".q.zst"))) {
                opened.add(name);
            }
        }
    };

    private Table table() {
        TableEnvironment environment =
                TableEnvironment.deterministic(store, InstantSource.fixed(Instant.parse("2001-01-10T00:00:00Z")));
        return Table.create(directory.resolve("t"), SCHEME, TableConfig.defaults(), environment);
    }

    private static TableWriter writer(Table table) {
        return table.writer(WriterOptions.named("main").mapping(MAPPING).build());
    }

    private static void append(TableWriter writer, String partition, long timestampNs) {
        writer.append(StreamRecord.atNanos(timestampNs)
                .key(partition.getBytes(StandardCharsets.UTF_8))
                .build());
    }

    private static PartitionSummary summary(String key, long records, long minNs, long maxNs) {
        return new PartitionSummary(PartitionValues.of(SCHEME, key), records, minNs, maxNs);
    }

    private static void settle(Table table, PartitionFilter filter) {
        try (LifecycleManager manager = LifecycleManager.open(table, LifecycleOptions.defaults())) {
            assertThat(manager.run(LifecycleRequest.settleAll().where(filter)).errors())
                    .isEmpty();
        }
    }

    @Test
    void countsCommittedRecordsOfOpenSegmentsOnly() {
        try (Table table = table();
                TableWriter writer = writer(table)) {
            assertThat(table.summarize(PartitionFilter.all())).isEmpty();
            append(writer, "a", 5);
            append(writer, "a", 3);
            writer.commit();
            append(writer, "a", 1);
            assertThat(table.summarize(PartitionFilter.all())).containsExactly(summary("a", 2, 3, 5));
        }
    }

    @Test
    void addsWhatIsSettledInPartToWhatIsNot() {
        try (Table table = table();
                TableWriter writer = writer(table)) {
            append(writer, "a", 5);
            append(writer, "b", 6);
            writer.commit();
            settle(table, PartitionFilter.exact("k", "a"));
            append(writer, "a", 9);
            append(writer, "b", -2);
            writer.commit();
            assertThat(table.summarize(PartitionFilter.all()))
                    .containsExactly(summary("a", 2, 5, 9), summary("b", 2, -2, 6));
            assertThat(table.summarize(PartitionFilter.exact("k", "b"))).containsExactly(summary("b", 2, -2, 6));
            writer.finish();
            assertThat(table.summarize(PartitionFilter.all()))
                    .containsExactly(summary("a", 2, 5, 9), summary("b", 2, -2, 6));
        }
    }

    @Test
    void opensNoFileOfSettledPartitions() {
        try (Table table = table()) {
            try (TableWriter writer = writer(table)) {
                append(writer, "a", 5);
                append(writer, "b", 6);
                writer.finish();
            }
            settle(table, PartitionFilter.all());
            opened.clear();
            assertThat(table.summarize(PartitionFilter.all()))
                    .containsExactly(summary("a", 1, 5, 5), summary("b", 1, 6, 6));
            assertThat(opened).isEmpty();
        }
    }

    @Test
    void saysWhenAStoredTimestampMayLieBeyondTheRange() {
        try (Table table = table();
                TableWriter writer = writer(table)) {
            writer.append(StreamRecord.atMillis(Long.MAX_VALUE)
                    .key("a".getBytes(StandardCharsets.UTF_8))
                    .build());
            append(writer, "b", 6);
            writer.commit();
            List<PartitionSummary> summaries = table.summarize(PartitionFilter.all());
            assertThat(summaries).extracting(PartitionSummary::isSaturated).containsExactly(true, false);
        }
    }
}
