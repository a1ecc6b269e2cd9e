package io.firn.lifecycle;

import io.firn.log.HotInput;
import java.util.List;

/**
 * What to settle in one rewrite.
 *
 * @param inputs segments of each lane in their order, lane after lane
 * @param partitions paths of the chosen partitions, ascending
 * @param inputBytes about how many bytes will be written
 * @param lastWriteMs when the newest input was written, milliseconds
 */
record SettlePlan(List<HotInput> inputs, List<String> partitions, long inputBytes, long lastWriteMs) {
    SettlePlan {
        inputs = List.copyOf(inputs);
        partitions = List.copyOf(partitions);
    }

    /** Whether there is nothing to do. */
    boolean isEmpty() {
        return inputs.isEmpty();
    }
}
