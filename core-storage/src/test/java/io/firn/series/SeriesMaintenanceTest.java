package io.firn.series;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.error.FirnException;
import io.firn.table.PointReader;
import io.firn.table.Table;
import io.firn.testing.Fault;
import io.firn.testing.FaultyFileStore;
import io.firn.testing.InMemoryFileStore;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.roaringbitmap.RoaringBitmap;

class SeriesMaintenanceTest {
    private static final Labels A = Labels.of("s", "a");
    private static final Labels B = Labels.of("s", "b");
    private static final List<LabelMatcher> ALL = List.of(LabelMatcher.regex("s", ".+"));

    private final InMemoryFileStore files = new InMemoryFileStore();
    private final StoreFixture fixture = new StoreFixture(files);

    private static void block(SeriesStore store, Labels labels, long from, long to) {
        SeriesBatch batch = new SeriesBatch();
        LongStream.range(from, to).forEach(at -> batch.add(labels, SeriesType.GAUGE, at, at / 4.0));
        store.write(batch);
        store.cut();
    }

    private static SeriesStats.Tier warm(SeriesStore store) {
        return store.stats().tier(SeriesTier.WARM);
    }

    private static SeriesStats.Tier cold(SeriesStore store) {
        return store.stats().tier(SeriesTier.COLD);
    }

    @Test
    void whatWasDeletedIsGoneFromTheFilesAfterCompaction() {
        try (SeriesStore store = fixture.open()) {
            block(store, A, 0, 100);
            block(store, B, 1000, 1100);
            store.delete(List.of(LabelMatcher.equal("s", "a")), new TimeRange(50, 2000));
            assertThat(SeriesModel.all(store)).hasSize(150);
            assertThat(store.stats().tombstones()).isEqualTo(1);
            assertThat(warm(store).samples()).isEqualTo(200);
            assertThat(store.compact()).isEqualTo(1);
            assertThat(warm(store).samples()).isEqualTo(150);
            assertThat(store.stats().tombstones()).isZero();
            assertThat(store.stats().blocksToRemove()).isZero();
            store.delete(ALL, TimeRange.ALL);
            assertThat(SeriesModel.all(store)).isEmpty();
            assertThat(store.compact()).isEqualTo(1);
            assertThat(store.stats().tombstones()).isZero();
            assertThat(warm(store).blocks()).isZero();
            assertThat(store.labelNames()).isEmpty();
            assertThat(store.seriesCount()).isZero();
            assertThat(store.compact()).isZero();
        }
    }

    @Test
    void aDeletionDoesNotConcernWhatIsWrittenLater() {
        try (SeriesStore store = fixture.open()) {
            block(store, A, 0, 10);
            store.write(new SeriesBatch().add(A, SeriesType.GAUGE, 10, 1));
            store.delete(ALL, TimeRange.ALL);
            store.write(new SeriesBatch().add(A, SeriesType.GAUGE, 5, 7));
            assertThat(SeriesModel.all(store)).hasSize(1);
        }
        try (SeriesStore store = fixture.open()) {
            assertThat(SeriesModel.all(store)).hasSize(1);
            store.cut();
            assertThat(SeriesModel.all(store)).hasSize(1);
            store.compact();
            assertThat(SeriesModel.all(store)).hasSize(1);
            assertThat(warm(store).samples()).isEqualTo(1);
        }
    }

    @Test
    void aDeletionDoesNotConcernABlockThatIsMadeAfterARestart() {
        try (SeriesStore store = fixture.open()) {
            block(store, A, 0, 10);
            store.write(new SeriesBatch().add(A, SeriesType.GAUGE, 20, 1));
            store.delete(ALL, new TimeRange(15, 30));
            assertThat(store.cut())
                    .as("a number was given to a block that has no samples")
                    .isFalse();
            store.delete(ALL, new TimeRange(0, 5));
        }
        try (SeriesStore store = fixture.open()) {
            assertThat(SeriesModel.all(store)).hasSize(5);
            store.write(new SeriesBatch().add(A, SeriesType.GAUGE, 3, 1));
            assertThat(store.cut()).isTrue();
            assertThat(SeriesModel.all(store)).hasSize(6);
            store.compact();
            assertThat(SeriesModel.all(store)).hasSize(6);
        }
    }

