package io.firn.series;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.stats.CacheStats;
import io.firn.series.codec.BlockCompressor;
import io.firn.series.codec.SampleDecoder;
import io.firn.table.PointReader;
import io.firn.table.Table;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Gives access to the content of blocks: indexes by a cache of bounded weight, records by readers that are lent and
 * come back. Thread-safe.
 */
final class BlockLibrary implements AutoCloseable {
    private static final int MAX_IDLE_READERS = 8;

    private final Table table;
    private final BlockCompressor compressor;
    private final Cache<Long, BlockContent> indexes;
    private final ConcurrentLinkedDeque<Tools> idle = new ConcurrentLinkedDeque<>();
    private final AtomicInteger idleCount = new AtomicInteger();
    /** Counts removals: a reader that was lent before one may keep files open that are gone. */
    private final AtomicLong removals = new AtomicLong();

    private volatile boolean closed;

    BlockLibrary(Table table, long cacheBytes) {
        this.table = table;
        this.compressor = new ColdCompressor(table.environment().codecs());
        this.indexes = Caffeine.newBuilder()
                .maximumWeight(cacheBytes)
                .weigher((Long id, BlockContent content) -> (int) Math.min(Integer.MAX_VALUE, 1 + content.heapBytes()))
                .executor(Runnable::run)
                .recordStats()
                .build();
    }

    /** What reading needs and is worth keeping: a decoder holds 150 KiB. */
    private record Tools(PointReader reader, SampleDecoder decoder) {}

    /** A reader that is lent; closing gives it back. Confined to one thread. */
    final class Lent implements AutoCloseable {
        private final Tools tools;
        private final long removalsBefore;
        private boolean returned;

        private Lent(Tools tools, long removalsBefore) {
            this.tools = tools;
            this.removalsBefore = removalsBefore;
        }

        PointReader reader() {
            return tools.reader();
        }

        SampleDecoder decoder() {
            return tools.decoder();
        }

        @Override
        public void close() {
            if (!returned) {
                returned = true;
                giveBack(tools, removalsBefore);
            }
        }
    }

    Lent lend() {
        long before = removals.get();
        Tools tools = idle.poll();
        if (tools == null) {
            return new Lent(new Tools(table.pointReader(BlockTable.WRITER), new SampleDecoder(compressor)), before);
        }
        idleCount.decrementAndGet();
        return new Lent(tools, before);
    }

    private void giveBack(Tools tools, long removalsBefore) {
        boolean stale = removals.get() != removalsBefore;
        if (stale || closed || idleCount.get() >= MAX_IDLE_READERS) {
            tools.reader().close();
        } else {
            idleCount.incrementAndGet();
            idle.push(tools);
        }
    }

    /** Labels and chunk directory of a block, read once however many ask. */
    LoadedBlock load(BlockInfo block, PointReader reader) {
        return new LoadedBlock(block, indexes.get(block.id(), id -> BlockIndexReader.read(reader, block)));
    }

    /** Forgets blocks that are removed, and lets go of their files. */
    void removed(Collection<Long> blocks) {
        removals.incrementAndGet();
        indexes.invalidateAll(blocks);
        for (Tools tools = idle.poll(); tools != null; tools = idle.poll()) {
            idleCount.decrementAndGet();
            tools.reader().close();
        }
    }

    /** Forgets every index; the next selections read them again. */
    void forgetIndexes() {
        indexes.invalidateAll();
    }

    SeriesStats.IndexCache statistics() {
        CacheStats stats = indexes.stats();
        return new SeriesStats.IndexCache(stats.hitCount(), stats.missCount(), indexes.estimatedSize());
    }

    @Override
    public void close() {
        closed = true;
        indexes.invalidateAll();
        removed(List.of());
    }
}
