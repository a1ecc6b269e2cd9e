package io.firn.soak;

import io.firn.table.Table;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * One process of the soak test. Arguments: role, table, directory of the oracle, seed. It works until it is asked to
 * stop or is killed, says how much of everything it holds, and ends with an error code at the first wrong record.
 */
public final class SoakProcess {
    static final String USAGE = "usage ";
    static final String DONE = "done";

    private static final long SAMPLE_MS = 1_000;

    private final Role role;
    private final Path tablePath;
    private final SoakOracle oracle;
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

    private SoakProcess(Role role, Path tablePath, SoakOracle oracle) {
        this.role = role;
        this.tablePath = tablePath;
        this.oracle = oracle;
    }

    /** What a process does. */
    enum Role {
        STEADY_WRITER,
        KILLED_WRITER,
        READER,
        STEADY_MAINTAINER,
        KILLED_MAINTAINER;

        /** Processes of one group are asked to stop together. */
        String group() {
            return name().substring(name().indexOf('_') + 1);
        }
    }

    /** Something that is done again and again until the process shall stop. */
    @FunctionalInterface
    interface Step extends AutoCloseable {
        /** Does it once; returns how long to wait before the next time, milliseconds. */
        long run() throws Exception;

        @Override
        default void close() {}
    }

    /** The process. */
    public static void main(String[] arguments) throws Exception {
        Role role = Role.valueOf(arguments[0]);
        SoakOracle oracle = new SoakOracle(Path.of(arguments[2]));
        RandomGenerator random = new SplittableRandom(Long.parseLong(arguments[3]));
        new SoakProcess(role, Path.of(arguments[1]), oracle).run(random);
    }

    private void run(RandomGenerator random) throws Exception {
        try (Table table = Table.open(tablePath)) {
            List<Step> steps = steps(table, random);
            CountDownLatch running = new CountDownLatch(steps.size());
            for (int i = 0; i < steps.size(); i++) {
                Step step = steps.get(i);
                new Thread(() -> repeat(step, running), "soak-" + i).start();
            }
            while (!running.await(SAMPLE_MS, TimeUnit.MILLISECONDS)) {
                System.out.println(USAGE + ResourceUsage.now(tablePath));
            }
        }
        Throwable failed = failure.get();
        if (failed != null) {
            throw new IllegalStateException(role + " failed", failed);
        }
        System.out.println(DONE);
    }

    private List<Step> steps(Table table, RandomGenerator random) {
        return switch (role) {
            case STEADY_WRITER -> writers(table, SoakContent.STEADY_LANES, random);
            case KILLED_WRITER -> writers(table, SoakContent.KILLED_LANES, random);
            case READER ->
                List.of(
                        SoakReads.tail(table, oracle),
                        new SoakMerge(table, oracle, seed(random)),
                        SoakReads.scans(tablePath, oracle, seed(random)));
            case STEADY_MAINTAINER, KILLED_MAINTAINER ->
                List.of(new SoakMaintenance(table, role.name(), oracle, seed(random)));
        };
    }

    private List<Step> writers(Table table, List<String> lanes, RandomGenerator random) {
        return lanes.stream()
                .<Step>map(lane -> new SoakWriting(table, lane, oracle, seed(random)))
                .toList();
    }

    /** Threads do not share a generator. */
    private static RandomGenerator seed(RandomGenerator random) {
        return new SplittableRandom(random.nextLong());
    }

    private void repeat(Step step, CountDownLatch running) {
        CountDownLatch never = new CountDownLatch(1);
        try (step) {
            while (failure.get() == null && !oracle.isStopped(role.group())) {
                if (never.await(step.run(), TimeUnit.MILLISECONDS)) {
                    throw new IllegalStateException("nobody counts down");
                }
            }
        } catch (Exception | Error failed) {
            failure.compareAndSet(null, failed);
        } finally {
            running.countDown();
        }
    }
}
