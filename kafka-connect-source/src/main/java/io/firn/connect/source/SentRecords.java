package io.firn.connect.source;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.connect.source.SourceTask;

/**
 * How many records the worker has taken that no broker has acknowledged yet. Above a limit the task hands out no more:
 * what waits in a producer's buffer of 32 MiB is hundreds of thousands of small records with everything that Connect
 * keeps of each, and moving them about took the collector more time than making them.
 *
 * <p>A worker that acknowledges nothing for some seconds gets more records all the same; then its producer's buffer is
 * the limit. {@link #acknowledge} may be called by any thread, everything else by the one that polls.
 */
final class SentRecords {
    /** A poll begins only when no more than so many are on their way. */
    static final int LIMIT = 20_000;

    private static final long LOOK_NS = Duration.ofMillis(1).toNanos();
    private static final long WAIT_NS = Duration.ofMillis(100).toNanos();
    private static final long PATIENCE_NS = Duration.ofSeconds(5).toNanos();

    private final ReplayClock clock;
    private final AtomicLong acknowledged = new AtomicLong();
    private long handedOut;
    private long lastAcknowledged;
    private long lastProgressNs;
    private boolean limited = true;

    SentRecords(ReplayClock clock) {
        this.clock = clock;
        this.lastProgressNs = clock.nanoClock().getAsLong();
    }

    /**
     * Takes a task's configuration: transactions that last for a time are acknowledged when they end, so that waiting
     * for it would only make them smaller.
     */
    void configure(Map<String, String> properties) {
        String boundary = properties.getOrDefault(SourceTask.TRANSACTION_BOUNDARY_CONFIG, "");
        limited = !boundary.equalsIgnoreCase(SourceTask.TransactionBoundary.INTERVAL.toString());
    }

    /** The worker takes records. */
    void handOut(int records) {
        handedOut += records;
    }

    /** The worker is done with a record. */
    void acknowledge() {
        acknowledged.incrementAndGet();
    }

    /**
     * Waits a moment until few enough are on their way.
     *
     * @return false when there are still too many, or the task is stopped
     */
    boolean awaitFew(CountDownLatch stopped) throws InterruptedException {
        long startNs = clock.nanoClock().getAsLong();
        long nowNs = startNs;
        while (areMany(nowNs)) {
            if (nowNs - startNs >= WAIT_NS || clock.pause().await(stopped, LOOK_NS)) {
                return false;
            }
            nowNs = clock.nanoClock().getAsLong();
        }
        return true;
    }

    private boolean areMany(long nowNs) {
        long done = acknowledged.get();
        if (done != lastAcknowledged || handedOut - done <= LIMIT) {
            lastAcknowledged = done;
            lastProgressNs = nowNs;
        }
        return limited && handedOut - done > LIMIT && nowNs - lastProgressNs < PATIENCE_NS;
    }
}
