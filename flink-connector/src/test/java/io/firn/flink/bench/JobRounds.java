package io.firn.flink.bench;

import com.sun.management.OperatingSystemMXBean;
import io.firn.testing.PageCache;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.flink.api.common.JobExecutionResult;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;

/**
 * Runs jobs in turn on one embedded cluster and gives the medians of their rates, with the time and the CPU of an empty
 * job taken off. Confined to one thread.
 */
final class JobRounds {
    private static final OperatingSystemMXBean OS = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    private static final double NANOS_PER_SECOND = 1e9;
    private static final double CALIBRATION = 0.1;
    private static final int CHECKPOINT_MS = 1_000;
    private static final int EMPTY_JOBS = 5;

    private final Path directory;
    private final int rounds;
    private final double secondsPerCell;
    private final Map<String, List<double[]>> measured = new LinkedHashMap<>();

    JobRounds(Path directory, int rounds, double secondsPerCell) {
        this.directory = directory;
        this.rounds = rounds;
        this.secondsPerCell = secondsPerCell;
    }

    /**
     * Runs the contenders, each with as many records as fill a cell, and prints a table.
     *
     * @param base contenders to whose rates the others are compared
     */
    void run(String title, List<Contender> contenders, List<String> base) throws Exception {
        double[] fixed = fixedCost();
        List<Contender> calibrated = new ArrayList<>();
        for (Contender contender : contenders) {
            long records = Math.max(1, (long) (contender.perSecond() * secondsPerCell * CALIBRATION));
            execute(contender, records, true);
            double seconds = Math.max(0.01, execute(contender, records, true)[0] - fixed[0]);
            calibrated.add(contender.at((long) (records / seconds)));
        }
        for (int round = 0; round < rounds; round++) {
            for (Contender contender : shuffled(calibrated, round)) {
                measure(contender, (long) (contender.perSecond() * secondsPerCell), fixed);
            }
        }
        print(title, base);
    }

    /** The same with jobs of one number of records, as many as fill a cell, and one round before those that count. */
    void runFixed(String title, long records, List<Contender> contenders, List<String> base) throws Exception {
        double[] fixed = fixedCost();
        for (Contender contender : contenders) {
            execute(contender, records, false);
        }
        for (int round = 0; round < rounds; round++) {
            for (Contender contender : shuffled(contenders, round)) {
                measureRepeatedly(contender, records, fixed);
            }
        }
        print(title, base);
    }

    private static List<Contender> shuffled(List<Contender> contenders, int seed) {
        List<Contender> turn = new ArrayList<>(contenders);
        Collections.shuffle(turn, new Random(seed));
        return turn;
    }

    private void measure(Contender contender, long records, double[] fixed) throws Exception {
        double[] cost = execute(contender, records, true);
        note(contender, records, cost[0], cost[0] - fixed[0], cost[1] - fixed[1]);
    }

    private void measureRepeatedly(Contender contender, long records, double[] fixed) throws Exception {
        long total = 0;
        double wall = 0;
        double seconds = 0;
        double cpu = 0;
        while (wall < secondsPerCell) {
            double[] cost = execute(contender, records, false);
            total += records;
            wall += cost[0];
            seconds += cost[0] - fixed[0];
            cpu += cost[1] - fixed[1];
        }
        note(contender, total, wall, seconds, cpu);
    }

    private void note(Contender contender, long records, double wall, double seconds, double cpu) {
        measured.computeIfAbsent(contender.name(), unused -> new ArrayList<>())
                .add(new double[] {records / Math.max(1e-3, seconds), cpu * NANOS_PER_SECOND / records, wall});
    }

    /** What a job costs that does nothing. */
    private double[] fixedCost() throws Exception {
        measured.clear();
        Contender empty = new Contender(
                "empty", 1, (job, records, unused) -> job.fromSequence(0, 0).sinkTo(new DiscardingSink<>()));
        List<double[]> costs = new ArrayList<>();
        for (int i = 0; i < EMPTY_JOBS; i++) {
            costs.add(execute(empty, 1, false));
        }
        return median(costs);
    }

    /** Seconds on the wall and of CPU. */
    private double[] execute(Contender contender, long records, boolean writes) throws Exception {
        Path run = Files.createTempDirectory(directory, "run");
        try {
            if (writes) {
                PageCache.fill();
            }
            StreamExecutionEnvironment job = environment();
            contender.job().build(job, records, run);
            long cpu = OS.getProcessCpuTime();
            JobExecutionResult result = job.execute(contender.name());
            return new double[] {result.getNetRuntime() / 1e3, (OS.getProcessCpuTime() - cpu) / NANOS_PER_SECOND};
        } finally {
            delete(run);
        }
    }

    static StreamExecutionEnvironment environment() {
        StreamExecutionEnvironment job = StreamExecutionEnvironment.getExecutionEnvironment(
                new Configuration().set(PipelineOptions.OBJECT_REUSE, true));
        job.setParallelism(1);
        job.enableCheckpointing(CHECKPOINT_MS);
        return job;
    }

    private void print(String title, List<String> base) {
        System.out.printf("%n%s (medians of %d, cells of about %.0f s)%n", title, rounds, secondsPerCell);
        measured.forEach((name, runs) -> {
            double[] middle = median(runs);
            StringBuilder ratios = new StringBuilder();
            for (String other : base) {
                ratios.append(
                        String.format("  %.2f x %s", middle[0] / median(measured.getOrDefault(other, runs))[0], other));
            }
            System.out.printf(
                    "RESULT %s: %-24s %9.0f k records/s [%.0f .. %.0f] %7.0f ns CPU, %.1f s %s%n",
                    title,
                    name,
                    middle[0] / 1e3,
                    runs.stream().mapToDouble(run -> run[0]).min().orElse(0) / 1e3,
                    runs.stream().mapToDouble(run -> run[0]).max().orElse(0) / 1e3,
                    middle[1],
                    middle[2],
                    ratios);
        });
    }

    private static double[] median(List<double[]> runs) {
        double[] middle = new double[runs.get(0).length];
        for (int i = 0; i < middle.length; i++) {
            int column = i;
            double[] sorted =
                    runs.stream().mapToDouble(run -> run[column]).sorted().toArray();
            middle[i] = sorted[sorted.length / 2];
        }
        return middle;
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