    @Test
    void aHeadOfWhichEverythingWasDeletedIsConsumedWithoutABlock() {
        try (SeriesStore store = fixture.open()) {
            store.write(new SeriesBatch().add(A, SeriesType.GAUGE, 10, 1));
            store.delete(ALL, TimeRange.ALL);
            assertThat(store.cut()).isFalse();
            assertThat(warm(store).blocks()).isZero();
        }
        try (SeriesStore store = fixture.open()) {
            assertThat(store.stats().head().series()).isZero();
            assertThat(store.stats().tombstones()).isZero();
        }
    }

    @Test
    void maintenanceMakesOneOfSmallNeighbours() {
        try (SeriesStore store = fixture.with("compact.min.blocks", "3").open()) {
            block(store, A, 0, 50);
            block(store, A, 40, 90);
            assertThat(store.maintain().compacted()).isZero();
            block(store, A, 80, 130);
            assertThat(store.maintain().compacted()).isEqualTo(1);
            assertThat(warm(store).blocks()).isEqualTo(1);
            assertThat(warm(store).samples()).isEqualTo(130);
            block(store, A, 200, 210);
            block(store, A, 210, 220);
            assertThat(store.maintain().compacted())
                    .as("the large one is not rewritten")
                    .isZero();
            block(store, A, 220, 230);
            assertThat(store.maintain().compacted()).isEqualTo(1);
            assertThat(warm(store).blocks()).isEqualTo(2);
            assertThat(SeriesModel.all(store)).hasSize(160);
        }
    }

    @Test
    void retentionRemovesWholeOldBlocksOnly() {
        try (SeriesStore store = fixture.with("retention", "1s").open()) {
            block(store, A, 0, 100);
            block(store, A, 500, 1500);
            block(store, B, 1400, 1600);
            assertThat(store.maintain().expired()).as("newest 1599, limit 599").isEqualTo(1);
            assertThat(SeriesModel.all(store)).hasSize(1200);
            store.write(new SeriesBatch().add(A, SeriesType.GAUGE, 2500, 1));
            assertThat(store.maintain().expired())
                    .as("limit 1500 is above the newest of one")
                    .isEqualTo(1);
            assertThat(SeriesModel.all(store)).hasSize(201);
            assertThat(store.stats().operations().expiredBlocks()).isEqualTo(2);
            store.write(new SeriesBatch().add(A, SeriesType.GAUGE, Long.MAX_VALUE, 1));
            assertThat(store.maintain().expired())
                    .as("the clock is earlier than a timestamp of the far future")
                    .isEqualTo(1);
            assertThat(SeriesModel.all(store)).hasSize(2);
        }
    }

    /** In the head, in a block, after a restart: a sample that is deleted does not let the others expire. */
    @Test
    void ageIsNotMeasuredFromADeletedSample() {
        fixture.with("retention", "1d").with("retention.reference", "newest");
        TimeRange wrong = new TimeRange(1_000_000_000_000L, Long.MAX_VALUE);
        try (SeriesStore store = fixture.open()) {
            block(store, A, 0, 100);
            store.write(new SeriesBatch().add(B, SeriesType.GAUGE, wrong.from(), 1));
            store.delete(ALL, wrong);
            assertThat(store.maintain().expired()).isZero();
            store.write(
                    new SeriesBatch().add(A, SeriesType.GAUGE, wrong.from(), 1).add(A, SeriesType.GAUGE, 100, 1));
            store.cut();
            store.delete(ALL, wrong);
            assertThat(store.maintain().expired()).isZero();
            store.write(new SeriesBatch().add(B, SeriesType.GAUGE, wrong.from(), 1));
            store.delete(ALL, wrong);
        }
        try (SeriesStore store = fixture.open()) {
            assertThat(store.maintain().expired()).isZero();
            assertThat(SeriesModel.all(store)).hasSize(101);
            store.compact();
            block(store, B, 100_000_000, 100_000_001);
            assertThat(store.maintain().expired()).isEqualTo(2);
            assertThat(SeriesModel.all(store)).hasSize(1);
        }
    }

