package io.firn.bench;

import io.firn.cache.BlockFile;
import io.firn.cache.BlockKey;
import io.firn.cache.BlockSource;
import io.firn.cache.BlockStream;
import io.firn.cache.CacheHierarchy;
import io.firn.cache.CacheOptions;
import io.firn.cache.PrefetchStats;
import io.firn.fs.BufferPool;
import io.firn.fs.IoMode;
import io.firn.fs.LocalFileStore;
import io.firn.fs.PooledBuffer;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntUnaryOperator;

/**
 * The cache of blocks: hit ratios beside LRU and Belady's optimum, with and without scans in between, the time of a hit,
 * eight threads at once, and prefetch on a store whose reads take 20 ms. Arguments: accesses.
 */
public final class CacheComparison {
    private static final int BLOCKS = 100_000;
    private static final int BLOCK_BYTES = 4 << 10;
    /** A tenth of all bytes. */
    private static final int KEPT_BLOCKS = BLOCKS / 10;

    private static final int SCANNED_BLOCKS = 50_000;
    private static final double SKEW = 0.99;
    private static final int THREADS = 8;
    private static final long LATENCY_NS = 20_000_000;
    private static final long THINK_NS = 5_000_000;
    private static final int SLOW_READS = 1_500;
    private static final long GUESSED_BYTES = 16L << 20;

    private final int accesses;
    private final LongAdder loads = new LongAdder();
    private final BufferPool pool = new BufferPool(256L << 20);

    private CacheComparison(int accesses) {
        this.accesses = accesses;
    }

    /** Prints everything. */
    public static void main(String[] arguments) throws InterruptedException {
        CacheComparison comparison =
                new CacheComparison(arguments.length == 0 ? 2_000_000 : Integer.parseInt(arguments[0]));
        comparison.hitRatios();
        comparison.timeOfHits();
        comparison.manyThreads();
        comparison.prefetch();
        System.out.println("RESULT buffers: " + comparison.pool.stats());
    }

    private static BlockKey key(int block) {
        return new BlockKey("file#1", block);
    }

    /** A block whose bytes say which one it is. */
    private final class Source implements BlockSource {
        private final int block;
        private final long latencyNs;

        Source(int block, long latencyNs) {
            this.block = block;
            this.latencyNs = latencyNs;
        }

        @Override
        public PooledBuffer readStored() {
            loads.increment();
            long endNs = System.nanoTime() + latencyNs;
            while (latencyNs > 0 && System.nanoTime() < endNs) {
                LockSupport.parkNanos(endNs - System.nanoTime());
            }
            PooledBuffer buffer = pool.take(BLOCK_BYTES);
            buffer.bytes().putInt(0, block);
            return buffer;
        }

        @Override
        public PooledBuffer decode(PooledBuffer stored) {
            PooledBuffer buffer = pool.take(BLOCK_BYTES);
            buffer.bytes().putInt(0, stored.bytes().getInt(0));
            return buffer;
        }
    }

    private CacheHierarchy cache(long l1Bytes, long prefetchBytes) {
        CacheOptions options = CacheOptions.fromProperties(
                Map.of("l1.max.bytes", Long.toString(l1Bytes), "prefetch.max.bytes", Long.toString(prefetchBytes)));
        return CacheHierarchy.open(LocalFileStore.open(IoMode.AUTO), options, pool);
    }

    private void read(CacheHierarchy cache, int block) {
        try (PooledBuffer buffer = cache.get(key(block), new Source(block, 0))) {
            check(buffer, block);
        }
    }

    private static void check(PooledBuffer buffer, int block) {
        if (buffer.bytes().getInt(0) != block) {
            throw new IllegalStateException("block " + buffer.bytes().getInt(0) + " in the place of " + block);
        }
    }

    /** Popular blocks have random numbers; a scan goes over other blocks, a tenth of it after each tenth of the run. */
    private int[] trace(boolean withScan) {
        ZipfNumbers zipf = new ZipfNumbers(BLOCKS, SKEW, 7);
        int parts = 10;
        int scanned = withScan ? SCANNED_BLOCKS / parts : 0;
        int[] trace = new int[accesses + scanned * parts];
        int at = 0;
        for (int part = 0; part < parts; part++) {
            for (int i = 0; i < accesses / parts; i++) {
                trace[at++] = zipf.next();
            }
            for (int i = 0; i < scanned; i++) {
                trace[at++] = BLOCKS + part * scanned + i;
            }
        }
        return Arrays.copyOf(trace, at);
    }

    private void hitRatios() {
        for (boolean withScan : new boolean[] {false, true}) {
            int[] trace = trace(withScan);
            System.out.printf(
                    Locale.ROOT,
                    "RESULT hit ratio of Zipf %.2f over %d blocks, %d kept, %d accesses%s: Firn %.2f %%, a scan as such"
                            + " %.2f %%, LRU %.2f %%, Belady %.2f %%%n",
                    SKEW,
                    BLOCKS,
                    KEPT_BLOCKS,
                    accesses,
                    withScan ? ", scans of " + SCANNED_BLOCKS + " blocks between them" : "",
                    100 * firn(trace, false),
                    100 * firn(trace, true),
                    100 * EvictionModels.lru(trace, KEPT_BLOCKS, BLOCKS),
                    100 * EvictionModels.belady(trace, KEPT_BLOCKS, BLOCKS));
        }
    }

