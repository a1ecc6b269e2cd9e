package io.firn.lifecycle;

import io.firn.fs.FileStore;
import io.firn.log.PendingCommit;
import io.firn.record.StreamRecord;
import io.firn.table.AttemptWriter;
import io.firn.table.RestoredAttempt;
import io.firn.table.SinkAttempts;
import io.firn.table.SinkOwner;
import io.firn.table.Table;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * A job of two subtasks that writes through a two-phase sink, fails, and is restored from its last checkpoint or, with
 * a rollback, from an older one. Confined to one thread.
 */
final class HistorySink {
    private static final int SUBTASKS = 2;

    /** What a checkpoint keeps; {@code kept} says how much of each attempt belongs to it. */
    private record Checkpoint(
            long id,
            List<RestoredAttempt> states,
            List<byte[]> commits,
            Map<String, Long> kept,
            List<Map<HistoryOracle.Id, String>> records) {}

    private final HistoryOracle oracle;
    private final RandomGenerator random;
    private final List<Checkpoint> checkpoints = new ArrayList<>();
    /** Whether a job that was restored from an older checkpoint has not taken back yet what came later. */
    private boolean rollback;

    private int jobs;
    private long ids;

    HistorySink(HistoryOracle oracle, RandomGenerator random) {
        this.oracle = oracle;
        this.random = random;
    }

    /** The job runs for a while, and fails. */
    void run(FileStore store) {
        try (Table table = WrittenTable.open(store)) {
            String job = "job " + jobs++;
            SinkAttempts sink = SinkAttempts.open(table, new SinkOwner("sink", job, "", job));
            goBackOrNot();
            restore(table, sink);
            write(table, sink);
        }
    }

    /** What the last checkpoint commits is committed, whatever happened since. */
    void settle(FileStore store) {
        try (Table table = WrittenTable.open(store)) {
            String job = "job " + jobs++;
            restore(table, SinkAttempts.open(table, new SinkOwner("sink", job, "", job)));
        }
    }

    private void goBackOrNot() {
        if (checkpoints.size() > 1 && random.nextInt(4) == 0) {
            rollback = true;
            while (checkpoints.size() > 1 && random.nextInt(3) > 0) {
                checkpoints.remove(checkpoints.size() - 1);
            }
        }
    }

    private void restore(Table table, SinkAttempts sink) {
        if (checkpoints.isEmpty()) {
            return;
        }
        Checkpoint last = checkpoints.get(checkpoints.size() - 1);
        sink.requireRestorable(last.states());
        commit(sink, last);
        if (rollback) {
            Set<HistoryOracle.Id> going = oracle.remove(id -> id.writer().startsWith("sink-")
                    && id.sequence() >= last.kept().getOrDefault(id.writer(), 0L));
            SinkRollback.run(
                    table, sink, last.states(), LifecycleOptions.defaults().withForceThreads(1));
            oracle.removed(going);
            rollback = false;
        }
    }

    private void commit(SinkAttempts sink, Checkpoint checkpoint) {
        for (int i = 0; i < SUBTASKS; i++) {
            sink.commit(PendingCommit.fromBytes(checkpoint.commits().get(i)));
            oracle.acknowledge(checkpoint.records().get(i));
        }
    }

    private void write(Table table, SinkAttempts sink) {
        List<RestoredAttempt> restored = checkpoints.isEmpty()
                ? List.of()
                : checkpoints.get(checkpoints.size() - 1).states();
        List<PendingCommit.RetiredAttempt> retired =
                restored.stream().map(RestoredAttempt::retired).toList();
        List<AttemptWriter> writers = new ArrayList<>();
        try {
            for (int subtask = 0; subtask < SUBTASKS; subtask++) {
                writers.add(table.attempt(sink.attempt(
                                subtask,
                                restored.isEmpty() ? List.of() : List.of(restored.get(subtask)),
                                restored.isEmpty()
                                        ? OptionalLong.empty()
                                        : OptionalLong.of(restored.get(0).checkpointId()))
                        .mapping(HistoryOracle.MAPPING)
                        .build()));
            }
            for (int left = random.nextInt(4); left >= 0; left--) {
                Checkpoint made = checkpoint(writers, retired);
                if (random.nextInt(6) == 0) {
                    return; // it failed before the checkpoint was complete
                }
                checkpoints.add(made);
                retired = List.of();
                if (left > 0 || random.nextBoolean()) {
                    commit(sink, made);
                }
            }
        } finally {
            writers.forEach(AttemptWriter::close);
        }
    }

    private Checkpoint checkpoint(List<AttemptWriter> writers, List<PendingCommit.RetiredAttempt> retired) {
        long id = ++ids;
        List<RestoredAttempt> states = new ArrayList<>();
        List<byte[]> commits = new ArrayList<>();
        List<Map<HistoryOracle.Id, String>> records = new ArrayList<>();
        Map<String, Long> kept = new HashMap<>(
                checkpoints.isEmpty()
                        ? Map.of()
                        : checkpoints.get(checkpoints.size() - 1).kept());
        for (AttemptWriter writer : writers) {
            records.add(append(writer));
            commits.add(writer.prepare(commits.isEmpty() ? retired : List.of()).toBytes());
            states.add(
                    new RestoredAttempt(writer.name(), writer.lastPrepared(), writer.preparedSequence(), id, SUBTASKS));
            kept.put(writer.name(), writer.preparedSequence());
        }
        return new Checkpoint(id, states, commits, kept, records);
    }

    private Map<HistoryOracle.Id, String> append(AttemptWriter writer) {
        Map<HistoryOracle.Id, String> records = new HashMap<>();
        long first = writer.preparedSequence();
        for (int i = random.nextInt(8); i > 0; i--) {
            HistoryOracle.Id id = new HistoryOracle.Id(writer.name(), first + records.size());
            StreamRecord record = oracle.append(id);
            writer.append(record);
            records.put(id, HistoryOracle.value(record));
        }
        return records;
    }
}