    @Test
    void retentionBringsNothingBackThatWasReplaced() {
        BlockInfo old = info(1, 0, 1000);
        BlockInfo correction = info(2, 50, 60);
        BlockInfo later = info(3, 2000, 3000);
        assertThat(Retention.expired(List.of(old, correction, later), 500)).isEmpty();
        assertThat(Retention.expired(List.of(old, correction, later), 1000)).isEmpty();
        assertThat(Retention.expired(List.of(old, correction, later), 1001)).containsExactly(1L, 2L);
        assertThat(Retention.expired(List.of(correction, old), 500)).containsExactly(2L);
    }

    private static BlockInfo info(long id, long min, long max) {
        return new BlockInfo(id, id, 0, 0, 0, min, max, 10, 1, 1, 10, 0, BlockEncoding.CHUNKS);
    }

    @Test
    void groupsStayWithinTheirLimits() {
        List<BlockInfo> blocks = List.of(info(1, 0, 9), info(2, 10, 19), info(3, 20, 29), info(4, 30, 39));
        ManifestState manifest = new ManifestState(Optional.empty(), 4, blocks, List.of(), Consumed.NOTHING);
        assertThat(new CompactionGroups(1000, 1000, 1000).all(manifest)).containsExactly(blocks);
        assertThat(new CompactionGroups(20, 1000, 1000).all(manifest))
                .containsExactly(blocks.subList(0, 2), blocks.subList(2, 4));
        assertThat(new CompactionGroups(1000, 30, 1000).all(manifest)).containsExactly(blocks.subList(0, 3));
        assertThat(new CompactionGroups(1000, 1000, 19).all(manifest))
                .containsExactly(blocks.subList(0, 2), blocks.subList(2, 4));
        assertThat(new CompactionGroups(1000, 1000, 8).all(manifest)).isEmpty();
        assertThat(new CompactionGroups(1000, 1000, 1000).due(manifest, 4)).containsExactly(blocks);
        assertThat(new CompactionGroups(1000, 1000, 1000).due(manifest, 5)).isEmpty();
    }

    @Test
    void blocksGetColdByAgeAndWarmByReads() {
        fixture.with("cold.after", "1h").with("promote.reads", "2");
        try (SeriesStore store = fixture.open()) {
            block(store, A, 0, 2000);
            assertThat(store.maintain().moved()).isZero();
            fixture.pass(Duration.ofHours(1));
            List<String> content = SeriesModel.all(store);
            assertThat(store.maintain().moved()).isEqualTo(1);
            assertThat(cold(store).blocks()).isEqualTo(1);
            assertThat(SeriesModel.all(store)).isEqualTo(content);
            assertThat(store.maintain().moved())
                    .as("one selection since it is cold")
                    .isZero();
            assertThat(SeriesModel.all(store)).isEqualTo(content);
            assertThat(store.maintain().moved()).as("two selections").isEqualTo(1);
            assertThat(warm(store).blocks()).isEqualTo(1);
            assertThat(store.maintain().moved()).as("not back at once").isZero();
            fixture.pass(Duration.ofHours(1));
            assertThat(store.maintain().moved()).isEqualTo(1);
            assertThat(SeriesModel.all(store)).isEqualTo(content);
        }
    }

