package io.firn.bench;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
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

    private static final int SCRATCH_CHUNK_BYTES = 1 << 20;

    private final int rounds;
    private final long scratchBytes;
    private final Map<String, double[]> ratesPerSecond = new LinkedHashMap<>();
    private final Map<String, double[]> cpuNanosPerRecord = new LinkedHashMap<>();

    /** Before each run so many bytes of the machine's free memory are touched: what a contender writes, and more. */
    SideBySide(int rounds, long scratchBytes) {
        this.rounds = rounds;
        this.scratchBytes = scratchBytes;
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
                    recycleMemory(directory.resolve("scratch"), scratchBytes);
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

    /**
     * Gives every contender pages that the machine holds already. On a virtual machine with free page reporting the
     * first touch of a page that was free for a few seconds costs ten times the writing of it, and whoever came first
     * would pay for all.
     */
    static void recycleMemory(Path scratch, long scratchBytes) throws IOException {
        ByteBuffer chunk = ByteBuffer.allocate(SCRATCH_CHUNK_BYTES);
        try (FileChannel channel =
                FileChannel.open(scratch, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            for (long at = 0; at < scratchBytes; at += SCRATCH_CHUNK_BYTES) {
                channel.write(chunk.clear(), at);
            }
        }
        Files.delete(scratch);
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
