package io.firn.series;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.error.CorruptDataException;
import io.firn.fs.BufferPool;
import io.firn.metrics.PoolStats;
import io.firn.series.codec.ChunkDecoder;
import io.firn.table.Table;
import io.firn.testing.AllocationCounter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pools in a store at work: what is taken comes back, what it saves, and why samples are not pooled. */
class ObjectPoolIT {
    private static final int SERIES = 64;
    private static final int SAMPLES = 3000;

    @TempDir
    private Path directory;

    private static PoolStats buffers(SeriesStore store) {
        return store.stats().pools().buffers();
    }

    // --- usage

    @Test
    void aStoreTakesBuffersAndContextsFromPoolsAndGivesThemBack() {
        StoreDirectory files = new StoreDirectory(directory).with("cache.enabled", "false");
        try (Table table = tableAfter(files)) {
            PoolStats after = table.segmentAccess().buffers().stats();
            assertThat(after.acquired()).isPositive();
            assertThat(after.outstanding()).isZero();
            assertThat(table.segmentAccess().codecs().stats().outstanding()).isZero();
        }
    }

    private static Table tableAfter(StoreDirectory files) {
        try (SeriesStore store = files.open()) {
            StoreDirectory.writeNoise(store, SERIES, SAMPLES);
            store.compress();
            for (int i = 0; i < SERIES; i++) {
                assertThat(StoreDirectory.read(store, i)).isEqualTo(SAMPLES);
            }
            assertThat(store.stats().pools().contexts().acquired()).isPositive();
        }
        return files.table("chunks");
    }

    @Test
    void aSelectionThatFailsGivesItsBuffersBackToo() throws IOException {
        StoreDirectory files = new StoreDirectory(directory).with("cache.enabled", "false");
        try (SeriesStore store = files.open()) {
            StoreDirectory.writeNoise(store, SERIES, SAMPLES);
        }
        damage(directory.resolve("chunks"));
        try (SeriesStore store = files.open()) {
            assertThatThrownBy(() -> SeriesModel.select(store, StoreDirectory.ALL, TimeRange.ALL))
                    .isInstanceOf(CorruptDataException.class);
            assertThat(store.stats().metrics().errors()
                            + store.stats().operations().failures())
                    .as("a cursor's failures are the reader's, not the store's")
                    .isZero();
        }
        try (Table table = files.table("chunks")) {
            assertThat(table.segmentAccess().buffers().stats().outstanding()).isZero();
        }
    }

    /** Flips a bit in the middle of the largest file, which is in a chunk. */
    static void damage(Path table) throws IOException {
        try (Stream<Path> tree = Files.walk(table)) {
            Path file = tree.filter(Files::isRegularFile)
                    .max(Comparator.comparingLong(path -> path.toFile().length()))
                    .orElseThrow();
            byte[] bytes = Files.readAllBytes(file);
            bytes[bytes.length / 2] ^= 1;
            Files.write(file, bytes);
        }
    }

    // --- allocation

    @Test
    void samplesAreWrittenAndReadWithoutAnObjectForEach() {
        try (SeriesStore store = new StoreDirectory(directory).open()) {
            StoreDirectory.writeNoise(store, SERIES, SAMPLES);
            long samples = (long) SERIES * SAMPLES;
            long read = AllocationCounter.allocatedBytes(3, () -> readAll(store));
            SeriesBatch batch = StoreDirectory.batch(0, 0, SAMPLES, at -> at);
            long written = AllocationCounter.allocatedBytes(3, () -> store.write(batch));
            System.out.printf(
                    "allocated per sample: selecting %.3f bytes, writing %.1f bytes (16 are the sample's own)%n",
                    (double) read / samples, (double) written / SAMPLES);
            assertThat((double) read / samples).isLessThan(2);
            assertThat((double) written / SAMPLES)
                    .as("in the head it stays, 16 to 32 bytes, beside what is logged")
                    .isLessThan(100);
        }
    }

    private static void readAll(SeriesStore store) {
        double sum = 0;
        try (SeriesCursor cursor = store.select(StoreDirectory.ALL, TimeRange.ALL)) {
            while (cursor.next()) {
                SampleCursor samples = cursor.samples();
                while (samples.next()) {
                    sum += samples.value();
                }
            }
        }
        assertThat(sum).isNotNaN();
    }

    // --- statistics

