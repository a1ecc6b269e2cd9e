package io.firn.connect.source;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/**
 * Spreads lanes over tasks so that each task has about the same number of bytes: the largest group first, each to the
 * task with the fewest bytes so far (Graham's longest-processing-time rule: at most 4/3 of the best possible maximum).
 *
 * <p>Thread-safe.
 */
final class LaneBalancer {
    /** What a group costs even when it is empty, so that empty lanes are spread as well. */
    private static final long GROUP_COST_BYTES = 4096;

    private LaneBalancer() {}

    /**
     * Assigns every group to exactly one task.
     *
     * @param groups the groups, in any order; the same groups give the same answer
     * @param maxTasks at most this many tasks, 1 or more
     * @return per task its groups, none of them empty; fewer than {@code maxTasks} when there are fewer groups
     */
    static List<List<LaneGroup>> assign(List<LaneGroup> groups, int maxTasks) {
        PriorityQueue<Load> loads = new PriorityQueue<>(
                Comparator.comparingLong((Load load) -> load.bytes).thenComparingInt(load -> load.index));
        List<Load> inOrder = new ArrayList<>();
        for (int i = 0; i < Math.min(maxTasks, groups.size()); i++) {
            inOrder.add(new Load(i));
        }
        loads.addAll(inOrder);
        for (LaneGroup group : largestFirst(groups)) {
            Load least = loads.remove();
            least.groups.add(group);
            least.bytes += group.bytes() + GROUP_COST_BYTES;
            loads.add(least);
        }
        return inOrder.stream().map(load -> List.copyOf(load.groups)).toList();
    }

    private static List<LaneGroup> largestFirst(List<LaneGroup> groups) {
        return groups.stream()
                .sorted(Comparator.comparingLong(LaneGroup::bytes)
                        .reversed()
                        .thenComparing(LaneGroup::topic)
                        .thenComparingInt(LaneGroup::partition))
                .toList();
    }

    private static final class Load {
        private final int index;
        private final List<LaneGroup> groups = new ArrayList<>();
        private long bytes;

        private Load(int index) {
            this.index = index;
        }
    }
}
