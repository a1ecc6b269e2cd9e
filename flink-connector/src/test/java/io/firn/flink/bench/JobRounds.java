package io.firn.flink.bench;

import com.sun.management.OperatingSystemMXBean;
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

/**
 * Runs jobs in turn on one embedded cluster and gives the medians of their rates, with the time and the CPU of an empty
 * job taken off. A first short round measures how many records fill the time of a cell. Confined to one thread.
 */
final class JobRounds {
    private static final OperatingSystemMXBean OS = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    private static final double NANOS_PER_SECOND = 1e9;
    private static final double CALIBRATION = 0.1;
    private static final int CHECKPOINT_MS = 1_000;

    private final Path directory;
    private final int rounds;
    private final double secondsPerCell;
    private final Map<String, List<double[]>> measured = new LinkedHashMap<>();

    JobRounds(Path directory, int rounds, double secondsPerCell) {
        this.directory = directory;
        this.rounds = rounds;
        this.secondsPerCell = secondsPerCell;
    }

    /** Runs the contenders and prints a table; ratios are those to the first one named in {@code base}. */
    void run(String title, List<Contender> contenders, List<String> base) throws Exception {
        measured.clear();
        Contender empty = new Contender(
                "empty",
                1,
                (job, records, unused) -> job.fromSequence(0, 0)
                        .sinkTo(new org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink<>()));
        double[] fixed = median(repeat(empty, 5));
        List<Contender> calibrated = new ArrayList<>();
        for (Contender contender : contenders) {
            long records = Math.max(1, (long) (contender.perSecond() * secondsPerCell * CALIBRATION));
            execute(contender, records);
            double seconds = Math.max(0.01, execute(contender, records)[0] - fixed[0]);
            calibrated.add(contender.at((long) (records / seconds)));
        }
        for (int round = 0; round < rounds; round++) {
            List<Contender> turn = new ArrayList<>(calibrated);
            Collections.shuffle(turn, new Random(round));
            for (Contender contender : turn) {
                long records = (long) (contender.perSecond() * secondsPerCell);
                double[] cost = execute(contender, records);
                measured.computeIfAbsent(contender.name(), unused -> new ArrayList<>())
                        .add(new double[] {
                            records / Math.max(1e-3, cost[0] - fixed[0]),
                            (cost[1] - fixed[1]) * NANOS_PER_SECOND / records,
                            cost[0]
                        });
            }
        }
        print(title, base);
    }

    private List<double[]> repeat(Contender contender, int times) throws Exception {
        List<double[]> costs = new ArrayList<>();
        for (int i = 0; i < times; i++) {
            costs.add(execute(contender, 1));
        }
        return costs;
    }

    /** Seconds on the wall and of CPU. */
    private double[] execute(Contender contender, long records) throws Exception {
        Path run = Files.createTempDirectory(directory, "run");
        try {
            StreamExecutionEnvironment job = StreamExecutionEnvironment.getExecutionEnvironment(
                    new Configuration().set(PipelineOptions.OBJECT_REUSE, true));
            job.setParallelism(1);
            job.enableCheckpointing(CHECKPOINT_MS);
            contender.job().build(job, records, run);
            long cpu = OS.getProcessCpuTime();
            JobExecutionResult result = job.execute(contender.name());
            return new double[] {result.getNetRuntime() / 1e3, (OS.getProcessCpuTime() - cpu) / NANOS_PER_SECOND};
        } finally {
            delete(run);
        }
    }

    private void print(String title, List<String> base) {
        System.out.printf("%n%s (medians of %d, cells of about %.0f s)%n", title, rounds, secondsPerCell);
        measured.forEach((name, runs) -> {
            double[] middle = median(runs);
            StringBuilder ratios = new StringBuilder();
            for (String other : base) {
                ratios.append(String.format("  %.2f x %s", middle[0] / median(measured.get(other))[0], other));
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
