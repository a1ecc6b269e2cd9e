package io.firn.segment;

import io.firn.cache.BlockCache;
import io.firn.cache.CacheHierarchy;
import io.firn.compress.ZstdCodecs;
import io.firn.fs.BufferPool;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What readers of segments share. Who makes codecs and cache closes them.
 *
 * @param codecs decompresses cold segments
 * @param cache keeps blocks of cold segments for random reads
 * @param readBufferBytes size of a cursor's buffer, {@code >= 4096}; it grows for larger records
 * @param readAhead loads blocks of sealed segments ahead of sequential readers
 * @param tableId the table that the segments must be of; null when any will do
 */
public record SegmentAccess(
        ZstdCodecs codecs,
        CacheHierarchy cache,
        int readBufferBytes,
        ReadAhead readAhead,
        @Nullable UUID tableId) {
    /** The default of {@code readBufferBytes}. */
    public static final int DEFAULT_READ_BUFFER_BYTES = 256 << 10;

    /** The smallest read buffer. */
    public static final int MIN_READ_BUFFER_BYTES = 4096;

    private static final long MAX_DEFAULT_CACHE_BYTES = 32L << 20;

    /** Checks the size. */
    public SegmentAccess {
        if (readBufferBytes < MIN_READ_BUFFER_BYTES) {
            throw new IllegalArgumentException("read buffer of " + readBufferBytes + " bytes");
        }
    }

    /** Access to the segments of any table. */
    public SegmentAccess(ZstdCodecs codecs, CacheHierarchy cache, int readBufferBytes, ReadAhead readAhead) {
        this(codecs, cache, readBufferBytes, readAhead, null);
    }

    /** The same without read-ahead, and with a cache in memory only. */
    public SegmentAccess(ZstdCodecs codecs, BlockCache cache, int readBufferBytes) {
        this(codecs, CacheHierarchy.of(cache), readBufferBytes, ReadAhead.off());
    }

    /** Access with read buffers of the default size, codecs of its own, without a cache and read-ahead. */
    public static SegmentAccess of(BufferPool buffers) {
        return new SegmentAccess(new ZstdCodecs(buffers), BlockCache.ofBytes(0), DEFAULT_READ_BUFFER_BYTES);
    }

    /**
     * Access for a process that reads for long: a cache of 32 MiB, and never more than a sixteenth of the heap's limit,
     * for random reads of cold segments. Without read-ahead.
     */
    public static SegmentAccess withDefaultCache(BufferPool buffers) {
        long cacheBytes = Math.min(MAX_DEFAULT_CACHE_BYTES, Runtime.getRuntime().maxMemory() / 16);
        return new SegmentAccess(new ZstdCodecs(buffers), BlockCache.ofBytes(cacheBytes), DEFAULT_READ_BUFFER_BYTES);
    }

    /** Where read buffers come from. */
    public BufferPool buffers() {
        return codecs.buffers();
    }

    /** The same with another size of read buffers: many open cursors share a bound of memory. */
    public SegmentAccess withReadBufferBytes(int bytes) {
        return new SegmentAccess(codecs, cache, bytes, readAhead, tableId);
    }

    /** The same with another cache, which who made it closes. */
    public SegmentAccess withCache(CacheHierarchy other) {
        return new SegmentAccess(codecs, other, readBufferBytes, readAhead, tableId);
    }

    /** The same for the segments of one table: another one's, which have the same names, are refused. */
    public SegmentAccess ofTable(UUID id) {
        return new SegmentAccess(codecs, cache, readBufferBytes, readAhead, id);
    }

    /** The same without a cache: for who reads a file that gets another name, or caches what he reads himself. */
    public SegmentAccess withoutCache() {
        return withCache(CacheHierarchy.of(BlockCache.ofBytes(0)));
    }

    /** The same with another read-ahead. */
    public SegmentAccess withReadAhead(ReadAhead other) {
        return new SegmentAccess(codecs, cache, readBufferBytes, other, tableId);
    }
}
