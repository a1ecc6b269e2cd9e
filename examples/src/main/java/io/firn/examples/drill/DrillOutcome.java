package io.firn.examples.drill;

import java.util.List;
import java.util.Map;

/**
 * What the drill has found.
 *
 * @param produced by topic, how many records a consumer could read before the disaster
 * @param archived by topic, how many records the archive held
 * @param restored by topic, how many records a consumer could read after the restore
 * @param continuations how each group goes on in each of its partitions
 */
public record DrillOutcome(
        Map<String, Integer> produced,
        Map<String, Integer> archived,
        Map<String, Integer> restored,
        List<Continuation> continuations) {
    /** Takes copies. */
    public DrillOutcome {
        produced = Map.copyOf(produced);
        archived = Map.copyOf(archived);
        restored = Map.copyOf(restored);
        continuations = List.copyOf(continuations);
    }

    /** Whether everything is there again and every group goes on at the right record. */
    public boolean isRestored() {
        return produced.equals(archived)
                && produced.equals(restored)
                && !continuations.isEmpty()
                && continuations.stream().allMatch(Continuation::isRight);
    }
}
