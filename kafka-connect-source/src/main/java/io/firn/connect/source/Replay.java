package io.firn.connect.source;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Everything that one task replays: parts one after the other, so that the memory of the cursors is that of one part,
 * and that as often as it is asked for; a continuous replay then follows the parts that may still grow, in turn.
 *
 * <p>Confined to one thread.
 */
final class Replay implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Replay.class);
    private static final long LOOK_INTERVAL_NS = Duration.ofMillis(200).toNanos();

    private final Iterator<ReplayPass> passes;
    private final ReplayPace pace;
    private final LongSupplier nanoClock;
    private final Deque<ReplayPart> behind = new ArrayDeque<>();
    private final Deque<ReplayPart> following = new ArrayDeque<>();
    private List<ReplayPart> growing = List.of();
    private long lastLookNs;

    /**
     * Creates a replay.
     *
     * @param passes each time that everything is replayed
     * @param pace is told when the timestamps begin from the front
     * @param nanoClock a clock as {@link System#nanoTime}
     */
    Replay(Iterator<ReplayPass> passes, ReplayPace pace, LongSupplier nanoClock) {
        this.passes = passes;
        this.pace = pace;
        this.nanoClock = nanoClock;
        this.lastLookNs = nanoClock.getAsLong() - LOOK_INTERVAL_NS;
    }

    /**
     * Adds records until the batch takes no more or nothing more is visible at present. Begins at most one pass, so
     * that many without a record do not keep the caller.
     *
     * @return whether there may be more at once
     */
    boolean fill(PollBatch batch) {
        if (behind.isEmpty() && passes.hasNext()) {
            ReplayPass pass = passes.next();
            behind.addAll(pass.parts());
            growing = pass.growing();
            pace.restart();
        }
        while (!behind.isEmpty()) {
            if (behind.getFirst().fill(batch)) {
                return true;
            }
            arrived(behind.removeFirst());
        }
        return passes.hasNext() || follow(batch);
    }

    /** Whether a bounded replay has handed out everything. */
    boolean isComplete() {
        return behind.isEmpty() && following.isEmpty() && !passes.hasNext();
    }

    @Override
    public void close() {
        behind.forEach(ReplayPart::close);
        following.forEach(ReplayPart::close);
    }

    private void arrived(ReplayPart part) {
        LOG.info("Reached the end of what is archived at present: {}", part.name());
        if (growing.contains(part)) {
            following.addLast(part);
        } else {
            part.close();
        }
    }

    /** Each stage in turn, starting with another one each time, so that a busy one does not keep the others waiting. */
    private boolean follow(PollBatch batch) {
        if (nanoClock.getAsLong() - lastLookNs >= LOOK_INTERVAL_NS) {
            following.forEach(ReplayPart::refresh);
            lastLookNs = nanoClock.getAsLong();
        }
        for (int i = 0; i < following.size(); i++) {
            ReplayPart part = following.removeFirst();
            following.addLast(part);
            if (part.fill(batch)) {
                return true;
            }
        }
        return false;
    }
}
