package io.firn.series;

import io.firn.cache.CacheHierarchy;
import io.firn.fs.FileStore;
import io.firn.lifecycle.TableRecovery;
import io.firn.lifecycle.verify.TableVerifier;
import io.firn.lifecycle.verify.VerifyReport;
import io.firn.table.ScanOptions;
import io.firn.table.Table;
import io.firn.table.TableEnvironment;
import io.firn.table.TableReader;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Opens stores in a file store of a test, on a clock that the test moves. */
final class StoreFixture {
    static final Path ROOT = Path.of("/archive/metrics");
    static final Instant START = Instant.ofEpochMilli(1_700_000_000_000L);

    private final FileStore files;
    private final Map<String, String> options = new TreeMap<>();
    private Instant now = START;
    private @Nullable CacheHierarchy cache;

    StoreFixture(FileStore files) {
        this.files = files;
        options.put("segment.size", "128KiB");
        options.put("cold.after", "none");
    }

    /** The same store on other files, for example after a crash. */
    StoreFixture on(FileStore otherFiles) {
        StoreFixture other = new StoreFixture(otherFiles);
        other.options.putAll(options);
        other.now = now;
        return other;
    }

    StoreFixture with(String option, String text) {
        options.put(option, text);
        return this;
    }

    /** Reads through a cache, which the caller closes. */
    StoreFixture with(CacheHierarchy given) {
        cache = given;
        return this;
    }

    void pass(Duration duration) {
        now = now.plus(duration);
    }

    TableEnvironment environment() {
        InstantSource clock = () -> now;
        TableEnvironment environment = TableEnvironment.deterministic(files, clock);
        return cache == null ? environment : environment.withCache(cache);
    }

    SeriesStoreOptions options() {
        SeriesStoreOptions.Builder builder = SeriesStoreOptions.builder().environment(environment());
        options.forEach((key, text) -> builder.set(SeriesOption.find(key).orElseThrow(), text));
        return builder.build();
    }

    SeriesStore open() {
        return SeriesStore.open(ROOT, options());
    }

    /** Ends what a power loss left in the tables, as {@code firn recover} does. */
    void recover() {
        for (String name : List.of("samples", "chunks", "blocks")) {
            try (Table table = Table.open(ROOT.resolve(name), environment())) {
                TableRecovery.recover(table);
            }
        }
    }

    /** What {@code firn verify} finds in the three tables. */
    List<String> damages() {
        List<String> damages = new ArrayList<>();
        for (String name : List.of("samples", "chunks", "blocks")) {
            try (Table table = Table.open(ROOT.resolve(name), environment())) {
                VerifyReport report = TableVerifier.verify(table);
                report.damages().forEach(damage -> damages.add(name + ": " + damage));
            }
        }
        return damages;
    }

    /** Adds a record to the manifest of a store that is closed, as another version of the program may have done. */
    void commit(ManifestRecord record) {
        try (Table table = Table.open(ROOT.resolve("blocks"), environment());
                Manifest manifest = Manifest.open(table, false)) {
            manifest.commit(record);
        }
    }

    /** The next sequence of the writer of one of the three tables. */
    long position(String name) {
        try (Table table = Table.open(ROOT.resolve(name), environment())) {
            return table.lanes().get(0).position();
        }
    }

    /** Records of one of the three tables, as another process reads it. */
    long records(String name) {
        try (Table table = Table.open(ROOT.resolve(name), environment());
                TableReader reader = table.reader(ScanOptions.ALL)) {
            long records = 0;
            while (reader.next()) {
                records++;
            }
            return records;
        }
    }

    /** How many blocks a store has in a tier. */
    static int blocks(SeriesStore store, SeriesTier tier) {
        SeriesStats.Tier blocks = store.stats().tiers().get(tier);
        return blocks == null ? 0 : blocks.blocks();
    }

    static Labels series(int number) {
        return Labels.of("s", "n" + number, "g", "g" + number % 3);
    }
}
