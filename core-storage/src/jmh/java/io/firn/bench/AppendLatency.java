package io.firn.bench;

import io.firn.partition.PartitionScheme;
import io.firn.table.Table;
import io.firn.table.TableConfig;
import io.firn.table.TableWriter;
import io.firn.table.WriterOptions;
import io.firn.testing.PageCache;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import net.openhft.chronicle.bytes.Bytes;
import net.openhft.chronicle.queue.ChronicleQueue;
import net.openhft.chronicle.queue.ExcerptAppender;

/**
 * Latency of one append: one each 4 us, by a spinning wait, the time from call to return; {@link TableWriter} and
 * Chronicle Queue in passes that take turns. A quantile is the middle of the passes' quantiles. Nobody forces, but
 * Firn's second contender commits once in the middle of each pass of a second, from another thread; Chronicle Queue has
 * nothing like it. An append that a commit held up delays the next ones and counts once.
 *
 * <p>Arguments: passes, appends per pass, sizes of a value.
 */
public final class AppendLatency {
    private static final long INTERVAL_NS = 4_000;
    private static final int WARMUP_PASSES = 2;
    private static final double[] SHARES = {0.5, 0.99, 0.999};
    private static final String FIRN = "firn";
    private static final String FIRN_COMMIT = "firn, a commit each second";
    private static final String CHRONICLE = "chronicle queue";

    private final int passes;
    private final int appends;
    private final byte[] payload;
    /** By contender: the passes' p50, p99, p99.9 and maximum. */
    private final Map<String, List<long[]>> results = new LinkedHashMap<>();

    private AppendLatency(int passes, int appends, int size) {
        this.passes = passes;
        this.appends = appends;
        this.payload = new byte[size];
        new Random(1).nextBytes(payload);
    }

    /** Runs the comparison. */
    public static void main(String[] arguments) throws Exception {
        int passes = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 7;
        int appends = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 250_000;
        int[] sizes = arguments.length > 2
                ? Arrays.stream(arguments).skip(2).mapToInt(Integer::parseInt).toArray()
                : new int[] {64, 256, 1024};
        for (int size : sizes) {
            new AppendLatency(passes, appends, size).run();
        }
    }

    /** One append; the histogram's loop calls it. */
    private interface Append {
        void run(long number);
    }

    private void run() throws Exception {
        for (int pass = 0; pass < WARMUP_PASSES + passes; pass++) {
            List<String> turn = new ArrayList<>(List.of(FIRN, FIRN_COMMIT, CHRONICLE));
            Collections.shuffle(turn, new Random(pass));
            for (String contender : turn) {
                long[] result = pass(contender);
                if (pass >= WARMUP_PASSES) {
                    results.computeIfAbsent(contender, unused -> new ArrayList<>())
                            .add(result);
                }
            }
        }
        print();
    }

    private long[] pass(String contender) throws Exception {
        Path directory = Files.createTempDirectory("firn-bench-latency");
        try {
            PageCache.fill();
            LatencyHistogram histogram = new LatencyHistogram();
            if (contender.equals(CHRONICLE)) {
                chronicle(directory, histogram);
            } else {
                firn(directory, histogram, contender.equals(FIRN_COMMIT));
            }
            return new long[] {
                histogram.quantile(SHARES[0]),
                histogram.quantile(SHARES[1]),
                histogram.quantile(SHARES[2]),
                histogram.highest()
            };
        } finally {
            SideBySide.delete(directory);
        }
    }

    private void firn(Path directory, LatencyHistogram histogram, boolean commits)
            throws InterruptedException, ExecutionException {
        ByteBuffer value =
                ByteBuffer.allocateDirect(payload.length).put(payload).flip();
        try (Table table =
                        Table.create(directory.resolve("t"), PartitionScheme.unpartitioned(), TableConfig.defaults());
                TableWriter writer = table.writer(WriterOptions.named("main").build())) {
            if (commits) {
                committing(writer, () -> measure(histogram, number -> writer.append(number, 1, value)));
            } else {
                measure(histogram, number -> writer.append(number, 1, value));
            }
            long committed = writer.commit();
            if (committed != appends || histogram.total() != appends) {
                throw new IllegalStateException("firn committed " + committed + " records of " + appends);
            }
        }
    }

    /** Commits from another thread half a second after the start and then each second, as long as the work runs. */
    private static void committing(TableWriter writer, Runnable work) throws InterruptedException, ExecutionException {
        ScheduledExecutorService committer = Executors.newSingleThreadScheduledExecutor();
        try {
            ScheduledFuture<?> commits =
                    committer.scheduleAtFixedRate(writer::commit, 500, 1000, TimeUnit.MILLISECONDS);
            work.run();
            if (commits.isDone()) {
                commits.get();
            }
            if (writer.position() == 0) {
                throw new IllegalStateException("nothing was committed during the pass");
            }
        } finally {
            committer.shutdown();
            if (!committer.awaitTermination(1, TimeUnit.MINUTES)) {
                throw new IllegalStateException("a commit takes more than a minute");
            }
        }
    }

    private void chronicle(Path directory, LatencyHistogram histogram) {
        Bytes<?> bytes = Bytes.allocateElasticDirect(payload.length);
        bytes.write(payload);
        try (ChronicleQueue queue = ChronicleQueue.single(directory.resolve("q").toString());
                ExcerptAppender appender = queue.createAppender()) {
            measure(histogram, number -> appender.writeBytes(bytes.readPosition(0)));
            long first = queue.firstIndex();
            long found = queue.lastIndex() - first + 1;
            if (found != appends || histogram.total() != appends) {
                throw new IllegalStateException("chronicle holds " + found + " records of " + appends);
            }
        } finally {
            bytes.releaseLast();
        }
    }

    private void measure(LatencyHistogram histogram, Append append) {
        long due = System.nanoTime();
        for (int i = 0; i < appends; i++) {
            long before = System.nanoTime();
            while (before - due < 0) {
                Thread.onSpinWait();
                before = System.nanoTime();
            }
            append.run(i);
            long after = System.nanoTime();
            histogram.record(after - before);
            due = Math.max(due + INTERVAL_NS, after);
        }
    }

    private void print() {
        System.out.printf(
                "%nlatency of an append of %d B, ns (middle [lowest .. highest] of %d passes of %d, in turn)%n",
                payload.length, passes, appends);
        String[] names = {"p50", "p99", "p99.9", "max"};
        results.forEach((contender, values) -> {
            System.out.printf("  %-28s", contender);
            for (int i = 0; i < names.length; i++) {
                long[] sorted = column(contender, i);
                System.out.printf(
                        "  %s %d [%d .. %d]",
                        names[i], sorted[sorted.length / 2], sorted[0], sorted[sorted.length - 1]);
            }
            System.out.println();
        });
        System.out.printf(
                "  p99: chronicle / firn %.1f, chronicle / firn with commits %.1f%n", ratio(FIRN), ratio(FIRN_COMMIT));
    }

    private double ratio(String contender) {
        long[] chronicle = column(CHRONICLE, 1);
        long[] firn = column(contender, 1);
        return (double) chronicle[chronicle.length / 2] / firn[firn.length / 2];
    }

    private long[] column(String contender, int index) {
        return Objects.requireNonNull(results.get(contender)).stream()
                .mapToLong(values -> values[index])
                .sorted()
                .toArray();
    }
}
