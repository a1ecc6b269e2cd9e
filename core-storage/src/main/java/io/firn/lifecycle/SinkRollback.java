package io.firn.lifecycle;

import io.firn.error.StorageIoException;
import io.firn.error.TableLockedException;
import io.firn.log.Withdrawal;
import io.firn.table.LaterAttempts;
import io.firn.table.RestoredAttempt;
import io.firn.table.SinkAttempts;
import io.firn.table.Table;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes back what a sink wrote after a checkpoint, wherever in the table it stands by now: a job that is restored from
 * that checkpoint writes it again.
 *
 * <p>First the attempts are ended, durably: nobody adds to them any more, and a checkpoint that counts on what is taken
 * back cannot be restored. Then one rewrite after the other removes their records; readers see some of them gone until
 * all are. A failure at any step leaves the rest to the next call, which finds done what is done. Thread-safe; no
 * state. See decision D57.
 */
public final class SinkRollback {
    private static final Logger LOG = LoggerFactory.getLogger(SinkRollback.class);
    private static final long PAUSE_NS = Duration.ofMillis(100).toNanos();
    /** About ten minutes: a maintainer that compresses a large table may be in the middle of it. */
    private static final int MAX_ROUNDS = 6000;

    private SinkRollback() {}

    /**
     * Takes back what was written after a checkpoint; on return no reader sees any of it. Several subtasks may do this
     * at once, each with the attempts whose state it got.
     *
     * @param restored attempts of the checkpoint
     * @return whether there was anything to take back
     * @throws StorageIoException when a damaged file is in the way, or the space for rewriting it is missing
     * @throws TableLockedException when another maintainer is at work all the time, or the thread is interrupted, which
     *     it stays
     */
    public static boolean run(Table table, SinkAttempts attempts, List<RestoredAttempt> restored) {
        return run(table, attempts, restored, LifecycleOptions.defaults());
    }

    static boolean run(Table table, SinkAttempts attempts, List<RestoredAttempt> restored, LifecycleOptions options) {
        LaterAttempts later = attempts.laterThan(restored);
        later.unproven()
                .forEach(attempt -> LOG.warn(
                        "what an attempt wrote stays, unless another subtask proves that it came after the checkpoint:"
                                + " path={} attempt={}",
                        table.path(),
                        attempt));
        if (later.withdrawals().isEmpty()) {
            return false;
        }
        attempts.withdraw(later.withdrawals());
        List<Withdrawal> left = attempts.notDone(later.withdrawals());
        if (left.isEmpty()) {
            return false;
        }
        LOG.warn("taking back what was written after the checkpoint: path={} lanes={}", table.path(), left);
        remove(table, attempts, left, options);
        return true;
    }

    private static void remove(
            Table table, SinkAttempts attempts, List<Withdrawal> withdrawals, LifecycleOptions options) {
        LifecycleRequest request = LifecycleRequest.erase(Erasure.of(LaneTails.of(withdrawals)));
        try (LifecycleManager manager = LifecycleManager.open(table, options)) {
            for (int round = 0; round < MAX_ROUNDS; round++) {
                LifecycleStats stats = manager.run(request);
                List<Withdrawal> left = attempts.notDone(withdrawals);
                if (left.isEmpty()) {
                    return;
                }
                if (!stats.errors().isEmpty()) {
                    throw new StorageIoException(
                            "take back what was written after the checkpoint from",
                            table.path(),
                            new IOException(
                                    stats.errors() + ". Remove the cause, or restore with restore.older=append."));
                }
                LockSupport.parkNanos(PAUSE_NS); // another maintainer is at work
                if (Thread.currentThread().isInterrupted()) {
                    throw new TableLockedException(
                            "What was written after the checkpoint is not taken back from " + table.path()
                                    + ": the thread was interrupted. The next start of the job goes on with it.");
                }
            }
        }
        throw new TableLockedException("What was written after the checkpoint is not taken back from " + table.path()
                + ": another maintainer is at work on the table. The next start of the job goes on with it.");
    }
}
