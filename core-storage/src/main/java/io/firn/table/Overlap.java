package io.firn.table;

import java.util.List;
import java.util.PriorityQueue;

/** How many files of a merge are open at once. */
final class Overlap {
    private Overlap() {}

    /** The largest number of ranges that share one sequence. */
    static int most(List<SourceSpec> specs) {
        List<SourceSpec> sorted = specs.stream()
                .sorted((a, b) -> Long.compare(a.firstSequence(), b.firstSequence()))
                .toList();
        PriorityQueue<Long> ends = new PriorityQueue<>();
        int most = 0;
        for (SourceSpec spec : sorted) {
            while (!ends.isEmpty() && ends.peek() < spec.firstSequence()) {
                ends.poll();
            }
            ends.add(spec.lastSequence());
            most = Math.max(most, ends.size());
        }
        return most;
    }
}
