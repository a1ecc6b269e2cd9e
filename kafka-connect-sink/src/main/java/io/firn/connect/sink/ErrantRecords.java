package io.firn.connect.sink;

import io.firn.error.InvalidRecordException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.sink.ErrantRecordReporter;
import org.apache.kafka.connect.sink.SinkRecord;
import org.jspecify.annotations.Nullable;

/**
 * Records of one partition that cannot be stored: reported to the worker, and the position waits for the reports.
 *
 * <p>Confined to the task's thread.
 */
final class ErrantRecords {
    private static final Duration REPORT_TIMEOUT = Duration.ofSeconds(10);
    private static final int MAX_PENDING = 1_000;

    private final @Nullable ErrantRecordReporter reporter;
    private final LongSupplier nanoClock;
    private final Deque<Future<Void>> pending = new ArrayDeque<>();

    /**
     * Creates the queue of one partition.
     *
     * @param reporter null when such a record must end the task
     */
    ErrantRecords(@Nullable ErrantRecordReporter reporter, LongSupplier nanoClock) {
        this.reporter = reporter;
        this.nanoClock = nanoClock;
    }

    /**
     * Reports a record.
     *
     * @throws ConnectException when there is no reporter, or the worker tolerates no errors
     */
    void report(SinkRecord record, InvalidRecordException cause) {
        if (reporter == null) {
            throw new ConnectException(
                    "Record " + RecordMapper.describe(record) + " cannot be archived. Set such records aside with "
                            + FirnSinkConfig.MISSING_FIELD + "=errant, errors.tolerance=all and"
                            + " errors.deadletterqueue.topic.name. Cause: " + cause.getMessage(),
                    cause);
        }
        if (pending.size() >= MAX_PENDING && !awaitReports()) {
            throw new ConnectException("The worker did not take " + MAX_PENDING + " errant records within "
                    + REPORT_TIMEOUT.toSeconds() + " s; check its dead letter queue.");
        }
        pending.add(reporter.report(record, cause));
    }

    /**
     * Waits until every report is stored.
     *
     * @return false when that took too long: the position must not move yet
     * @throws ConnectException when a report failed
     */
    boolean awaitReports() {
        long deadlineNs = nanoClock.getAsLong() + REPORT_TIMEOUT.toNanos();
        while (!pending.isEmpty()) {
            try {
                pending.peek().get(Math.max(0, deadlineNs - nanoClock.getAsLong()), TimeUnit.NANOSECONDS);
            } catch (TimeoutException e) {
                return false;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            } catch (ExecutionException e) {
                throw new ConnectException("The worker could not report an errant record; it would be lost.", e);
            }
            pending.remove();
        }
        return true;
    }
}
