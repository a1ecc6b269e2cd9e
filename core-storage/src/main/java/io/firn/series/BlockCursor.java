package io.firn.series;

import io.firn.error.CorruptDataException;
import io.firn.record.RecordView;
import io.firn.series.codec.ChunkFormat;
import io.firn.series.codec.ChunkPlace;
import io.firn.series.codec.GroupFormat;
import io.firn.series.codec.SampleDecoder;
import io.firn.table.PointReader;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.roaringbitmap.PeekableIntIterator;
import org.roaringbitmap.RoaringBitmap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Series of one block that fulfil some conditions, with their samples in a time range; chunks outside of it are not
 * read. Confined to one thread.
 */
final class BlockCursor implements SeriesSource {
    private static final Logger LOG = LoggerFactory.getLogger(BlockCursor.class);

    private final BlockInfo block;
    private final BlockContent content;
    private final List<Tombstone> tombstones;
    private final PeekableIntIterator refs;
    private final Reading reading;
    private final @Nullable CachedWindow window;
    private long[] timestamps = new long[ChunkFormat.MAX_SAMPLES];
    private double[] values = new double[ChunkFormat.MAX_SAMPLES];
    private Labels labels = Labels.EMPTY;
    private int ref;

    /**
     * What the cursors of one selection share.
     *
     * @param reader finds records
     * @param decoder decodes chunks and groups
     * @param range the timestamps that are wanted
     * @param counters counts what is read and what is not
     * @param cache gives records; without one they are read
     */
    record Reading(
            PointReader reader,
            SampleDecoder decoder,
            TimeRange range,
            ReadCounters counters,
            @Nullable CachedRecords cache) {
        Reading(PointReader reader, SampleDecoder decoder, TimeRange range, ReadCounters counters) {
            this(reader, decoder, range, counters, null);
        }

        /** The same by a cache. */
        Reading by(CachedRecords records) {
            return new Reading(reader, decoder, range, counters, records);
        }
    }

    BlockCursor(LoadedBlock loaded, PeekableIntIterator refs, List<Tombstone> tombstones, Reading reading) {
        this.block = loaded.info();
        this.content = loaded.content();
        this.refs = refs;
        this.tombstones = tombstones;
        this.reading = reading;
        this.window = reading.cache() == null ? null : new CachedWindow(reading.cache(), loaded.info());
    }

    /** All series of a block. */
    static BlockCursor all(LoadedBlock loaded, List<Tombstone> tombstones, Reading reading) {
        RoaringBitmap refs =
                RoaringBitmap.bitmapOfRange(0, loaded.content().index().size());
        return new BlockCursor(loaded, refs.getIntIterator(), tombstones, reading);
    }

    @Override
    public boolean next() {
        if (!refs.hasNext()) {
            return false;
        }
        ref = refs.next();
        labels = content.index().labels(ref);
        return true;
    }

    @Override
    public Labels labels() {
        return labels;
    }

    @Override
    public SeriesType type() {
        return content.type(ref);
    }

    @Override
    public SampleCursor samples() {
        List<TimeRange> deleted = tombstones.stream()
                .filter(tombstone ->
                        tombstone.chooses(labels, reading.counters().deletions()))
                .map(Tombstone::range)
                .toList();
        return new Samples(deleted);
    }

    /** The samples of the present series. */
    private final class Samples implements SampleCursor {
        private final List<TimeRange> deleted;
        private final int endChunk = content.chunks().end(ref);
        private int chunk = content.chunks().first(ref) - 1;
        private int at;
        private int count;
        /** Whether every sample of the present chunk is wanted. */
        private boolean isWhole;

        Samples(List<TimeRange> deleted) {
            this.deleted = deleted;
        }

        @Override
        public boolean next() {
            at++;
            return (at < count && isWhole) || nextWanted();
        }

        private boolean nextWanted() {
            while (at < count || nextChunk()) {
                if (isWhole || isWanted(timestamps[at])) {
                    return true;
                }
                at++;
            }
            return false;
        }

        @Override
        public long timestamp() {
            return timestamps[at];
        }

        @Override
        public double value() {
            return values[at];
        }

