package io.firn.flink.sink;

import io.firn.record.StreamRecord;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.groups.SinkWriterMetricGroup;
import org.jspecify.annotations.Nullable;

/**
 * The standard metrics of a Flink sink, and some of ours in a group of their own. Written by the task's thread, read by
 * reporters.
 */
final class SinkMetrics {
    /** The clock is read for one element in so many: it costs as much as the append. */
    private static final int SAMPLED = 1024;

    private static final long NOT_SAMPLED = -1;

    private final LongSupplier nanoClock = System::nanoTime;
    private final Counter records;
    private final Counter bytes;
    private final Counter errors;
    private volatile long sendTimeNs;
    private volatile long preparedRecords;
    private volatile long prepareTimeNs;
    private int untilSample;

    SinkMetrics(SinkWriterMetricGroup group) {
        this.records = group.getNumRecordsSendCounter();
        this.bytes = group.getNumBytesSendCounter();
        this.errors = group.getNumRecordsSendErrorsCounter();
        group.setCurrentSendTimeGauge(() -> Duration.ofNanos(sendTimeNs).toMillis());
        MetricGroup ours = group.addGroup(CommitMetrics.GROUP);
        ours.gauge("unpreparedRecords", () -> records.getCount() - preparedRecords);
        ours.gauge("prepareTimeMs", () -> Duration.ofNanos(prepareTimeNs).toMillis());
    }

    /** Before an element is serialized; the result goes to {@link #sent}. */
    long start() {
        if (untilSample-- > 0) {
            return NOT_SAMPLED;
        }
        untilSample = SAMPLED - 1;
        return nanoClock.getAsLong();
    }

    void sent(StreamRecord record, long startNs) {
        records.inc();
        bytes.inc(lengthOf(record.key()) + lengthOf(record.value()));
        if (startNs != NOT_SAMPLED) {
            sendTimeNs = nanoClock.getAsLong() - startNs;
        }
    }

    /** Everything that was sent is durable, for a checkpoint that began to wait for it at {@code startNs}. */
    void prepared(long startNs) {
        preparedRecords = records.getCount();
        prepareTimeNs = nanoClock.getAsLong() - startNs;
    }

    /** The time, for {@link #prepared}. */
    long now() {
        return nanoClock.getAsLong();
    }

    void failed() {
        errors.inc();
    }

    private static long lengthOf(byte @Nullable [] bytes) {
        return bytes == null ? 0 : bytes.length;
    }
}
