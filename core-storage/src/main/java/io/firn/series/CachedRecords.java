package io.firn.series;

import io.firn.cache.BlockKey;
import io.firn.cache.BlockSource;
import io.firn.cache.BlockStream;
import io.firn.cache.CacheHierarchy;
import io.firn.fs.BufferPool;
import io.firn.fs.PooledBuffer;
import io.firn.metrics.OperationMetrics;
import io.firn.table.Table;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The chunk records of all blocks by the store's cache: encoded, about 32 KiB each. Decoding 1,024 samples takes a few
 * microseconds and makes them ten times as large, so memory holds ten times as many in this form. Thread-safe.
 */
final class CachedRecords implements AutoCloseable {
    /** A selection that wants more than this part of memory reads past the cache, as does a new block. */
    private static final int LARGEST_PART = 4;

    private final Table table;
    private final BlockLibrary library;
    private final CacheHierarchy cache;
    private final BufferPool buffers;
    private final OperationMetrics metrics;
    private final boolean prefetches;
    /** What is guessed for each block; a stream holds some KiB. */
    private final Map<Long, BlockStream> streams = new ConcurrentHashMap<>();

    CachedRecords(Table table, BlockLibrary library, CacheHierarchy cache, OperationMetrics metrics) {
        this.table = table;
        this.library = library;
        this.cache = cache;
        this.buffers = table.environment().buffers();
        this.metrics = metrics;
        this.prefetches = cache.options().enabled() && cache.options().prefetchMaxBytes() > 0;
    }

    CacheHierarchy cache() {
        return cache;
    }

    /** Bytes of a new block that are put into memory when it is made. */
    long keptBytes() {
        return cache.options().enabled() ? cache.options().l1MaxBytes() / LARGEST_PART : 0;
    }

    /** Whether the cache serves a selection of so many series of a block; a scan would only push others out. */
    boolean serves(BlockInfo block, int series) {
        if (!cache.options().enabled()) {
            return false;
        }
        double bytes = (double) block.encodedBytes() * series / Math.max(1, block.series());
        return !cache.isMemoryOnly() || prefetches || bytes <= keptBytes();
    }

    /**
     * A block as the cache sees it. A store gives no number twice, but one that was restored from a backup may: what
     * else is known of the block tells the two apart.
     */
    StoredBlock stored(BlockInfo block) {
        String content =
                table.id() + "." + block.createdMs() + "." + block.firstSequence() + "." + block.encodedBytes();
        String identity = pathOf(block.id()).toString() + BlockKey.IDENTITY_SEPARATOR + content;
        return new StoredBlock(block, identity, library, buffers);
    }

    /** What the paths of a block's files begin with. */
    Path pathOf(long block) {
        return table.path().resolve(BlockTable.BLOCK + "=" + block);
    }

    /** Gives a record; the caller closes it. */
    PooledBuffer get(StoredBlock block, int record) {
        Watched source = new Watched(block.source(record));
        PooledBuffer found = prefetches ? stream(block).get(record, source) : cache.get(block.key(record), source);
        if (source.asked) {
            metrics.recordCacheMiss();
        } else {
            metrics.recordCacheHit();
        }
        return found;
    }

    private BlockStream stream(StoredBlock block) {
        return streams.computeIfAbsent(block.info().id(), id -> cache.stream(block));
    }

    /** Puts the first records of a block that was just made into memory. */
    void keep(BlockInfo block, List<byte[]> records) {
        StoredBlock stored = stored(block);
        for (int i = 0; i < records.size(); i++) {
            try (PooledBuffer copy = StoredBlock.copy(ByteBuffer.wrap(records.get(i)), buffers)) {
                cache.put(stored.key(i), copy);
            }
        }
    }

    /** Forgets blocks in every level. */
    void forget(Collection<Long> blocks) {
        blocks.forEach(block -> {
            BlockStream stream = streams.remove(block);
            if (stream != null) {
                stream.close();
            }
        });
        cache.forgetAll(blocks.stream().map(block -> pathOf(block).toString()).collect(Collectors.toSet()));
    }

    /** Loads what was in memory when the last run ended, of these blocks. */
    int warm(List<BlockInfo> blocks) {
        Map<String, StoredBlock> byIdentity = new HashMap<>();
        blocks.forEach(block -> {
            StoredBlock stored = stored(block);
            byIdentity.put(stored.identity(), stored);
        });
        return cache.warm(key -> sourceOf(byIdentity.get(key.file()), key));
    }

    private static @Nullable BlockSource sourceOf(@Nullable StoredBlock block, BlockKey key) {
        return block == null || key.block() >= block.blockCount() ? null : block.source(key.block());
    }

    /** Ends guessing; the cache stays open. */
    @Override
    public void close() {
        streams.values().forEach(BlockStream::close);
        streams.clear();
    }

    /** Notes whether the store was asked. */
    private static final class Watched implements BlockSource {
        private final BlockSource source;
        private boolean asked;

        Watched(BlockSource source) {
            this.source = source;
        }

        @Override
        public PooledBuffer readStored() {
            asked = true;
            return source.readStored();
        }

        @Override
        public PooledBuffer decode(PooledBuffer stored) {
            return source.decode(stored);
        }
    }
}
