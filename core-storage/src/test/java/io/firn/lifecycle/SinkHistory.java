package io.firn.lifecycle;

import io.firn.partition.PartitionFilter;
import io.firn.table.RestoredAttempt;
import io.firn.testing.CrashFileStore;
import java.util.List;
import java.util.stream.LongStream;

/**
 * A table whose sink went on after a savepoint: two subtasks, then a later job of one, then an independent one, with
 * the lifecycle at work all the time.
 *
 * @param machine where it is
 * @param savepoint what the savepoint knows
 * @param latest what the last checkpoint of the later job knows
 */
record SinkHistory(CrashFileStore machine, List<RestoredAttempt> savepoint, List<RestoredAttempt> latest) {
    /** The numbers up to the savepoint, and those of the independent job. */
    static final long[] KEPT = numbers(0, 15, 100, 115, 1000, 1005);
    /** Everything. */
    static final long[] ALL = numbers(0, 35, 100, 125, 1000, 1005);

    static SinkHistory play() {
        CrashFileStore machine = WrittenTable.machine();
        SinkJob.createTable(machine);
        List<RestoredAttempt> savepoint;
        List<RestoredAttempt> last;
        try (SinkJob job = SinkJob.start(machine, "first").subtask().subtask()) {
            job.write(0, 0, 10).write(1, 100, 110).checkpoint(1);
            settleAll(machine);
            savepoint = job.write(0, 10, 15).write(1, 110, 115).checkpoint(2);
            job.write(0, 15, 20).checkpoint(3);
            WrittenTable.maintain(machine, LifecycleRequest.settleAll().where(PartitionFilter.exact("k", "p1")));
            last = job.write(0, 20, 25).write(1, 115, 125).checkpoint(4);
        }
        List<RestoredAttempt> latest;
        try (SinkJob job = SinkJob.start(machine, "second").subtask(last.get(0), last.get(1))) {
            job.write(0, 25, 30).checkpoint(5);
            WrittenTable.maintain(machine, LifecycleRequest.settleAll().where(PartitionFilter.exact("k", "p2")));
            WrittenTable.maintain(machine, LifecycleRequest.compressAll().where(PartitionFilter.exact("k", "p0")));
            latest = job.write(0, 30, 35).checkpoint(6);
            job.write(0, 5000, 5010).prepare();
        }
        try (SinkJob job = SinkJob.start(machine, "independent").subtask()) {
            job.write(0, 1000, 1005).checkpoint(1);
        }
        return new SinkHistory(machine, savepoint, latest);
    }

    private static void settleAll(CrashFileStore machine) {
        WrittenTable.maintain(machine, LifecycleRequest.settleAll());
    }

    /** The numbers of some ranges, each from one to before another. */
    static long[] numbers(long... bounds) {
        LongStream numbers = LongStream.empty();
        for (int i = 0; i < bounds.length; i += 2) {
            numbers = LongStream.concat(numbers, LongStream.range(bounds[i], bounds[i + 1]));
        }
        return numbers.toArray();
    }
}