    @Test
    void aSelectionKeepsTheBlocksThatItReads() {
        try (SeriesStore store = fixture.open()) {
            block(store, A, 0, 3000);
            block(store, A, 3000, 6000);
            try (SeriesCursor running = store.select(ALL, TimeRange.ALL)) {
                assertThat(store.compact()).isEqualTo(1);
                store.delete(ALL, TimeRange.ALL);
                store.compact();
                assertThat(store.stats().blocksToRemove()).isEqualTo(2);
                assertThat(running.next()).isTrue();
                assertThat(running.toArrays().size()).isEqualTo(6000);
            }
            assertThat(SeriesModel.all(store)).isEmpty();
            store.maintain();
            assertThat(store.stats().blocksToRemove()).isZero();
        }
    }

    @Test
    void storedPostingsAreThoseOfTheStoredLabels() {
        try (SeriesStore store = fixture.open()) {
            SeriesBatch batch = new SeriesBatch();
            for (int i = 0; i < 3000; i++) {
                batch.add(
                        Labels.of("s", "n" + i, "mod", "m" + i % 7, "half", i % 2 == 0 ? "even" : "odd"),
                        SeriesType.GAUGE,
                        i,
                        i);
            }
            store.write(batch);
            store.cut();
        }
        BlockContent content = readIndex();
        SeriesIndex scanned = new SeriesIndex(new SymbolTable());
        for (int ref = 0; ref < content.index().size(); ref++) {
            assertThat(scanned.add(content.index().labels(ref))).isEqualTo(ref);
        }
        Postings stored = content.index().postings();
        assertThat(stored.size()).isEqualTo(scanned.postings().size()).isEqualTo(3000 + 7 + 2);
        for (int pair = 0; pair < stored.size(); pair++) {
            String name = content.index().symbols().get(stored.name(pair));
            String value = content.index().symbols().get(stored.value(pair));
            SymbolTable symbols = scanned.symbols();
            RoaringBitmap expected =
                    scanned.postings().refs(scanned.postings().find(symbols.find(name), symbols.find(value)));
            assertThat(stored.refs(pair)).as("%s=%s", name, value).isEqualTo(expected);
        }
    }

    private BlockContent readIndex() {
        try (Table blocks = Table.open(StoreFixture.ROOT.resolve("blocks"), fixture.environment());
                Manifest manifest = Manifest.open(blocks, false);
                Table chunks = Table.open(StoreFixture.ROOT.resolve("chunks"), fixture.environment());
                PointReader reader = chunks.pointReader(BlockTable.WRITER)) {
            return BlockIndexReader.read(reader, manifest.state().blocks().get(0));
        }
    }

    /** A restart and a failure end a generation, too; its samples are in the block of a later one. */
    @Test
    void allGenerationsThatABlockHasConsumedAreRemoved() {
        FaultyFileStore files = new FaultyFileStore(new InMemoryFileStore());
        StoreFixture failing = new StoreFixture(files);
        for (int start = 0; start < 2; start++) {
            try (SeriesStore store = failing.open()) {
                store.write(new SeriesBatch().add(A, SeriesType.GAUGE, start, 1));
            }
        }
        try (SeriesStore store = failing.open()) {
            for (int round = 0; round < 3; round++) {
                store.write(new SeriesBatch().add(A, SeriesType.GAUGE, 10 + round, 1));
                files.inject(Fault.on(call -> call.operation().isMutating()
                                && call.path().toString().contains("/samples/_table/lanes"))
                        .nth(1));
                SeriesBatch refused = new SeriesBatch().add(A, SeriesType.GAUGE, 20 + round, 1);
                assertThatThrownBy(() -> store.write(refused)).isInstanceOf(FirnException.class);
                files.heal();
                store.write(refused);
                assertThat(store.cut()).isTrue();
                assertThat(failing.records("samples")).isZero();
            }
            assertThat(SeriesModel.select(store, List.of(LabelMatcher.equal("s", "a")), TimeRange.ALL))
                    .hasSize(8);
        }
    }
}
