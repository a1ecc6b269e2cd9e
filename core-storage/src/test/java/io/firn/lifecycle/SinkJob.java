package io.firn.lifecycle;

import io.firn.fs.FileStore;
import io.firn.log.PendingCommit;
import io.firn.partition.PartitionMapping;
import io.firn.record.StreamRecord;
import io.firn.table.AttemptWriter;
import io.firn.table.RestoredAttempt;
import io.firn.table.ScanOptions;
import io.firn.table.SinkAttempts;
import io.firn.table.SinkOwner;
import io.firn.table.Table;
import io.firn.table.TableConfig;
import io.firn.table.TableReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;

/**
 * A job of some subtasks that writes numbers through a two-phase sink, into three partitions. Confined to one thread.
 */
final class SinkJob implements AutoCloseable {
    static final String SINK = "numbers";

    private static final PartitionMapping MAPPING = PartitionMapping.parse("k:string=key");

    private final Table table;
    private final SinkAttempts attempts;
    private final List<AttemptWriter> writers = new ArrayList<>();
    private final List<PendingCommit.RetiredAttempt> retired = new ArrayList<>();

    private SinkJob(FileStore store, String id) {
        this.table = WrittenTable.open(store);
        this.attempts = SinkAttempts.open(table, new SinkOwner(SINK, id, "", "job " + id));
    }

    static void createTable(FileStore store) {
        TableConfig config = TableConfig.builder()
                .segmentSizeBytes(64 << 10)
                .compressionBlockSizeBytes(64 << 10)
                .build();
        Table.create(WrittenTable.ROOT, MAPPING.scheme(), config, WrittenTable.environment(store))
                .close();
    }

    /** Starts a job that has no subtask yet. */
    static SinkJob start(FileStore store, String id) {
        return new SinkJob(store, id);
    }

    /** Starts one more subtask. */
    SinkJob subtask(RestoredAttempt... restored) {
        List<RestoredAttempt> states = List.of(restored);
        writers.add(table.attempt(
                attempts.attempt(writers.size(), states).mapping(MAPPING).build()));
        states.forEach(state -> retired.add(state.retired()));
        return this;
    }

    SinkAttempts attempts() {
        return attempts;
    }

    Table table() {
        return table;
    }

    /** A subtask writes the numbers from one to before another. */
    SinkJob write(int subtask, long from, long to) {
        for (long number = from; number < to; number++) {
            writers.get(subtask).append(record(number));
        }
        return this;
    }

    /** Makes a checkpoint and commits it. */
    List<RestoredAttempt> checkpoint(long id) {
        prepare().forEach(attempts::commit);
        return states(id);
    }

    /** What a checkpoint commits. */
    List<PendingCommit> prepare() {
        List<PendingCommit> commits = new ArrayList<>();
        for (AttemptWriter writer : writers) {
            commits.add(writer.prepare(commits.isEmpty() ? List.copyOf(retired) : List.of()));
        }
        retired.clear();
        return commits;
    }

    List<RestoredAttempt> states(long id) {
        return writers.stream()
                .map(writer -> new RestoredAttempt(
                        writer.name(), writer.lastPrepared(), writer.preparedSequence(), id, writers.size()))
                .toList();
    }

    /** What every restored writer does first under {@code restore.older=rollback}. */
    boolean rollBack(List<RestoredAttempt> restored) {
        attempts.requireRestorable(restored);
        return SinkRollback.run(
                table, attempts, restored, LifecycleOptions.defaults().withForceThreads(1));
    }

    @Override
    public void close() {
        writers.forEach(AttemptWriter::close);
        table.close();
    }

    static long[] numbers(FileStore store) {
        try (Table table = WrittenTable.open(store);
                TableReader reader = table.reader(ScanOptions.ALL)) {
            LongStream.Builder numbers = LongStream.builder();
            while (reader.next()) {
                numbers.add(Long.parseLong(
                        StandardCharsets.UTF_8.decode(reader.record().value()).toString()));
            }
            return numbers.build().sorted().toArray();
        }
    }

    private static StreamRecord record(long number) {
        return StreamRecord.atMillis(number)
                .key(("p" + number % 3).getBytes(StandardCharsets.UTF_8))
                .value(Long.toString(number).getBytes(StandardCharsets.UTF_8))
                .build();
    }
}
