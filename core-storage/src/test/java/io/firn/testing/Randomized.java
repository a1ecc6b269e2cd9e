package io.firn.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Runs a check with many seeds, every one of which can be run again.
 *
 * <p>A failure names its seed; {@code -Dfirn.seed=<seed>} runs that one only. {@code -Dfirn.iterations=<factor>}
 * multiplies the number of runs. The default run has the same seeds each time, so that a build fails for its change and
 * not by chance; {@code -Pstress} and a factor take new ones from the clock. Thread-safe.
 */
public final class Randomized {
    private static final String SEED = "firn.seed";
    private static final String FACTOR = "firn.iterations";
    private static final long FIRST_SEED = 1;

    private Randomized() {}

    /** Something that must hold for every random input. */
    @FunctionalInterface
    public interface Check<T> {
        /** Throws when it does not hold. */
        void run(T input) throws Exception;
    }

    /** Runs a check with {@code iterations} different generators. */
    public static void forAll(int iterations, Check<RandomGenerator> check) {
        String fixed = System.getProperty(SEED);
        if (fixed != null) {
            runSeed(Long.parseLong(fixed.trim()), check);
            return;
        }
        boolean searching = TestProfile.isStress() || System.getProperty(FACTOR) != null;
        long first = searching ? System.nanoTime() : FIRST_SEED;
        long runs = iterations * Long.getLong(FACTOR, 1);
        for (long i = 0; i < runs; i++) {
            runSeed(first + i, check);
        }
    }

    /**
     * Runs a check with {@code iterations} random lists of operations; a failing list is made as short as halving and
     * dropping parts of it can make it, and stands in the message.
     */
    public static <T> void forAllLists(
            int iterations, Function<RandomGenerator, List<T>> generator, Check<List<T>> check) {
        forAll(iterations, random -> {
            List<T> operations = generator.apply(random);
            Throwable failure = failure(check, operations);
            if (failure != null) {
                List<T> shortest = shrink(operations, check);
                Throwable shortFailure = failure(check, shortest);
                throw new AssertionError(
                        "fails with " + shortest.size() + " of " + operations.size() + " operations: " + shortest,
                        shortFailure == null ? failure : shortFailure);
            }
        });
    }

    private static void runSeed(long seed, Check<RandomGenerator> check) {
        try {
            check.run(new SplittableRandom(seed));
        } catch (Exception | Error e) {
            throw new AssertionError("Failed; run again with -D" + SEED + "=" + seed + " : " + e.getMessage(), e);
        }
    }

    /** A short list that still fails: parts of half the length are dropped first, single operations last. */
    static <T> List<T> shrink(List<T> failing, Check<List<T>> check) {
        List<T> shortest = List.copyOf(failing);
        int part = Math.max(1, shortest.size() / 2);
        while (true) {
            List<T> shorter = dropOnePart(shortest, part, check);
            if (shorter.size() < shortest.size()) {
                shortest = shorter;
                part = Math.max(1, Math.min(part, shortest.size() / 2));
            } else if (part == 1) {
                return shortest;
            } else {
                part = part / 2;
            }
        }
    }

    private static <T> List<T> dropOnePart(List<T> failing, int part, Check<List<T>> check) {
        for (int from = 0; from < failing.size(); from += part) {
            List<T> candidate = new ArrayList<>(failing.subList(0, from));
            candidate.addAll(failing.subList(Math.min(failing.size(), from + part), failing.size()));
            if (failure(check, candidate) != null) {
                return candidate;
            }
        }
        return failing;
    }

    private static <T> @Nullable Throwable failure(Check<List<T>> check, List<T> operations) {
        try {
            check.run(operations);
            return null;
        } catch (Exception | Error e) {
            return e;
        }
    }
}
