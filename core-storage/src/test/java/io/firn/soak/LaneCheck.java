package io.firn.soak;

import io.firn.table.TableReader;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * Judges what one reader reads: each writer's records in order, once, with their own content, none missing but what was
 * too old, and nothing that had gone before the reader planned. Confined to one thread.
 */
final class LaneCheck {
    private final SoakOracle oracle;
    private final Map<String, Long> next = new HashMap<>();
    private Map<String, Long> acknowledged = Map.of();
    private Set<String> gone = Set.of();
    private long records;

    LaneCheck(SoakOracle oracle, Map<String, Long> fromSequences) {
        this.oracle = oracle;
        this.next.putAll(fromSequences);
    }

    /** Call before the reader plans: what is acknowledged now must be seen, what is gone now must not. */
    void beforePlan() {
        gone = oracle.removed();
        Map<String, Long> now = new HashMap<>();
        SoakContent.LANES.forEach(lane -> now.put(lane, oracle.acknowledged(lane)));
        acknowledged = now;
    }

    /** Takes the record that a reader stands on. */
    void accept(TableReader reader) {
        String lane = reader.writer();
        long sequence = reader.record().sequence();
        long expected = next(lane);
        if (sequence < expected) {
            throw new AssertionError("writer " + lane + ": sequence " + sequence + " after " + (expected - 1));
        }
        checkMissing(lane, expected, sequence);
        if (!reader.record().toRecord().equals(SoakContent.record(lane, sequence))) {
            throw new AssertionError("writer " + lane + ", sequence " + sequence + ": wrong content "
                    + reader.record().toRecord());
        }
        String partition = SoakContent.partitionPath(sequence);
        if (!partition.equals(reader.partitionPath()) || gone.contains(partition)) {
            throw new AssertionError("writer " + lane + ", sequence " + sequence + " in partition "
                    + reader.partitionPath() + (gone.contains(partition) ? ", which is removed" : ""));
        }
        next.put(lane, sequence + 1);
        records++;
    }

    /** Call when the reader has read its plan to the end: everything that was acknowledged before was there. */
    void atEnd() {
        acknowledged.forEach((lane, end) -> checkMissing(lane, next(lane), end));
    }

    /** The first sequence that has not been passed. */
    long next(String lane) {
        return next.getOrDefault(lane, 0L);
    }

    long records() {
        return records;
    }

    private void checkMissing(String lane, long from, long to) {
        if (from < to && SoakContent.timestampMs(to - 1) >= oracle.cutoffMs()) {
            throw new AssertionError("writer " + lane + ": sequences [" + from + ", " + to
                    + ") are missing, not older than " + oracle.cutoffMs() + " ms");
        }
    }
}
