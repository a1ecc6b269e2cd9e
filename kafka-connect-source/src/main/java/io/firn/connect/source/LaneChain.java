package io.firn.connect.source;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * The lanes of one archived Kafka partition as one sequence of records: the older generations of the topic first.
 *
 * <p>Confined to one thread.
 */
final class LaneChain implements AutoCloseable {
    private final int place;
    private final Deque<StageReplay> generations;
    private long timestampNs;

    /**
     * Creates a chain.
     *
     * @param place its place among chains with records of the same time
     * @param generations at least one, the oldest first, each of a single lane
     */
    LaneChain(int place, List<StageReplay> generations) {
        this.place = place;
        this.generations = new ArrayDeque<>(generations);
    }

    /** Its place among chains with records of the same time. */
    int place() {
        return place;
    }

    /** Moves to the next record unless it stands on one; false when there is none now or the batch has enough. */
    boolean stand(PollBatch batch) {
        while (!generations.getFirst().stand(batch)) {
            if (generations.size() == 1 || !generations.getFirst().isAtEnd()) {
                return false;
            }
            generations.removeFirst().close();
        }
        timestampNs = generations.getFirst().timestampNs();
        return true;
    }

    /** Whether everything that is visible at present was handed out. */
    boolean isAtEnd() {
        return generations.size() == 1 && generations.getFirst().isAtEnd();
    }

    /** Timestamp in nanoseconds of the record on which it came to stand. */
    long timestampNs() {
        return timestampNs;
    }

    /** Adds the record on which it stands; false when the batch does not take it. */
    boolean hand(PollBatch batch) {
        return generations.getFirst().hand(batch);
    }

    /** Looks for what was committed since the end was reached. */
    void refresh() {
        generations.getLast().refresh();
    }

    @Override
    public void close() {
        generations.forEach(StageReplay::close);
    }
}