    /** Share of the accesses to popular blocks that hit; the second half counts. */
    private double firn(int[] trace, boolean scansAsSuch) {
        long hits = 0;
        long counted = 0;
        try (CacheHierarchy cache = cache((long) KEPT_BLOCKS * BLOCK_BYTES, 0)) {
            for (int i = 0; i < trace.length; i++) {
                int block = trace[i];
                if (block >= BLOCKS && scansAsSuch) {
                    cache.scan(key(block), new Source(block, 0)).close();
                    continue;
                }
                long before = loads.sum();
                read(cache, block);
                if (block < BLOCKS && i >= trace.length / 2) {
                    counted++;
                    hits += loads.sum() == before ? 1 : 0;
                }
            }
        }
        return (double) hits / counted;
    }

    private void timeOfHits() {
        ZipfNumbers zipf = new ZipfNumbers(BLOCKS, SKEW, 11);
        Samples hits = new Samples();
        Samples misses = new Samples();
        try (CacheHierarchy cache = cache((long) KEPT_BLOCKS * BLOCK_BYTES, 0)) {
            for (int i = 0; i < accesses; i++) {
                int block = zipf.next();
                long before = loads.sum();
                long begunNs = System.nanoTime();
                read(cache, block);
                long tookNs = System.nanoTime() - begunNs;
                if (i >= accesses / 2) {
                    (loads.sum() == before ? hits : misses).add(tookNs);
                }
            }
        }
        print("a hit in memory", hits);
        print("a miss with an instant store", misses);
    }

    private static void print(String what, Samples samples) {
        System.out.printf(
                Locale.ROOT,
                "RESULT %s: p50 %.2f us, p99 %.2f us, p99.9 %.2f us%n",
                what,
                samples.quantile(0.5) / 1e3,
                samples.quantile(0.99) / 1e3,
                samples.quantile(0.999) / 1e3);
    }

    private void manyThreads() throws InterruptedException {
        LongAdder right = new LongAdder();
        LongAdder wrong = new LongAdder();
        CountDownLatch done = new CountDownLatch(THREADS);
        long begunNs = System.nanoTime();
        try (CacheHierarchy cache = cache((long) KEPT_BLOCKS * BLOCK_BYTES, 0)) {
            for (int t = 0; t < THREADS; t++) {
                ZipfNumbers zipf = new ZipfNumbers(BLOCKS, SKEW, t);
                Thread thread = new Thread(() -> {
                    for (int i = 0; i < accesses / THREADS; i++) {
                        try {
                            read(cache, zipf.next());
                            right.increment();
                        } catch (RuntimeException failed) {
                            wrong.increment();
                        }
                    }
                    done.countDown();
                });
                thread.start();
            }
            done.await();
        }
        System.out.printf(
                Locale.ROOT,
                "RESULT %d threads: %d reads right, %d wrong or failed, %.0f reads/s%n",
                THREADS,
                right.sum(),
                wrong.sum(),
                right.sum() * 1e9 / (System.nanoTime() - begunNs));
    }

    /** Real time: a reader asks for a block each 5 ms, a read of the store takes 20 ms. */
    private void prefetch() {
        SplittableRandom random = new SplittableRandom(3);
        slowReads("sequential", i -> i);
        slowReads("each third block", i -> 3 * i);
        slowReads("uniformly random", i -> random.nextInt(BLOCKS));
    }

    private void slowReads(String what, IntUnaryOperator pattern) {
        for (long guessedBytes : new long[] {0, GUESSED_BYTES}) {
            Samples waits = new Samples();
            try (CacheHierarchy cache = cache(0, guessedBytes);
                    BlockStream stream = cache.stream(new SlowFile())) {
                for (int i = 0; i < (guessedBytes == 0 ? SLOW_READS / 10 : SLOW_READS); i++) {
                    int block = pattern.applyAsInt(i);
                    long begunNs = System.nanoTime();
                    try (PooledBuffer buffer = stream.get(block)) {
                        check(buffer, block);
                    }
                    waits.add(System.nanoTime() - begunNs);
                    LockSupport.parkNanos(THINK_NS);
                }
                PrefetchStats stats = cache.prefetchStats();
                double extra = (stats.issued() - stats.used()) * 100.0 / SLOW_READS;
                System.out.printf(
                        Locale.ROOT,
                        "RESULT prefetch %s, %s: wait p50 %.2f ms, mean %.2f ms; coverage %.1f %%, precision %.1f %%, bytes"
                                + " in vain %.2f %% of those read%n",
                        guessedBytes == 0 ? "off" : "on",
                        what,
                        waits.quantile(0.5) / 1e6,
                        waits.mean() / 1e6,
                        100 * stats.coverage(),
                        100 * stats.precision(),
                        extra);
            }
        }
    }

    private final class SlowFile implements BlockFile {
        @Override
        public int blockCount() {
            return BLOCKS;
        }

        @Override
        public int decodedBytes(int block) {
            return BLOCK_BYTES;
        }

        @Override
        public BlockKey key(int block) {
            return CacheComparison.key(block);
        }

        @Override
        public BlockSource source(int block) {
            return new Source(block, LATENCY_NS);
        }
    }
}
