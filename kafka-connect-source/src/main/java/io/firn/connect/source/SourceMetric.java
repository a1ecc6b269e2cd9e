package io.firn.connect.source;

import io.firn.metrics.Metric;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** The metrics of a task of the source; the page docs/metrics.md is made of them. Thread-safe. */
enum SourceMetric {
    RECORDS_REPLAYED_TOTAL("Records that were handed to the worker's producer.", SourceMeters::records),
    BYTES_REPLAYED_TOTAL("Bytes of their keys and values.", SourceMeters::bytes),
    ARCHIVE_LAG_OFFSETS(
            "Offsets from what was handed out to what is committed in the archive, of all lanes together, looked at"
                    + " every 5 seconds at most; 0 when the last look found nothing more.",
            SourceMeters::lag),
    CAUGHT_UP("1 when the last look found nothing more to replay, else 0.", meters -> meters.isCaughtUp() ? 1 : 0),
    LANES("Lanes of the task.", SourceMeters::lanes),
    LANES_DONE("Those that are replayed as far as they were committed when the task started.", SourceMeters::lanesDone),
    PROGRESS_RATIO(
            "Part, 0 to 1, that is replayed of what was committed when the task started, by the size of the lanes."
                    + " Lanes of which a filter or a time range leaves out a part count as a whole.",
            SourceMeters::progress),
    ETA_SECONDS(
            "Seconds to the end of that at the average speed since the task started; NaN before the first record.",
            SourceMeters::etaSeconds),
    READ_FAILURES_TOTAL("Reads of the archive that failed and were tried again.", SourceMeters::readFailures),
    READ_AHEAD_READY_BLOCKS_TOTAL(
            "Blocks of sealed or compressed files that were read ahead and ready when their turn came.",
            meters -> meters.readAhead().readyBlocks()),
    READ_AHEAD_LATE_BLOCKS_TOTAL(
            "Blocks that were begun ahead, but not ready when their turn came: many say that cores, not the"
                    + " disk, bound the replay.",
            meters -> meters.readAhead().lateBlocks()),
    READ_AHEAD_HELD_BYTES(
            "Bytes that are held ahead; read.ahead.bytes is the limit.",
            meters -> meters.readAhead().heldBytes());

    private final String meaning;

    @SuppressWarnings("ImmutableEnumChecker") // a method reference without state
    private final ToDoubleFunction<SourceMeters> value;

    SourceMetric(String meaning, ToDoubleFunction<SourceMeters> value) {
        this.meaning = meaning;
        this.value = value;
    }

    /** The metrics of one task. */
    static List<Metric> of(SourceMeters meters) {
        return Arrays.stream(values()).map(metric -> metric.measure(meters)).toList();
    }

    private Metric measure(SourceMeters meters) {
        return Metric.named(this, meaning, () -> value.applyAsDouble(meters));
    }
}