        private boolean isWanted(long timestamp) {
            if (!reading.range().includes(timestamp)) {
                return false;
            }
            for (int i = 0; i < deleted.size(); i++) { // an iterator would be an object for each sample
                if (deleted.get(i).includes(timestamp)) {
                    return false;
                }
            }
            return true;
        }

        private boolean nextChunk() {
            ChunkDirectory chunks = content.chunks();
            while (chunk + 1 < endChunk) {
                chunk++;
                long min = chunks.minTimestamp(chunk);
                long max = chunks.maxTimestamp(chunk);
                boolean gone = deleted.stream().anyMatch(range -> range.covers(min, max));
                if (reading.range().overlaps(min, max) && !gone) {
                    isWhole = reading.range().covers(min, max)
                            && deleted.stream().noneMatch(range -> range.overlaps(min, max));
                    count = decode(chunk);
                    at = 0;
                    return true;
                }
                reading.counters().chunkSkipped(chunks.sizeBytes(chunk));
            }
            count = 0;
            return false;
        }
    }

    private int decode(int chunk) {
        reserve(content.chunks().count(chunk));
        int count = window == null ? decodeStored(chunk) : decodeCached(chunk, window);
        reading.counters().chunkRead(content.chunks().sizeBytes(chunk), count);
        return count;
    }

    private int decodeCached(int chunk, CachedWindow cached) {
        ChunkDirectory chunks = content.chunks();
        ByteBuffer record = cached.record(chunks.record(chunk));
        int end = chunks.offset(chunk) + chunks.sizeBytes(chunk);
        try {
            if (end <= record.capacity()) {
                ByteBuffer encoded = record.slice(chunks.offset(chunk), chunks.sizeBytes(chunk));
                ChunkPlace place = new ChunkPlace(cached.path(), chunks.offset(chunk));
                int count = reading.decoder().decode(encoded, place, timestamps, values, 0);
                if (isOf(chunk, count)) {
                    return count;
                }
            }
            LOG.warn("a cached record is not what the index says, it is read again path={}", cached.path());
        } catch (CorruptDataException damaged) {
            LOG.warn("a cached record is damaged, it is read again path={}", cached.path(), damaged);
        }
        cached.forget();
        return decodeStored(chunk);
    }

    private boolean isOf(int chunk, int count) {
        ChunkDirectory chunks = content.chunks();
        return count == chunks.count(chunk)
                && timestamps[0] == chunks.minTimestamp(chunk)
                && timestamps[count - 1] == chunks.maxTimestamp(chunk);
    }

    private int decodeStored(int chunk) {
        ChunkDirectory chunks = content.chunks();
        PointReader reader = reading.reader();
        RecordBytes bytes = BlockIndexReader.record(reader, block, block.firstSequence() + chunks.record(chunk));
        RecordView record = reader.record();
        ByteBuffer value = record.value();
        int end = chunks.offset(chunk) + chunks.sizeBytes(chunk);
        if (record.typeId() != BlockRecords.CHUNKS || value == null || end > value.remaining()) {
            throw bytes.corrupt("no chunk of " + chunks.sizeBytes(chunk) + " bytes at " + chunks.offset(chunk));
        }
        ByteBuffer encoded = value.slice(value.position() + chunks.offset(chunk), chunks.sizeBytes(chunk));
        ChunkPlace place = new ChunkPlace(reader.path(), reader.offset());
        int count = reading.decoder().decode(encoded, place, timestamps, values, 0);
        if (!isOf(chunk, count)) {
            throw bytes.corrupt("a chunk of " + count + " samples, the index says " + chunks.count(chunk) + " from "
                    + chunks.minTimestamp(chunk) + " to " + chunks.maxTimestamp(chunk));
        }
        return count;
    }

    /** Makes room for the samples of a chunk or a group; of what cannot be one the decoder says so. */
    private void reserve(int count) {
        if (count > timestamps.length) {
            timestamps = new long[GroupFormat.MAX_SAMPLES];
            values = new double[GroupFormat.MAX_SAMPLES];
        }
    }

    @Override
    public void close() {
        if (window != null) {
            window.close();
        }
    }
}
