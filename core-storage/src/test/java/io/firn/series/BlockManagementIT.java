package io.firn.series;

import static io.firn.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Blocks on a disk: how they come, merge, get cold and warm, and what their index finds. */
class BlockManagementIT {
    @TempDir
    private Path directory;

    private StoreDirectory files() {
        return new StoreDirectory(directory);
    }

    /** Files of the blocks' content with this ending. */
    private long count(String ending) throws IOException {
        try (Stream<Path> tree = Files.walk(directory.resolve("chunks"))) {
            return tree.filter(path -> path.getFileName().toString().endsWith(ending))
                    .filter(path -> !path.toString()
                            .contains("_table" + path.getFileSystem().getSeparator() + "c"))
                    .count();
        }
    }

    // --- creation and rotation

    @Test
    void theHeadRotatesBySizeAndWhatItHadSurvivesARestart() {
        StoreDirectory files = files().with("head.max.samples", "1000");
        SeriesModel model = new SeriesModel();
        try (SeriesStore store = files.open()) {
            for (int i = 0; i < 10; i++) {
                SeriesBatch batch = StoreDirectory.batch(i % 3, i * 400L, 400, at -> at / 8.0);
                model.write(batch);
                store.write(batch);
                assertThat(store.stats().head().samples()).isLessThan(1000);
            }
            assertThat(store.stats().tier(SeriesTier.WARM).blocks()).isEqualTo(3);
            assertThat(store.stats().operations().cuts()).isEqualTo(3);
            assertThat(SeriesModel.all(store)).isEqualTo(model.all());
        }
        try (SeriesStore store = files.open()) {
            assertThat(store.stats().tier(SeriesTier.WARM).blocks()).isEqualTo(3);
            assertThat(store.stats().head().samples()).isEqualTo(400);
            assertThat(SeriesModel.all(store)).isEqualTo(model.all());
        }
        assertThat(files.damages()).isEmpty();
    }

    @Test
    void theHeadRotatesByAge() {
        try (SeriesStore store = files().with("block.duration", "1ms").open()) {
            store.write(StoreDirectory.batch(1, 0, 10, at -> at));
            await().until(() -> store.maintain().cut() || store.stats().head().samples() == 0);
            assertThat(store.stats().tier(SeriesTier.WARM).blocks()).isEqualTo(1);
            assertThat(store.stats().head().samples()).isZero();
        }
    }

    /** A block is written in parts, and 300,000 samples that do not compress are several of them. */
    @Test
    void aSeriesThatIsLargerThanAPartOfABlockComesBackAsItWas() {
        SplittableRandom random = new SplittableRandom(11);
        SeriesModel model = new SeriesModel();
        try (SeriesStore store = files().open()) {
            for (long block = 0; block < 2; block++) {
                SeriesBatch batch = StoreDirectory.batch(2, 600_000 * block, 300_000, at -> random.nextDouble());
                List.of(1, 3)
                        .forEach(series ->
                                batch.add(Labels.of("s", "s" + series), SeriesType.COUNTER, batch.size(), series));
                store.write(batch);
                model.write(batch);
                store.cut();
                assertThat(SeriesModel.all(store)).isEqualTo(model.all());
            }
            assertThat(store.compact()).isEqualTo(1);
            assertThat(SeriesModel.all(store)).isEqualTo(model.all());
        }
        try (SeriesStore store = files().open()) {
            assertThat(store.compress().errors()).isEmpty();
            assertThat(SeriesModel.all(store)).isEqualTo(model.all());
        }
        assertThat(files().damages()).isEmpty();
    }

    // --- compaction

    @Test
    void compactionMakesOneBlockOfManyAndTakesTheLastWriteOfEachTimestamp() throws IOException {
        StoreDirectory files = files();
        SeriesModel model = new SeriesModel();
        try (SeriesStore store = files.open()) {
            for (int i = 0; i < 6; i++) {
                int value = i;
                SeriesBatch batch = StoreDirectory.batch(1, i * 50L, 100, at -> value);
                model.write(batch);
                store.write(batch);
                store.cut();
            }
            store.delete(StoreDirectory.ALL, new TimeRange(10, 20));
            model.delete(StoreDirectory.ALL, new TimeRange(10, 20));
            long before = count(".q");
            assertThat(store.compact()).isEqualTo(1);
            assertThat(store.stats().tier(SeriesTier.WARM).blocks()).isEqualTo(1);
            assertThat(store.stats().tier(SeriesTier.WARM).samples())
                    .as("each timestamp once, without what was deleted")
                    .isEqualTo(350 - 10);
            assertThat(store.stats().blocksToRemove()).isZero();
            assertThat(count(".q")).as("files of replaced blocks are gone").isLessThan(before);
            assertThat(SeriesModel.all(store)).isEqualTo(model.all());
        }
        try (SeriesStore store = files.open()) {
            assertThat(SeriesModel.all(store)).isEqualTo(model.all());
        }
        assertThat(files.damages()).isEmpty();
    }

