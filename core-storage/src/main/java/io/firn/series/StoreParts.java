package io.firn.series;

import io.firn.cache.CacheHierarchy;
import io.firn.lifecycle.LifecycleManager;
import io.firn.lifecycle.LifecycleOptions;
import io.firn.partition.PartitionScheme;
import io.firn.table.CompressionPolicy;
import io.firn.table.Table;
import io.firn.table.TableConfig;
import io.firn.table.TableEnvironment;
import io.firn.table.TableOption;
import io.firn.task.OpenParts;
import java.nio.file.Path;
import java.util.Objects;

/**
 * The tables of a store with their writers and lifecycles. Thread-safe as far as its parts are.
 *
 * @param options how the store was opened
 * @param samples the table of the heads
 * @param chunks the table of the blocks' content
 * @param log writes heads; opened first, it is what keeps a second process away
 * @param blocks writes blocks
 * @param manifest the list of blocks
 * @param cache keeps records of blocks; the store's own is closed with the parts
 * @param samplesLifecycle drops generations
 * @param chunksLifecycle drops, compresses and decompresses blocks
 * @param opened everything that is closed
 */
record StoreParts(
        SeriesStoreOptions options,
        Table samples,
        Table chunks,
        HeadLog log,
        BlockTable blocks,
        Manifest manifest,
        CacheHierarchy cache,
        LifecycleManager samplesLifecycle,
        LifecycleManager chunksLifecycle,
        OpenParts opened)
        implements AutoCloseable {
    static final String SAMPLES = "samples";
    static final String CHUNKS = "chunks";
    static final String BLOCKS = "blocks";
    /** Chunks are small already: little is lost by blocks that a random read decompresses quickly. */
    private static final String COLD_BLOCK_BYTES = "256KiB";
    /** One thread forces one file after the other: there are few. */
    private static final LifecycleOptions LIFECYCLE =
            LifecycleOptions.defaults().withForceThreads(1);

    /**
     * Opens the tables of a store, or makes those that are not there; takes their writers.
     *
     * @throws io.firn.error.CorruptDataException when one of them is lost
     */
    static StoreParts open(Path root, SeriesStoreOptions options) {
        OpenParts opened = new OpenParts();
        try {
            StoreTables.requireNoneLost(root, options.environment());
            return open(root, options, opened);
        } catch (RuntimeException failed) {
            opened.closeAfter(failed);
            throw failed;
        }
    }

    private static StoreParts open(Path root, SeriesStoreOptions options, OpenParts opened) {
        TableConfig plain = config(options).build();
        TableConfig pointReads = config(options)
                .indexStride(1)
                .set(TableOption.COMPRESSION_BLOCK_SIZE, COLD_BLOCK_BYTES)
                .build();
        Table samples = opened.keep(table(root.resolve(SAMPLES), HeadLog.SCHEME, plain, options));
        Table chunks = opened.keep(table(root.resolve(CHUNKS), BlockTable.SCHEME, pointReads, options));
        Table blocks = opened.keep(table(root.resolve(BLOCKS), PartitionScheme.unpartitioned(), plain, options));
        HeadLog log = opened.keep(HeadLog.open(samples, options.takeOver()));
        BlockTable blockTable = opened.keep(BlockTable.open(chunks, options.takeOver()));
        Manifest manifest = opened.keep(Manifest.open(blocks, options.takeOver()));
        return new StoreParts(
                options,
                samples,
                chunks,
                log,
                blockTable,
                manifest,
                cache(options, opened),
                opened.keep(LifecycleManager.open(samples, LIFECYCLE)),
                opened.keep(LifecycleManager.open(chunks, LIFECYCLE)),
                opened);
    }

    private static Table table(Path path, PartitionScheme scheme, TableConfig config, SeriesStoreOptions options) {
        return Table.openOrCreate(path, scheme, config, options.environment().withoutCache());
    }

    /** The environment's cache, or one of the store's own; the tables have none, for one is enough. */
    private static CacheHierarchy cache(SeriesStoreOptions options, OpenParts opened) {
        TableEnvironment environment = options.environment();
        return environment.givenCache().orElseGet(() -> opened.keep(environment.openCache(options.cacheOptions())));
    }

    private static TableConfig.Builder config(SeriesStoreOptions options) {
        return TableConfig.builder()
                .set(TableOption.SEGMENT_SIZE, Long.toString(options.number(SeriesOption.SEGMENT_SIZE)))
                .validatePartitionOrder(false)
                .compressionPolicy(new CompressionPolicy.Never())
                .trackAccess(false);
    }

    /** The directory that holds the tables. */
    Path root() {
        return Objects.requireNonNull(samples.path().getParent());
    }

    /** Milliseconds of the store's clock. */
    long nowMs() {
        return options.environment().clock().millis();
    }

    /** Compression that is running ends and leaves everything as it was; none begins any more. */
    void stopRewrites() {
        samplesLifecycle.close();
        chunksLifecycle.close();
    }

    /** Closes everything, what was opened last first; uncommitted samples are dropped. */
    @Override
    public void close() {
        opened.close();
    }
}
