package io.firn.bench;

import com.sun.management.OperatingSystemMXBean;
import io.firn.testing.PageCache;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;

/**
 * Runs contenders in turn, A B C A B C ..., in one JVM: the first rounds are warm-up, the rest give medians. Ratios of
 * medians hold on a machine whose speed drifts; single figures do not.
 */
final class SideBySide {
    private static final OperatingSystemMXBean OS =
            ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    private static final int WARMUP_ROUNDS = 2;
    private static final double NANOS_PER_SECOND = 1e9;

    private final int rounds;
    private final boolean writes;
    private final Map<String, double[]> ratesPerSecond = new LinkedHashMap<>();
    private final Map<String, double[]> cpuNanosPerRecord = new LinkedHashMap<>();

    /** For contenders that write, each run begins with a full page cache, see {@link PageCache}. */
    SideBySide(int rounds, boolean writes) {
        this.rounds = rounds;
        this.writes = writes;
    }

    /** Something that handles records in an empty directory and is timed as a whole. */
    interface Contender {
        String name();

        /** Does the work; returns the nanoseconds that count. */
        long run(Path directory) throws IOException;

        /** That the work was really done; called after the first run. */
        default void check(Path directory) {}
    }

    /** Runs all contenders and prints a table; {@code records} is what each handles in one run. */
    Map<String, Double> run(String title, long records, List<Contender> contenders) throws IOException {
        for (int round = 0; round < WARMUP_ROUNDS + rounds; round++) {
            // Who follows whom matters: memory that one has just given back costs the next one page faults.
            List<Contender> turn = new ArrayList<>(contenders);
            Collections.shuffle(turn, new Random(round));
            for (Contender contender : turn) {
                Path directory = Files.createTempDirectory("firn-bench");
                try {
                    if (writes) {
                        PageCache.fill();
                    }
                    long cpuBefore = OS.getProcessCpuTime();
                    long nanos = contender.run(directory);
                    double cpu = (OS.getProcessCpuTime() - cpuBefore) / (double) records;
                    if (round == 0) {
                        contender.check(directory);
                    }
                    if (round >= WARMUP_ROUNDS) {
                        cpuNanosPerRecord.computeIfAbsent(contender.name(), unused -> new double[rounds])[
                                round - WARMUP_ROUNDS] = cpu;
                        ratesPerSecond.computeIfAbsent(contender.name(), unused -> new double[rounds])[
                                round - WARMUP_ROUNDS] = records * NANOS_PER_SECOND / nanos;
                    }
                } finally {
                    delete(directory);
                }
            }
        }
        return print(title);
    }

    /** The highest rate of a contender that has run: on a shared machine the run that was disturbed least. */
    double best(String name) {
        double[] sorted = Objects.requireNonNull(ratesPerSecond.get(name));
        return sorted[sorted.length - 1];
    }

    private Map<String, Double> print(String title) {
        System.out.printf("%n%s (medians of %d, one JVM, in turn)%n", title, rounds);
        Map<String, Double> medians = new LinkedHashMap<>();
        ratesPerSecond.forEach((name, rates) -> {
            Arrays.sort(rates);
            medians.put(name, rates[rates.length / 2]);
            double[] cpu = cpuNanosPerRecord.getOrDefault(name, rates);
            Arrays.sort(cpu);
            System.out.printf(
                    "  %-34s %8.3f M records/s   [%.3f .. %.3f]   %7.1f ns CPU of the process a record%n",
                    name,
                    rates[rates.length / 2] / 1e6,
                    rates[0] / 1e6,
                    rates[rates.length - 1] / 1e6,
                    cpu[cpu.length / 2]);
        });
        return medians;
    }

    /** Deletes a directory and what is in it. */
    static void delete(Path directory) throws IOException {
        try (Stream<Path> paths = Files.walk(directory)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