    // --- tiers

    @Test
    void blocksGetColdAndWarmAgainAndReadTheSame() throws IOException {
        StoreDirectory files = files().with("cold.after", "1ms", "promote.reads", "2");
        try (SeriesStore store = files.open()) {
            StoreDirectory.writeNoise(store, 20, 500);
            List<String> content = SeriesModel.all(store);
            await().until(() -> store.maintain().moved() == 1);
            assertThat(store.stats().tier(SeriesTier.COLD).blocks()).isEqualTo(1);
            assertThat(count(".q.zst")).isPositive();
            assertThat(SeriesModel.all(store)).isEqualTo(content);
            assertThat(SeriesModel.all(store)).isEqualTo(content);
            assertThat(store.maintain().moved()).isPositive();
            assertThat(SeriesModel.all(store)).isEqualTo(content);
            store.decompress();
            assertThat(count(".q.zst")).isZero();
            assertThat(store.stats().tier(SeriesTier.WARM).blocks()).isEqualTo(1);
            assertThat(SeriesModel.all(store)).isEqualTo(content);
            assertThat(store.stats().metrics().compressions()).isPositive();
        }
        assertThat(files.damages()).isEmpty();
    }

    @Test
    void retentionRemovesWholeBlocks() {
        StoreDirectory files = files().with("retention", "1s", "retention.reference", "newest");
        try (SeriesStore store = files.open()) {
            store.write(StoreDirectory.batch(1, 0, 100, at -> at));
            store.cut();
            store.write(StoreDirectory.batch(1, 5_000, 100, at -> at));
            store.cut();
            assertThat(store.maintain().expired()).isEqualTo(1);
            assertThat(StoreDirectory.read(store, 1)).isEqualTo(100);
            assertThat(store.stats().blocksToRemove()).isZero();
        }
    }

    // --- index

    @Test
    void theIndexFindsWhatAFullScanFindsAndSparesTheRest() {
        StoreDirectory files = files();
        SeriesModel model = new SeriesModel();
        try (SeriesStore store = files.open()) {
            SplittableRandom random = new SplittableRandom(9);
            for (int block = 0; block < 5; block++) {
                SeriesBatch batch = new SeriesBatch();
                for (int i = 0; i < 40; i++) {
                    StoreDirectory.add(batch, random.nextInt(60), block * 10_000L, 50, at -> at);
                }
                model.write(batch);
                store.write(batch);
                store.cut();
            }
        }
        try (SeriesStore store = files.open()) {
            List<List<LabelMatcher>> conditions = List.of(
                    List.of(LabelMatcher.equal("g", "g1")),
                    List.of(LabelMatcher.regex("s", "n1.*"), LabelMatcher.notEqual("g", "g0")),
                    List.of(LabelMatcher.regex("s", "n[0-5]+"), LabelMatcher.notRegex("g", "g[01]")),
                    List.of(LabelMatcher.equal("s", "nowhere")),
                    StoreDirectory.ALL);
            for (List<LabelMatcher> condition : conditions) {
                for (TimeRange range : List.of(TimeRange.ALL, new TimeRange(10_010, 30_020), new TimeRange(0, 1))) {
                    assertThat(SeriesModel.select(store, condition, range)).isEqualTo(model.select(condition, range));
                }
            }
            long read = store.stats().reads().blocksRead();
            long skipped = store.stats().reads().blocksSkipped();
            SeriesModel.select(store, StoreDirectory.ALL, new TimeRange(20_000, 20_001));
            assertThat(store.stats().reads().blocksRead() - read).isEqualTo(1);
            assertThat(store.stats().reads().blocksSkipped() - skipped).isEqualTo(4);
        }
    }
}
