package io.firn.bench;

import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.PriorityQueue;

/**
 * Hit ratios of other caches over a trace of block numbers. Those below a limit are counted, and only in the second half
 * of the trace. Thread-safe: no state.
 */
final class EvictionModels {
    private EvictionModels() {}

    /** Evicts what was not used for the longest time. */
    static double lru(int[] trace, int capacity, int countedBelow) {
        LinkedHashMap<Integer, Boolean> kept = new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<Integer, Boolean> eldest) {
                return size() > capacity;
            }
        };
        long hits = 0;
        long counted = 0;
        for (int i = 0; i < trace.length; i++) {
            boolean hit = kept.put(trace[i], true) != null;
            if (trace[i] < countedBelow && i >= trace.length / 2) {
                counted++;
                hits += hit ? 1 : 0;
            }
        }
        return (double) hits / counted;
    }

    /**
     * Knows the future and evicts what is not needed for the longest time (L. A. Belady, "A study of replacement
     * algorithms for a virtual-storage computer", IBM Systems Journal 5(2), 1966); no cache can do better.
     */
    static double belady(int[] trace, int capacity, int countedBelow) {
        int[] nextUse = nextUses(trace);
        Map<Integer, Integer> kept = new HashMap<>();
        // by next use, the latest in front; what is not up to date any more is skipped when it comes
        PriorityQueue<int[]> farthest = new PriorityQueue<>((one, other) -> Integer.compare(other[0], one[0]));
        long hits = 0;
        long counted = 0;
        for (int i = 0; i < trace.length; i++) {
            boolean hit = kept.containsKey(trace[i]);
            if (trace[i] < countedBelow && i >= trace.length / 2) {
                counted++;
                hits += hit ? 1 : 0;
            }
            kept.put(trace[i], nextUse[i]);
            farthest.add(new int[] {nextUse[i], trace[i]});
            while (kept.size() > capacity) {
                int[] candidate = farthest.remove();
                kept.remove(candidate[1], candidate[0]);
            }
        }
        return (double) hits / counted;
    }

    private static int[] nextUses(int[] trace) {
        int[] nextUse = new int[trace.length];
        int[] last = new int[Arrays.stream(trace).max().orElse(0) + 1];
        Arrays.fill(last, Integer.MAX_VALUE);
        for (int i = trace.length - 1; i >= 0; i--) {
            nextUse[i] = last[trace[i]];
            last[trace[i]] = i;
        }
        return nextUse;
    }
}
