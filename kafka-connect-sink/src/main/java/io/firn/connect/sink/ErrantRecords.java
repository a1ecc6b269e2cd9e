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
    private final Rules rules;
    private final LongSupplier nanoClock;
    private final SinkMeters meters;
    private final Deque<Future<Void>> pending = new ArrayDeque<>();

    /**
     * Which records are errant.
     *
     * @param nulls what becomes of records without a value
     * @param invalidFails whether a record that cannot be stored ends the task in any case
     */
    record Rules(NullValues nulls, boolean invalidFails) {
        /** Whether the worker's reporter is wanted. */
        boolean needReporter() {
            return !invalidFails || nulls == NullValues.ERRANT;
        }
    }

    /**
     * Creates the queue of one partition.
     *
     * @param reporter null when an errant record must end the task
     */
    ErrantRecords(@Nullable ErrantRecordReporter reporter, Rules rules, LongSupplier nanoClock, SinkMeters meters) {
        this.reporter = reporter;
        this.rules = rules;
        this.nanoClock = nanoClock;
        this.meters = meters;
    }

    /** Whether a record is to be archived; one without a value may be left out or reported. */
    boolean admits(SinkRecord record) {
        return record.value() != null || rules.nulls().admits(record, this, meters);
    }

    /**
     * Reports a record that cannot be stored.
     *
     * @throws ConnectException when there is no reporter, or the worker tolerates no errors
     */
    void report(SinkRecord record, InvalidRecordException cause) {
        setAside(record, cause, FirnSinkConfig.MISSING_FIELD, rules.invalidFails());
    }

    /** Reports a record without a value. */
    void reportNull(SinkRecord record, InvalidRecordException cause) {
        setAside(record, cause, NullValues.OPTION, false);
    }

    private void setAside(SinkRecord record, InvalidRecordException cause, String option, boolean fail) {
        if (reporter == null || fail) {
            throw new ConnectException(
                    "Record " + RecordMapper.describe(record) + " cannot be archived. Set such records aside with "
                            + option + "=errant, errors.tolerance=all and"
                            + " errors.deadletterqueue.topic.name. Cause: " + cause.getMessage(),
                    cause);
        }
        if (pending.size() >= MAX_PENDING) {
            requireReports();
        }
        pending.add(reporter.report(record, cause));
        meters.errant();
    }

    /**
     * Waits until every report is stored.
     *
     * @throws ConnectException when that took too long, or a report failed
     */
    void requireReports() {
        if (!awaitReports()) {
            throw new ConnectException("The worker did not take " + pending.size() + " errant records within "
                    + REPORT_TIMEOUT.toSeconds() + " s; check its dead letter queue.");
        }
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
