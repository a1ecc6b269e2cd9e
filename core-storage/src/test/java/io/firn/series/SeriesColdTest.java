package io.firn.series;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.error.CorruptDataException;
import io.firn.lifecycle.LifecycleManager;
import io.firn.lifecycle.LifecycleOptions;
import io.firn.lifecycle.LifecycleRequest;
import io.firn.lifecycle.LifecycleStats;
import io.firn.record.StreamRecord;
import io.firn.series.codec.ChunkEncoder;
import io.firn.series.codec.ChunkFormat;
import io.firn.series.codec.ChunkOptions;
import io.firn.series.codec.CodecStatistics;
import io.firn.series.codec.DecimalHint;
import io.firn.series.codec.GroupEncoder;
import io.firn.series.codec.GroupFormat;
import io.firn.series.codec.SampleRange;
import io.firn.series.codec.TimestampCodec;
import io.firn.series.codec.ValueCodec;
import io.firn.table.Table;
import io.firn.table.TableWriter;
import io.firn.table.WriterOptions;
import io.firn.testing.FaultyFileStore;
import io.firn.testing.InMemoryFileStore;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Blocks on their way to COLD and back: groups where they are smaller, and whatever somebody left half way. */
class SeriesColdTest {
    private static final Labels WALK = Labels.of("s", "walk");
    private static final Labels BITS = Labels.of("s", "bits");
    private static final int SAMPLES = 2 * GroupFormat.MAX_SAMPLES + 100;

    private final FaultyFileStore files = new FaultyFileStore(new InMemoryFileStore());
    private final StoreFixture fixture = new StoreFixture(files);

    /** A walk, and any bits: NaN with payloads, infinities, both zeros. */
    private static SeriesModel write(SeriesStore store) {
        SplittableRandom random = new SplittableRandom(7);
        SeriesModel model = new SeriesModel();
        SeriesBatch batch = new SeriesBatch();
        long level = 0;
        for (int i = 0; i < SAMPLES; i++) {
            level += random.nextInt(-2, 3);
            batch.add(WALK, SeriesType.GAUGE, 10_000L * i, level / 100.0);
        }
        for (int i = 0; i < 1_500; i++) {
            long bits = random.nextInt(3) == 0 ? 0x7FF0_0000_0000_0000L | random.nextInt() : random.nextLong();
            batch.add(BITS, SeriesType.COUNTER, random.nextLong(), Double.longBitsToDouble(bits));
        }
        model.write(batch);
        store.write(batch);
        store.cut();
        return model;
    }

    private static SeriesStats.Tier tier(SeriesStore store, SeriesTier tier) {
        return store.stats().tier(tier);
    }

    @Test
    void aColdBlockIsOfGroupsAndSmallerAndComesBackAsChunks() {
        SeriesModel model;
        SeriesStats.Tier warm;
        try (SeriesStore store = fixture.open()) {
            model = write(store);
            warm = tier(store, SeriesTier.WARM);
            LifecycleStats stats = store.compress();
            assertThat(stats.errors()).isEmpty();
            assertThat(stats.bytesBefore()).isGreaterThanOrEqualTo(warm.encodedBytes());
            SeriesStats.Tier cold = tier(store, SeriesTier.COLD);
            assertThat(cold.samples()).isEqualTo(warm.samples());
            assertThat(cold.encodedBytes()).isLessThan(warm.encodedBytes());
            assertThat(cold.chunks()).as("of the walk, and of the bits").isEqualTo(3 + 1);
            assertThat(warm.chunks()).isEqualTo(17 + 2);
            assertThat(SeriesModel.all(store)).isEqualTo(model.all());
            assertThat(store.stats().blocksToRemove()).isZero();
        }
        assertThat(fixture.damages()).isEmpty();
        try (SeriesStore store = fixture.open()) {
            assertThat(SeriesModel.all(store)).isEqualTo(model.all());
            TimeRange range = new TimeRange(10_000L * 8_190, 10_000L * 8_194);
            assertThat(SeriesModel.select(store, List.of(LabelMatcher.equal("s", "walk")), range))
                    .as("across the border of two groups")
                    .hasSize(4);
            assertThat(store.decompress().decompressedSegments()).isEqualTo(1);
            assertThat(tier(store, SeriesTier.WARM).chunks()).isEqualTo(warm.chunks());
            assertThat(tier(store, SeriesTier.WARM).encodedBytes()).isEqualTo(warm.encodedBytes());
            assertThat(SeriesModel.all(store)).isEqualTo(model.all());
        }
    }

