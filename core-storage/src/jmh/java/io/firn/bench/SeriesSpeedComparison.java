package io.firn.bench;

import io.firn.bench.SideBySide.Contender;
import io.firn.series.SeriesStore;
import io.firn.series.codec.ValueFamily;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.tsfile.file.metadata.enums.CompressionType;
import org.apache.tsfile.file.metadata.enums.TSEncoding;

/**
 * The series store beside Apache TsFile (its default and its smallest lossless setting), in turn, in one JVM.
 *
 * <ul>
 *   <li>ingest: everything written, WARM on the disk and forced; TsFile closed and forced
 *   <li>read: every sample of every series, opening included
 *   <li>write: the samples alone, through the API, durable as {@code commit.every} says
 * </ul>
 *
 * Unlike in other comparisons the clock contains the forces, because that is what is asked. CPU of the writing or
 * reading thread is printed beside the wall clock.
 *
 * <p>Arguments: rounds, series, samples of each, generator, best setting of TsFile (encoding, compression).
 */
public final class SeriesSpeedComparison {
    private static final int ROWS = 1_000;
    private static final int SERIES_OF_BATCH = 10;

    private final SeriesData data;
    private final TsFileSeries best;
    private final int rounds;
    private final Map<String, Samples> cpuNs = new LinkedHashMap<>();
    private final Samples openMs = new Samples();

    private SeriesSpeedComparison(SeriesData data, TsFileSeries best, int rounds) {
        this.data = data;
        this.best = best;
        this.rounds = rounds;
    }

    /** Runs the comparison. */
    public static void main(String[] arguments) throws IOException {
        int rounds = number(arguments, 0, 7);
        int series = number(arguments, 1, 1_000);
        int samples = number(arguments, 2, 10_000);
        ValueFamily family =
                arguments.length > 3 ? ValueFamily.valueOf(arguments[3]) : ValueFamily.GAUGE_TWO_DECIMALS;
        TsFileSeries best = arguments.length > 5
                ? new TsFileSeries(TSEncoding.valueOf(arguments[4]), CompressionType.valueOf(arguments[5]))
                : new TsFileSeries(TSEncoding.CHIMP, CompressionType.ZSTD);
        SeriesData data = SeriesData.generated(family, series, samples);
        new SeriesSpeedComparison(data, best, rounds).run();
    }

    private static int number(String[] arguments, int index, int otherwise) {
        return arguments.length > index ? Integer.parseInt(arguments[index]) : otherwise;
    }

    private void run() throws IOException {
        Path kept = Files.createTempDirectory("firn-bench-kept");
        try {
            ingest();
            read(kept);
            write();
        } finally {
            SideBySide.delete(kept);
        }
    }

    private void ingest() throws IOException {
        Map<String, Double> rates = new SideBySide(rounds, true)
                .run(
                        data.name() + ": ingest until closed and forced",
                        data.samples(),
                        List.of(
                                new Ingested(),
                                contender("TsFile " + TsFileSeries.DEFAULT, directory ->
                                        TsFileSeries.DEFAULT.write(directory, data, ROWS)),
                                contender("TsFile " + best, directory -> best.write(directory, data, ROWS))));
        printCpu();
        System.out.printf("  making an empty store takes %d ms beside that%n", openMs.quantile(0.5));
        printRatios("ingest", "Firn WARM", rates);
    }

    /** A store that is open, as it is in a program that runs; making it is said apart. */
    private final class Ingested implements Contender {
        @Override
        public String name() {
            return "Firn WARM";
        }

        @Override
        public long run(Path directory) {
            long before = System.nanoTime();
            try (SeriesStore store = FirnSeries.open(directory, "flush")) {
                long cpu = ThreadCpu.nowNs();
                long start = System.nanoTime();
                openMs.add(TimeUnit.NANOSECONDS.toMillis(start - before));
                new FirnSeries(data).write(store, ROWS, SERIES_OF_BATCH);
                store.cut();
                long nanos = System.nanoTime() - start;
                cpuNs.computeIfAbsent(name(), unused -> new Samples()).add(ThreadCpu.nowNs() - cpu);
                return nanos;
            }
        }
    }

