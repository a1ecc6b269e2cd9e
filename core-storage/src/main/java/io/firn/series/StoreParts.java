package io.firn.series;

import io.firn.cache.CacheHierarchy;
import io.firn.error.FirnException;
import io.firn.lifecycle.LifecycleManager;
import io.firn.lifecycle.LifecycleOptions;
import io.firn.partition.PartitionScheme;
import io.firn.table.CompressionPolicy;
import io.firn.table.Table;
import io.firn.table.TableConfig;
import io.firn.table.TableEnvironment;
import io.firn.table.TableOption;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

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
 * @param opened everything, what was opened last in front
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
        Deque<AutoCloseable> opened)
        implements AutoCloseable {
    static final String SAMPLES = "samples";
    static final String CHUNKS = "chunks";
    static final String BLOCKS = "blocks";
    /** Chunks are small already: little is lost by blocks that a random read decompresses quickly. */
    private static final String COLD_BLOCK_BYTES = "256KiB";
    /** One thread forces one file after the other: there are few. */
    private static final LifecycleOptions LIFECYCLE =
            LifecycleOptions.defaults().withForceThreads(1);

    /** Opens the tables of a store, or makes those that are not there; takes their writers. */
    static StoreParts open(Path root, SeriesStoreOptions options) {
        Deque<AutoCloseable> opened = new ArrayDeque<>();
        try {
            return open(root, options, opened);
        } catch (RuntimeException failed) {
            closeAll(opened, failed);
            throw failed;
        }
    }

    private static StoreParts open(Path root, SeriesStoreOptions options, Deque<AutoCloseable> opened) {
        TableConfig plain = config(options).build();
        TableConfig pointReads = config(options)
                .indexStride(1)
                .set(TableOption.COMPRESSION_BLOCK_SIZE, COLD_BLOCK_BYTES)
                .build();
        Table samples = keep(table(root.resolve(SAMPLES), HeadLog.SCHEME, plain, options), opened);
        Table chunks = keep(table(root.resolve(CHUNKS), BlockTable.SCHEME, pointReads, options), opened);
        Table blocks = keep(table(root.resolve(BLOCKS), PartitionScheme.unpartitioned(), plain, options), opened);
        HeadLog log = keep(HeadLog.open(samples, options.takeOver()), opened);
        BlockTable blockTable = keep(BlockTable.open(chunks, options.takeOver()), opened);
        Manifest manifest = keep(Manifest.open(blocks, options.takeOver()), opened);
        return new StoreParts(
                options,
                samples,
                chunks,
                log,
                blockTable,
                manifest,
                cache(options, opened),
                keep(LifecycleManager.open(samples, LIFECYCLE), opened),
                keep(LifecycleManager.open(chunks, LIFECYCLE), opened),
                opened);
    }

    static <T extends AutoCloseable> T keep(T part, Deque<AutoCloseable> opened) {
        opened.push(part);
        return part;
    }

    private static Table table(Path path, PartitionScheme scheme, TableConfig config, SeriesStoreOptions options) {
        return Table.openOrCreate(path, scheme, config, options.environment().withoutCache());
    }

    /** The environment's cache, or one of the store's own; the tables have none, for one is enough. */
    private static CacheHierarchy cache(SeriesStoreOptions options, Deque<AutoCloseable> opened) {
        TableEnvironment environment = options.environment();
        return environment.givenCache().orElseGet(() -> keep(environment.openCache(options.cacheOptions()), opened));
    }

    private static TableConfig.Builder config(SeriesStoreOptions options) {
        return TableConfig.builder()
                .set(TableOption.SEGMENT_SIZE, Long.toString(options.number(SeriesOption.SEGMENT_SIZE)))
                .validatePartitionOrder(false)
                .compressionPolicy(new CompressionPolicy.Never())
                .trackAccess(false);
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
        closeAll(opened, null);
    }

    static void closeAll(Deque<AutoCloseable> opened, @Nullable RuntimeException why) {
        RuntimeException first = why;
        while (!opened.isEmpty()) {
            try {
                opened.pop().close();
            } catch (FirnException failed) {
                if (first == null) {
                    first = failed;
                } else {
                    first.addSuppressed(failed);
                }
            } catch (Exception unexpected) {
                throw new IllegalStateException("no part of a store throws this when it is closed", unexpected);
            }
        }
        if (first != null && why == null) {
            throw first;
        }
    }
}
