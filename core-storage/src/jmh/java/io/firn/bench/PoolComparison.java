package io.firn.bench;

import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.ZstdDecompressCtx;
import io.firn.fs.BufferPool;
import io.firn.fs.PooledBuffer;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;

/**
 * What it costs to take an object from a pool and give it back, beside making it anew: CPU time of the thread, in turn
 * within one JVM, medians. Argument: rounds.
 */
public final class PoolComparison {
    private static final int WARMUP_ROUNDS = 3;
    private static final int DEFAULT_ROUNDS = 9;
    private static final int LEVEL = 3;

    private final int rounds;
    private long sink;

    private PoolComparison(int rounds) {
        this.rounds = rounds;
    }

    /** Prints a table. */
    public static void main(String[] arguments) {
        int rounds = arguments.length == 0 ? DEFAULT_ROUNDS : Integer.parseInt(arguments[0]);
        new PoolComparison(rounds).run();
    }

    private void run() {
        System.out.println("object | pooled ns | new ns | new / pooled");
        for (int bytes : new int[] {4 << 10, 64 << 10, 1 << 20}) {
            buffers(bytes);
        }
        for (int bytes : new int[] {1 << 10, 16 << 10, 128 << 10}) {
            contexts(bytes);
        }
        samples();
        System.out.println("(" + sink + ")");
    }

    /** One operation, many times over; returns something that depends on the work. */
    private interface Work {
        long repeat(int times);
    }

    private void buffers(int bytes) {
        BufferPool pool = new BufferPool(64L << 20);
        int times = Math.max(200, (256 << 20) / bytes / 16);
        compare("direct buffer " + (bytes >> 10) + " KiB", times, Map.of(
                "pooled",
                count -> {
                    long sum = 0;
                    for (int i = 0; i < count; i++) {
                        try (PooledBuffer buffer = pool.take(bytes)) {
                            buffer.bytes().put(0, (byte) i);
                            sum += buffer.bytes().get(0);
                        }
                    }
                    return sum;
                },
                "new",
                count -> {
                    long sum = 0;
                    for (int i = 0; i < count; i++) {
                        ByteBuffer buffer = ByteBuffer.allocateDirect(bytes);
                        buffer.put(0, (byte) i);
                        sum += buffer.get(0);
                    }
                    return sum;
                }));
    }

    private void contexts(int bytes) {
        ByteBuffer raw = ByteBuffer.allocateDirect(bytes);
        Random random = new Random(bytes);
        for (int i = 0; i < bytes; i++) {
            raw.put(i, (byte) ('a' + Math.min(random.nextInt(26), random.nextInt(26))));
        }
        ByteBuffer compressed = ByteBuffer.allocateDirect(2 * bytes);
        ByteBuffer target = ByteBuffer.allocateDirect(bytes);
        int times = Math.max(20, (4 << 20) / bytes);
        ZstdCompressCtx compressor = new ZstdCompressCtx();
        ZstdDecompressCtx decompressor = new ZstdDecompressCtx();
        compare("zstd-3 compress " + (bytes >> 10) + " KiB", times, Map.of(
                "pooled", count -> compress(count, () -> compressor, false, raw, compressed),
                "new", count -> compress(count, ZstdCompressCtx::new, true, raw, compressed)));
        int length = compressor.compressDirectByteBuffer(compressed, 0, compressed.capacity(), raw, 0, bytes);
        ByteBuffer frame = compressed.slice(0, length);
        compare("zstd decompress " + (bytes >> 10) + " KiB", times, Map.of(
                "pooled", count -> decompress(count, () -> decompressor, false, frame, target),
                "new", count -> decompress(count, ZstdDecompressCtx::new, true, frame, target)));
        compressor.close();
        decompressor.close();
    }

    private static long compress(
            int count, Supplier<ZstdCompressCtx> contexts, boolean ends, ByteBuffer raw, ByteBuffer compressed) {
        long sum = 0;
        for (int i = 0; i < count; i++) {
            ZstdCompressCtx context = contexts.get();
            context.setLevel(LEVEL);
            sum += context.compressDirectByteBuffer(compressed, 0, compressed.capacity(), raw, 0, raw.capacity());
            if (ends) {
                context.close();
            }
        }
        return sum;
    }

    private static long decompress(
            int count, Supplier<ZstdDecompressCtx> contexts, boolean ends, ByteBuffer frame, ByteBuffer target) {
        long sum = 0;
        for (int i = 0; i < count; i++) {
            ZstdDecompressCtx context = contexts.get();
            sum += context.decompressDirectByteBuffer(target, 0, target.capacity(), frame, 0, frame.capacity());
            if (ends) {
                context.close();
            }
        }
        return sum;
    }

    /** A small object as a series store might pool it. */
    private static final class Sample {
        private long timestampNs;
        private double value;

        Sample set(long newTimestampNs, double newValue) {
            timestampNs = newTimestampNs;
            value = newValue;
            return this;
        }
    }

    private final Sample[] escaped = new Sample[1024];

    private void samples() {
        int times = 500_000;
        Arrays.setAll(escaped, i -> new Sample());
        ArrayDeque<Sample> deque = new ArrayDeque<>();
        ConcurrentLinkedQueue<Sample> queue = new ConcurrentLinkedQueue<>();
        for (int i = 0; i < 2 * escaped.length; i++) {
            deque.addLast(new Sample());
            queue.add(new Sample());
        }
        Work made = count -> {
            for (int i = 0; i < count; i++) {
                escaped[i & 1023] = new Sample().set(i, i);
            }
            return total();
        };
        compare("sample, pool of one thread (ArrayDeque)", times, Map.of("new", made, "pooled", count -> {
            for (int i = 0; i < count; i++) {
                Sample before = escaped[i & 1023];
                escaped[i & 1023] = deque.pollLast().set(i, i);
                deque.addLast(before);
            }
            return total();
        }));
        compare("sample, pool of all threads (ConcurrentLinkedQueue)", times, Map.of("new", made, "pooled", count -> {
            for (int i = 0; i < count; i++) {
                Sample before = escaped[i & 1023];
                escaped[i & 1023] = queue.poll().set(i, i);
                queue.add(before);
            }
            return total();
        }));
        long[] timestamps = new long[1024];
        double[] values = new double[1024];
        compare("sample, primitive arrays in the place of a pool", times, Map.of("new", made, "pooled", count -> {
            for (int i = 0; i < count; i++) {
                timestamps[i & 1023] = i;
                values[i & 1023] = i;
            }
            return timestamps[7] + (long) values[9];
        }));
    }

    private long total() {
        return Arrays.stream(escaped)
                .mapToLong(sample -> sample.timestampNs + (long) sample.value)
                .sum();
    }

    private void compare(String title, int times, Map<String, Work> works) {
        Map<String, double[]> nanos = new LinkedHashMap<>();
        for (String name : works.keySet()) {
            nanos.put(name, new double[rounds]);
        }
        for (int round = -WARMUP_ROUNDS; round < rounds; round++) {
            for (Map.Entry<String, Work> work : works.entrySet()) {
                long start = ThreadCpu.nowNs();
                sink += work.getValue().repeat(times);
                double perCall = (double) (ThreadCpu.nowNs() - start) / times;
                if (round >= 0) {
                    nanos.get(work.getKey())[round] = perCall;
                }
            }
        }
        double pooled = median(nanos.get("pooled"));
        double made = median(nanos.get("new"));
        System.out.printf(Locale.ROOT, "%s | %.1f | %.1f | %.2f%n", title, pooled, made, made / pooled);
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }
}
