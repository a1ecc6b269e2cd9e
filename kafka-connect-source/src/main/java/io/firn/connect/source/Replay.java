package io.firn.connect.source;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Everything that one task replays: stages one after the other, so that the memory of the cursors is that of one stage;
 * a continuous replay then follows the stages that may still grow, in turn.
 *
 * <p>Confined to one thread.
 */
final class Replay implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Replay.class);
    private static final long LOOK_INTERVAL_NS = Duration.ofMillis(200).toNanos();

    private final Deque<StageReplay> behind;
    private final Deque<StageReplay> following = new ArrayDeque<>();
    private final List<StageReplay> growing;
    private final LongSupplier nanoClock;
    private long lastLookNs;

    /**
     * Creates a replay.
     *
     * @param stages in the order of replay
     * @param growing those among them that are followed when everything is replayed; none for a bounded replay
     * @param nanoClock a clock as {@link System#nanoTime}
     */
    Replay(List<StageReplay> stages, List<StageReplay> growing, LongSupplier nanoClock) {
        this.behind = new ArrayDeque<>(stages);
        this.growing = List.copyOf(growing);
        this.nanoClock = nanoClock;
        this.lastLookNs = nanoClock.getAsLong() - LOOK_INTERVAL_NS;
    }

    /** Adds records until the batch is full or nothing more is visible at present. */
    void fill(PollBatch batch) {
        while (!behind.isEmpty()) {
            if (behind.getFirst().fill(batch)) {
                return;
            }
            arrived(behind.removeFirst());
        }
        follow(batch);
    }

    /** Whether a bounded replay has handed out everything. */
    boolean isComplete() {
        return behind.isEmpty() && following.isEmpty();
    }

    @Override
    public void close() {
        behind.forEach(StageReplay::close);
        following.forEach(StageReplay::close);
    }

    private void arrived(StageReplay stage) {
        LOG.info("Reached the end of what is archived at present: table={}", stage.name());
        if (growing.contains(stage)) {
            following.addLast(stage);
        } else {
            stage.close();
        }
    }

    /** Each stage in turn, starting with another one each time, so that a busy one does not keep the others waiting. */
    private void follow(PollBatch batch) {
        if (nanoClock.getAsLong() - lastLookNs >= LOOK_INTERVAL_NS) {
            following.forEach(StageReplay::refresh);
            lastLookNs = nanoClock.getAsLong();
        }
        for (int i = 0; i < following.size(); i++) {
            StageReplay stage = following.removeFirst();
            following.addLast(stage);
            if (stage.fill(batch)) {
                return;
            }
        }
    }
}
