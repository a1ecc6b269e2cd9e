package io.firn.connect.source;

import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * When the next record may be handed out: not before its time at the wanted speed, and not above the wanted rates.
 *
 * <p>The speed works on the distances between timestamps: a record is due its distance from the newest record before
 * it, divided by the speed, after that one was due. A timestamp that lies behind an earlier one makes no distance.
 * Nothing is kept over a restart: the first record that is replayed then is due at once, and the pace goes on from it.
 * What is late by more than five seconds (the worker was paused, the producer slow) is not caught up.
 *
 * <p>The rates follow the generic cell rate algorithm (ITU-T I.371) with a tolerance of a fifth of a second: n seconds
 * bring at most the rate times n + 0.2, and the record that exceeds it. After a record that is larger than a second's
 * bytes there is silence until the rate is kept.
 *
 * <p>Records that had to wait come in steps of 50 ms, so that not each of them is a transaction. Confined to one
 * thread.
 */
final class ReplayPace {
    private static final double NANOS_PER_SECOND = 1e9;
    private static final double NANOS_PER_MILLI = 1e6;
    private static final long STEP_NS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final long MAX_LATE_NS = TimeUnit.SECONDS.toNanos(5);
    private static final long TOLERANCE_NS = TimeUnit.MILLISECONDS.toNanos(200);

    /** Longer than any wait that is meant, and far from overflow when it is added to a time. */
    private static final double LONGEST_NS = TimeUnit.DAYS.toNanos(20_000);

    private final Rules rules;
    private final LongSupplier nanoClock;
    private final long startNs;

    private long nowNs;
    private boolean takenInPoll;
    private boolean begun;
    private long newestMs;
    private long dueNs;
    private long recordsFreeNs;
    private long bytesFreeNs;
    private long stepNs;
    private long waitUntilNs;

    /**
     * Creates a pace.
     *
     * @param rules how fast
     * @param nanoClock a clock as {@link System#nanoTime}
     */
    ReplayPace(Rules rules, LongSupplier nanoClock) {
        this.rules = rules;
        this.nanoClock = nanoClock;
        this.startNs = nanoClock.getAsLong();
    }

    /** A pace that holds nothing back. */
    static ReplayPace unlimited() {
        return new ReplayPace(Rules.UNLIMITED, () -> 0);
    }

    /** Begins a poll: all records of a poll are taken at one time. */
    void beginPoll() {
        if (!rules.isUnlimited()) {
            nowNs = nanoClock.getAsLong() - startNs;
            takenInPoll = false;
            waitUntilNs = nowNs;
        }
    }

    /** The timestamps begin from the front again: the next record is due at once. */
    void restart() {
        begun = false;
    }

    /**
     * Takes a record if its time has come.
     *
     * @param timestampMs its archived timestamp
     * @param sizeBytes size of its key and value
     * @return whether it may be handed out now; if not, {@link #waitNs} says when to ask again
     */
    boolean take(long timestampMs, long sizeBytes) {
        if (rules.isUnlimited()) {
            return true;
        }
        long recordDueNs = due(timestampMs);
        long earliestNs = Math.max(Math.max(recordDueNs, stepNs), Math.max(recordsFreeNs, bytesFreeNs) - TOLERANCE_NS);
        if (nowNs < earliestNs) {
            if (takenInPoll) {
                stepNs = nowNs + STEP_NS;
            }
            waitUntilNs = Math.max(earliestNs, stepNs);
            return false;
        }
        newestMs = begun ? Math.max(newestMs, timestampMs) : timestampMs;
        begun = true;
        dueNs = Math.max(recordDueNs, nowNs - MAX_LATE_NS);
        recordsFreeNs = Math.max(recordsFreeNs, nowNs) + costNs(1, rules.recordsPerSecond());
        bytesFreeNs = Math.max(bytesFreeNs, nowNs) + costNs(sizeBytes, rules.bytesPerSecond());
        takenInPoll = true;
        return true;
    }

    /** How long nothing is due, 0 when nothing was refused in this poll. */
    long waitNs() {
        return rules.isUnlimited() ? 0 : Math.max(0, waitUntilNs - (nanoClock.getAsLong() - startNs));
    }

    private long due(long timestampMs) {
        if (rules.speed() == 0 || !begun) {
            return nowNs;
        }
        double gapMs = Math.max(0.0, (double) timestampMs - (double) newestMs);
        double countedMs = rules.maxGapMs().isPresent()
                ? Math.min(gapMs, (double) rules.maxGapMs().getAsLong())
                : gapMs;
        return dueNs + (long) Math.min(LONGEST_NS, countedMs * NANOS_PER_MILLI / rules.speed());
    }

    private static long costNs(long amount, double perSecond) {
        return perSecond == 0 ? 0 : (long) Math.min(LONGEST_NS, (double) amount * NANOS_PER_SECOND / perSecond);
    }

    /**
     * How fast.
     *
     * @param speed times the original pace, 0 for as fast as possible
     * @param maxGapMs longest distance of two timestamps that counts, milliseconds of the archive; empty for any
     * @param recordsPerSecond most records per second, 0 for any number
     * @param bytesPerSecond most bytes of keys and values per second, 0 for any number
     */
    record Rules(double speed, OptionalLong maxGapMs, double recordsPerSecond, double bytesPerSecond) {
        static final Rules UNLIMITED = new Rules(0, OptionalLong.empty(), 0, 0);

        Rules {
            if (!(speed >= 0) || !(recordsPerSecond >= 0) || !(bytesPerSecond >= 0)) {
                throw new IllegalArgumentException("speed " + speed + ", " + recordsPerSecond + " records/s and "
                        + bytesPerSecond + " bytes/s must be 0 or more");
            }
        }

        boolean isUnlimited() {
            return speed == 0 && recordsPerSecond == 0 && bytesPerSecond == 0;
        }
    }
}