    @Test
    void coldBlocksAreDeletedFromAndCompactedAsOthersAre() {
        try (SeriesStore store = fixture.open()) {
            SeriesModel model = write(store);
            store.compress();
            TimeRange range = new TimeRange(10_000, 10_000L * 9_000);
            List<LabelMatcher> walk = List.of(LabelMatcher.equal("s", "walk"));
            store.delete(walk, range);
            model.delete(walk, range);
            assertThat(SeriesModel.all(store)).isEqualTo(model.all());
            SeriesBatch late = new SeriesBatch().add(WALK, SeriesType.GAUGE, 20_000, 7);
            store.write(late);
            model.write(late);
            assertThat(store.compact()).isEqualTo(1);
            assertThat(SeriesModel.all(store)).isEqualTo(model.all());
            assertThat(tier(store, SeriesTier.COLD).blocks()).isZero();
            store.delete(walk, range);
            model.delete(walk, range);
            store.compress();
            assertThat(store.stats().tombstones())
                    .as("what is deleted is not written anew")
                    .isZero();
            assertThat(SeriesModel.all(store)).isEqualTo(model.all());
        }
    }

    @Test
    void aBlockOfWhichEverythingWasDeletedIsGoneInsteadOfCold() {
        try (SeriesStore store = fixture.open()) {
            write(store);
            store.delete(List.of(LabelMatcher.regex("s", ".+")), TimeRange.ALL);
            assertThat(store.compress().errors()).isEmpty();
            assertThat(tier(store, SeriesTier.COLD).blocks()
                            + tier(store, SeriesTier.WARM).blocks())
                    .isZero();
            assertThat(store.labelNames()).isEmpty();
        }
    }

    @Test
    void shortSeriesStayChunksButNotRaw() {
        try (SeriesStore store = fixture.open()) {
            SeriesBatch batch = new SeriesBatch();
            for (int series = 0; series < 500; series++) {
                for (int i = 0; i < 10; i++) {
                    batch.add(Labels.of("s", "n" + series), SeriesType.GAUGE, 10_000L * i, series + i / 10.0);
                }
            }
            SeriesModel model = new SeriesModel();
            model.write(batch);
            store.write(batch);
            store.cut();
            long warm = tier(store, SeriesTier.WARM).encodedBytes();
            store.compress();
            assertThat(tier(store, SeriesTier.COLD).encodedBytes()).isLessThan(warm / 3);
            assertThat(SeriesModel.all(store)).isEqualTo(model.all());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 10, 100, 500, 1_024, 1_025})
    void aPieceIsAChunkOrAGroupWhicheverIsSmaller(int count) {
        double[] values = new double[count];
        long[] timestamps = new long[count];
        for (int i = 0; i < count; i++) {
            values[i] = i * i % 13 / 10.0;
            timestamps[i] = 10_000L * i;
        }
        SampleRange samples = SampleRange.of(timestamps, values, 0, count);
        ColdCompressor zstd = new ColdCompressor(fixture.environment().codecs());
        ByteBuffer target = ByteBuffer.allocate(GroupFormat.maxSizeBytes(count));
        int smallest = new GroupEncoder(zstd).encode(samples, new DecimalHint(), target);
        if (count <= ChunkFormat.MAX_SAMPLES) {
            ChunkOptions options = new ChunkOptions(TimestampCodec.ADAPTIVE, ValueCodec.ADAPTIVE, 0);
            ChunkEncoder chunks = new ChunkEncoder(options, new CodecStatistics());
            smallest = Math.min(smallest, chunks.encode(samples, new DecimalHint(), target.clear()));
        }
        int size = new ColdEncoder(zstd).encode(samples, new DecimalHint(), target.clear());
        assertThat(size).isEqualTo(smallest).isEqualTo(target.position());
    }

    /** What the ordinary commands do with table chunks, and what a crash between two steps leaves. */
    private void onTheTable(LifecycleRequest request) {
        try (Table table = Table.open(StoreFixture.ROOT.resolve("chunks"), fixture.environment());
                LifecycleManager lifecycle = LifecycleManager.open(table, LifecycleOptions.defaults())) {
            assertThat(lifecycle.run(request).errors()).isEmpty();
        }
    }

    @Test
    void groupsThatAreNotCompressedAreReadAndCompressedByTheNextMaintenance() {
        SeriesModel model;
        try (SeriesStore store = fixture.with("cold.after", "1h").open()) {
            model = write(store);
            store.compress();
        }
        onTheTable(LifecycleRequest.decompressAll());
        try (SeriesStore store = fixture.open()) {
            assertThat(tier(store, SeriesTier.COLD).blocks()).isZero();
            assertThat(SeriesModel.all(store)).isEqualTo(model.all());
            assertThat(store.maintain().moved()).isEqualTo(1);
            assertThat(tier(store, SeriesTier.COLD).blocks()).isEqualTo(1);
            assertThat(store.maintain().moved()).isZero();
            assertThat(SeriesModel.all(store)).isEqualTo(model.all());
        }
    }

