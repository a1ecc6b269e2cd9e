package io.firn.cache;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalInt;

/**
 * The recent accesses of one stream of blocks, and what they say about the next one.
 *
 * <p>Memory is bounded: 32 steps, and four successors of each of the 512 blocks that were left last. A step that most
 * of the last 8, 16 or 32 have is found by majority vote (Boyer and Moore 1981, as Leap, ATC 2020, uses it for
 * swapping); transitions are an order-1 Markov chain that forgets fast. Confined to one thread at a time.
 */
final class AccessRecorder {
    private static final int MAX_STEPS = 32;
    private static final int MIN_STEPS = 8;
    private static final int MAX_SOURCES = 512;
    private static final int NONE = -1;

    private final int[] steps = new int[MAX_STEPS];
    private final Map<Integer, Successors> transitions = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Integer, Successors> eldest) {
            return size() > MAX_SOURCES;
        }
    };
    private long stepCount;
    private int last = NONE;

    /** Notes an access; the same block again says nothing. */
    void record(int block) {
        if (block == last) {
            return;
        }
        if (last != NONE) {
            steps[(int) (stepCount++ % MAX_STEPS)] = block - last;
            transitions.computeIfAbsent(last, from -> new Successors()).record(block);
        }
        last = block;
    }

    private int stepBefore(int back) {
        return steps[(int) ((stepCount - 1 - back) % MAX_STEPS)];
    }

    /** Whether the last step led to the next block. */
    boolean isSequential() {
        return stepCount > 0 && stepBefore(0) == 1;
    }

    /** The step of the majority, if the last step was one of it. */
    OptionalInt stride() {
        for (int length = MIN_STEPS; length <= MAX_STEPS && length <= stepCount; length *= 2) {
            int candidate = majorityCandidate(length);
            int votes = 0;
            for (int i = 0; i < length; i++) {
                votes += stepBefore(i) == candidate ? 1 : 0;
            }
            if (votes * 2 > length && stepBefore(0) == candidate) {
                return OptionalInt.of(candidate);
            }
        }
        return OptionalInt.empty();
    }

    private int majorityCandidate(int length) {
        int candidate = 0;
        int lead = 0;
        for (int i = 0; i < length; i++) {
            int step = stepBefore(i);
            if (lead == 0) {
                candidate = step;
            }
            lead += step == candidate ? 1 : -1;
        }
        return candidate;
    }

    /** The block that followed this one at least four times and at least half of the times. */
    OptionalInt successor(int block) {
        Successors known = transitions.get(block);
        return known == null ? OptionalInt.empty() : known.likely();
    }

    /** Blocks whose successors are known. */
    int sources() {
        return transitions.size();
    }

    /** Blocks that followed one block. */
    private static final class Successors {
        private static final int PLACES = 4;
        private static final int MIN_COUNT = 4;
        private static final int MAX_COUNT = 16;

        private final int[] blocks = new int[PLACES];
        private final int[] counts = new int[PLACES];

        /** Counts a follower; all others lose, so that a new habit replaces an old one soon. */
        void record(int block) {
            int place = placeOf(block);
            for (int i = 0; i < PLACES; i++) {
                counts[i] = Math.max(0, counts[i] - (i == place ? 0 : 1));
            }
            counts[place] = Math.min(MAX_COUNT, blocks[place] == block ? counts[place] + 1 : 1);
            blocks[place] = block;
        }

        /** The place of a block, else that of the rarest one. */
        private int placeOf(int block) {
            int rarest = 0;
            for (int i = 0; i < PLACES; i++) {
                if (counts[i] > 0 && blocks[i] == block) {
                    return i;
                }
                rarest = counts[i] < counts[rarest] ? i : rarest;
            }
            return rarest;
        }

        OptionalInt likely() {
            int best = 0;
            for (int i = 1; i < PLACES; i++) {
                best = counts[i] > counts[best] ? i : best;
            }
            boolean likely = counts[best] >= MIN_COUNT
                    && counts[best] * 2 >= Arrays.stream(counts).sum();
            return likely ? OptionalInt.of(blocks[best]) : OptionalInt.empty();
        }
    }
}