    private void read(Path kept) throws IOException {
        Path warm = Files.createDirectory(kept.resolve("warm"));
        Path cold = Files.createDirectory(kept.resolve("cold"));
        for (Path directory : List.of(warm, cold)) {
            try (SeriesStore store = FirnSeries.open(directory, "flush")) {
                new FirnSeries(data).write(store, ROWS, SERIES_OF_BATCH);
                store.compact();
                if (directory.equals(cold)) {
                    store.compress();
                }
            }
        }
        Path byDefault = Files.createDirectory(kept.resolve("default"));
        TsFileSeries.DEFAULT.write(byDefault, data, ROWS);
        Path small = Files.createDirectory(kept.resolve("small"));
        best.write(small, data, ROWS);
        Map<String, Double> rates = new SideBySide(rounds, false)
                .run(
                        data.name() + ": read everything",
                        data.samples(),
                        List.of(
                                contender("Firn WARM", directory -> readFirn(warm)),
                                contender("Firn COLD", directory -> readFirn(cold)),
                                contender("TsFile " + TsFileSeries.DEFAULT, directory -> readTsFile(byDefault)),
                                contender("TsFile " + best, directory -> readTsFile(small))));
        printCpu();
        printRatios("read", "Firn WARM", rates);
        printRatios("read", "Firn COLD", rates);
    }

    private void readFirn(Path directory) {
        SampleCheck.Sum sum = new SampleCheck.Sum();
        try (SeriesStore store = FirnSeries.open(directory, "flush")) {
            requireAll(FirnSeries.read(store, sum), sum);
        }
    }

    private void readTsFile(Path directory) throws IOException {
        SampleCheck.Sum sum = new SampleCheck.Sum();
        requireAll(TsFileSeries.read(directory, data, sum), sum);
    }

    private void requireAll(long found, SampleCheck.Sum sum) {
        if (found != data.samples() || sum.sum() == 0) {
            throw new IllegalStateException("read " + found + " of " + data.samples() + " samples");
        }
    }

    private void write() throws IOException {
        List<Contender> contenders = new ArrayList<>();
        for (String commitEvery : List.of("write", "1s")) {
            for (int series : List.of(10, 100)) {
                contenders.add(new Written(commitEvery, ROWS, series));
            }
            contenders.add(new Written(commitEvery, 1, data.series()));
        }
        new SideBySide(rounds, true).run(data.name() + ": write alone", data.samples(), contenders);
        printCpu();
    }

    /** Writes without making blocks; the clock contains the commits. */
    private final class Written implements Contender {
        private final String commitEvery;
        private final int rows;
        private final int series;

        Written(String commitEvery, int rows, int series) {
            this.commitEvery = commitEvery;
            this.rows = rows;
            this.series = series;
        }

        @Override
        public String name() {
            return "commit=" + commitEvery + ", batches of " + rows * series;
        }

        @Override
        public long run(Path directory) {
            FirnSeries firn = new FirnSeries(data);
            try (SeriesStore store = FirnSeries.open(directory, commitEvery)) {
                long cpu = ThreadCpu.nowNs();
                long start = System.nanoTime();
                firn.write(store, rows, series);
                long nanos = System.nanoTime() - start;
                cpuNs.computeIfAbsent(name(), name -> new Samples()).add(ThreadCpu.nowNs() - cpu);
                return nanos;
            }
        }
    }

    /** What a contender does. */
    private interface Work {
        void run(Path directory) throws IOException;
    }

    private Contender contender(String name, Work work) {
        return new Contender() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public long run(Path directory) throws IOException {
                long cpu = ThreadCpu.nowNs();
                long start = System.nanoTime();
                work.run(directory);
                long nanos = System.nanoTime() - start;
                cpuNs.computeIfAbsent(name, unused -> new Samples()).add(ThreadCpu.nowNs() - cpu);
                return nanos;
            }
        };
    }

    private void printCpu() {
        cpuNs.forEach((name, samples) -> System.out.printf(
                "  %-34s %8.1f ns CPU of the thread a sample%n", name, (double) samples.quantile(0.5) / data.samples()));
        cpuNs.clear();
    }

    private void printRatios(String what, String firn, Map<String, Double> rates) {
        rates.forEach((name, rate) -> {
            if (name.startsWith("TsFile")) {
                System.out.printf(
                        "RESULT %s %s: %s is %.2f times as fast as %s%n",
                        data.name(), what, firn, rates.getOrDefault(firn, 0.0) / rate, name);
            }
        });
    }
}