    @Test
    void chunksThatWereCompressedByTheTableAreReadAndBecomeGroupsOrWarm() {
        SeriesModel model;
        try (SeriesStore store = fixture.open()) {
            model = write(store);
        }
        onTheTable(LifecycleRequest.compressAll());
        try (SeriesStore store = fixture.open()) {
            long chunks = tier(store, SeriesTier.COLD).encodedBytes();
            assertThat(SeriesModel.all(store)).isEqualTo(model.all());
            store.compress();
            assertThat(tier(store, SeriesTier.COLD).encodedBytes()).isLessThan(chunks);
            assertThat(SeriesModel.all(store)).isEqualTo(model.all());
        }
        onTheTable(LifecycleRequest.decompressAll());
        try (SeriesStore store = fixture.open()) {
            store.decompress();
            assertThat(tier(store, SeriesTier.WARM).blocks()).isEqualTo(1);
            assertThat(SeriesModel.all(store)).isEqualTo(model.all());
        }
    }

    @Test
    void theManifestOfAColdStoreIsOneSmallFile() {
        SeriesModel model = new SeriesModel();
        for (int opening = 0; opening < 3; opening++) {
            try (SeriesStore store = fixture.open()) {
                model = write(store);
            }
        }
        Path hot = StoreFixture.ROOT.resolve("blocks/_table/hot");
        assertThat(files.list(hot)).isNotEmpty();
        try (SeriesStore store = fixture.open()) {
            store.compress();
        }
        assertThat(files.list(hot)).isEmpty();
        try (SeriesStore store = fixture.open()) {
            assertThat(SeriesModel.all(store)).isEqualTo(model.all());
            assertThat(tier(store, SeriesTier.COLD).blocks()).isEqualTo(3);
        }
        assertThat(fixture.damages()).isEmpty();
    }

    @Test
    void aBlockStaysWhereItIsWhenTheDiskIsShort() {
        try (SeriesStore store = fixture.with("cold.after", "1h").open()) {
            SeriesModel model = write(store);
            files.limitSpace(1_000);
            LifecycleStats stats = store.compress();
            assertThat(stats.skipped())
                    .singleElement()
                    .asString()
                    .contains("block 1")
                    .contains("1000 bytes are free");
            fixture.pass(Duration.ofHours(2));
            assertThat(store.maintain().moved()).isZero();
            assertThat(tier(store, SeriesTier.WARM).blocks()).isEqualTo(1);
            assertThat(SeriesModel.all(store)).isEqualTo(model.all());
            files.heal();
            assertThat(store.maintain().moved()).isEqualTo(1);
            assertThat(SeriesModel.all(store)).isEqualTo(model.all());
        }
    }

    @Test
    void theManifestSaysTheEncodingAndOldRecordsMeanChunks() {
        fixture.open().close();
        BlockInfo block = new BlockInfo(3, 2, 0, 1, 2, 5, 6, 10, 1, 1, 100, 0, BlockEncoding.GROUPS);
        ManifestRecord.Added added = new ManifestRecord.Added(block, List.of(), Optional.empty());
        String text = new String(ManifestCodec.encode(added), StandardCharsets.UTF_8);
        assertThat(text).contains("\"encoding\":\"groups\"");
        String old = text.replace(",\"encoding\":\"groups\"", "").replace("\"block\":3", "\"block\":4");
        try (Table table = Table.open(StoreFixture.ROOT.resolve("blocks"), fixture.environment())) {
            for (String value : List.of(text, old)) {
                append(table, value);
            }
            try (Manifest manifest = Manifest.open(table, false)) {
                assertThat(manifest.state().blocks())
                        .extracting(BlockInfo::encoding)
                        .containsExactly(BlockEncoding.GROUPS, BlockEncoding.CHUNKS);
            }
            append(table, text.replace("groups", "snapshots").replace("\"block\":3", "\"block\":5"));
            assertThatThrownBy(() -> Manifest.open(table, false))
                    .isInstanceOf(CorruptDataException.class)
                    .hasMessageContaining("SNAPSHOTS");
        }
    }

    private static void append(Table table, String value) {
        try (TableWriter writer =
                table.writer(WriterOptions.named(Manifest.WRITER).build())) {
            writer.append(StreamRecord.atMillis(0)
                    .typeId(ManifestCodec.ADDED)
                    .value(value.getBytes(StandardCharsets.UTF_8))
                    .build());
            writer.commit();
        }
    }
}