    @Test
    void statisticsOfThePoolsAreExact() {
        StoreDirectory files = new StoreDirectory(directory).with("cache.l1.max.bytes", "1MiB");
        try (SeriesStore store = files.open()) {
            StoreDirectory.writeNoise(store, SERIES, SAMPLES);
            StoreDirectory.read(store, 1);
            PoolStats idle = buffers(store);
            assertThat(idle.acquired()).isEqualTo(idle.released() + idle.outstanding());
            assertThat(idle.created()).isLessThanOrEqualTo(idle.acquired());
            long cached = store.stats().cache().levels().l1().entries();
            try (SeriesCursor cursor = store.select(LabelMatcher.equal("s", "n1"))) {
                cursor.next();
                assertThat(buffers(store).outstanding())
                        .as("the record that the cursor reads is one that the cache holds, too")
                        .isGreaterThanOrEqualTo(cached);
            }
            assertThat(buffers(store).since(idle).outstanding()).isZero();
            assertThat(store.stats().toJson()).contains("\"buffers\":{\"created\":", "\"contexts\":{\"created\":");
        }
    }

    // --- efficiency

    @Test
    void nearlyEverythingThatIsTakenWasUsedBefore() {
        StoreDirectory files = new StoreDirectory(directory).with("cache.enabled", "false");
        try (SeriesStore store = files.open()) {
            StoreDirectory.writeNoise(store, SERIES, SAMPLES);
            store.compress();
            readEach(store);
            PoolStats buffersBefore = buffers(store);
            PoolStats contextsBefore = store.stats().pools().contexts();
            for (int round = 0; round < 10; round++) {
                readEach(store);
            }
            PoolStats buffers = buffers(store).since(buffersBefore);
            PoolStats contexts = store.stats().pools().contexts().since(contextsBefore);
            System.out.printf(
                    "pool reuse: buffers %.2f %% of %d, zstd contexts %.2f %% of %d%n",
                    buffers.reusePercent(), buffers.acquired(), contexts.reusePercent(), contexts.acquired());
            assertThat(buffers.acquired()).isPositive();
            assertThat(buffers.reusePercent()).isGreaterThan(80);
            assertThat(contexts.acquired()).isPositive();
            assertThat(contexts.reusePercent()).isGreaterThan(80);
        }
    }

    private static void readEach(SeriesStore store) {
        for (int i = 0; i < SERIES; i++) {
            StoreDirectory.read(store, i);
        }
    }

    /** What S-POL-8 asks for: heap and direct bytes for one use, with a pool and without. */
    @Test
    void whatIsPooledSavesMemoryAndWhatIsNotWouldNot() {
        BufferPool pool = new BufferPool(1 << 20);
        BufferPool none = new BufferPool(0);
        long pooled =
                AllocationCounter.allocatedBytes(50, () -> pool.take(64 << 10).close());
        long fresh =
                AllocationCounter.allocatedBytes(50, () -> none.take(64 << 10).close());
        assertThat(pool.stats().created()).isEqualTo(1);
        assertThat(none.stats().created()).isGreaterThan(50);

        AtomicReference<ChunkDecoder> held = new AtomicReference<>();
        long decoder = AllocationCounter.allocatedBytes(5, () -> held.set(new ChunkDecoder()));
        assertThat(held).doesNotHaveNullValue();
        long selection = selectionBytes();

        Deque<Sample> samples = new ArrayDeque<>(List.of(new Sample(0, 0)));
        long pooledSample = AllocationCounter.allocatedBytes(20_000, () -> samples.push(samples.pop()));
        long newSample = AllocationCounter.allocatedBytes(20_000, () -> {
            samples.clear();
            samples.push(new Sample(1, 2));
        });
        ByteBuffer array = ByteBuffer.allocate(16);
        long noSample = AllocationCounter.allocatedBytes(
                20_000, () -> array.putLong(0, 1).putDouble(8, 2));
        System.out.printf(
                "heap bytes for one use: 64 KiB buffer %d pooled, %d and 64 KiB direct new; tools of a selection: %d"
                        + " pooled (all of it), %d new (the decoder alone); sample %d pooled, %d new, %d in an array%n",
                pooled, fresh, selection, decoder, pooledSample, newSample, noSample);
        assertThat(pooled).isLessThan(fresh);
        assertThat(selection).isLessThan(decoder);
        assertThat(noSample).isZero();
    }

    private record Sample(long timestamp, double value) {}

    private long selectionBytes() {
        try (SeriesStore store = new StoreDirectory(directory).open()) {
            StoreDirectory.writeNoise(store, 4, 100);
            return AllocationCounter.allocatedBytes(20, () -> {
                try (SeriesCursor cursor = store.select(LabelMatcher.equal("s", "n1"))) {
                    assertThat(cursor.next()).isTrue();
                }
            });
        }
    }
}
