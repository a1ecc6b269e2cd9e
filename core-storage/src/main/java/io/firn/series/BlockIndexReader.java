package io.firn.series;

import io.firn.error.CorruptDataException;
import io.firn.record.RecordView;
import io.firn.table.PointReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.roaringbitmap.PeekableIntIterator;
import org.roaringbitmap.RoaringBitmap;

/** Reads the index of a block, as {@link BlockRecords} says. One use, one thread. */
final class BlockIndexReader {
    private final Path table;
    private final BlockInfo block;
    private final SymbolTable symbols = new SymbolTable();
    private final BlockContent content = new BlockContent(symbols);
    private int lastRecord;
    private int nextOffset;

    /** A reader of one index; the table is for messages. */
    BlockIndexReader(Path table, BlockInfo block) {
        this.table = table;
        this.block = block;
    }

    /**
     * Reads the index.
     *
     * @throws CorruptDataException when it is damaged or not all of it is there
     */
    static BlockContent read(PointReader reader, BlockInfo block) {
        BlockIndexReader index = new BlockIndexReader(reader.tablePath(), block);
        for (long sequence = block.indexSequence(); sequence < block.endSequence(); sequence++) {
            RecordBytes bytes = record(reader, block, sequence);
            index.take(reader.record(), bytes);
        }
        return index.finish();
    }

    /** What has been read so far. */
    BlockContent content() {
        return content;
    }

    private BlockContent finish() {
        if (content.index().size() != block.series() || content.chunks().chunks() != block.chunks()) {
            throw missing(
                    table,
                    block,
                    "an index of " + content.index().size() + " series and "
                            + content.chunks().chunks() + " chunks");
        }
        content.trim();
        return content;
    }

    /** Moves to a record of a block. */
    static RecordBytes record(PointReader reader, BlockInfo block, long sequence) {
        if (!reader.seek(sequence)) {
            throw missing(reader.tablePath(), block, "no record " + sequence);
        }
        return new RecordBytes(reader.record(), reader.path(), reader.offset());
    }

    private static CorruptDataException missing(Path table, BlockInfo block, String found) {
        return new CorruptDataException(
                table,
                0,
                "expected block " + block.id() + " with " + block.series() + " series and " + block.chunks()
                        + " chunks in the records " + block.firstSequence() + " to " + (block.endSequence() - 1)
                        + ", found " + found);
    }

    /** Takes the next record. */
    void take(RecordView record, RecordBytes bytes) {
        int count = bytes.count(bytes.remaining(), "number of entries");
        for (int i = 0; i < count; i++) {
            switch (record.typeId()) {
                case BlockRecords.SYMBOLS -> takeSymbol(bytes);
                case BlockRecords.SERIES -> takeSeries(bytes);
                case BlockRecords.POSTINGS -> takePostings(bytes);
                default -> throw bytes.corrupt("unknown type " + record.typeId() + " in the index");
            }
        }
        bytes.expectEnd();
    }

    private void takeSymbol(RecordBytes bytes) {
        int expected = symbols.size();
        if (symbols.add(bytes.text()) != expected) {
            throw bytes.corrupt("symbol " + expected + " stands twice");
        }
    }

    private void takeSeries(RecordBytes bytes) {
        SeriesType type = SeriesType.of(bytes.octet(), bytes);
        int[] pairs = new int[2 * bytes.count(bytes.remaining(), "number of labels")];
        for (int i = 0; i < pairs.length; i++) {
            pairs[i] = takeSymbolNumber(bytes);
        }
        content.addSeries(pairs, type);
        int chunks = bytes.count(bytes.remaining(), "number of chunks");
        long last = 0;
        for (int i = 0; i < chunks; i++) {
            last = takeChunk(bytes, last);
        }
    }

    private int takeSymbolNumber(RecordBytes bytes) {
        return bytes.count(symbols.size() - 1L, "number of a symbol");
    }

    private long takeChunk(RecordBytes bytes, long last) {
        int distance = bytes.count(Integer.MAX_VALUE - lastRecord, "distance of records");
        nextOffset = distance == 0 ? nextOffset : 0;
        lastRecord += distance;
        int size = bytes.count(Integer.MAX_VALUE - nextOffset, "size of a chunk");
        int count = bytes.count(Integer.MAX_VALUE, "number of samples");
        if (count == 0) {
            throw bytes.corrupt("a chunk without samples");
        }
        content.chunks().addChunk(lastRecord, nextOffset, size, count);
        nextOffset += size;
        long min = last + bytes.signed();
        long max = min + bytes.unsigned();
        content.chunks().setTimestamps(min, max);
        if (count >= ChunkDirectory.MIN_AGGREGATED) {
            content.chunks().setAggregates(bytes.real(), bytes.real(), bytes.real());
        }
        return max;
    }

    private void takePostings(RecordBytes bytes) {
        int name = takeSymbolNumber(bytes);
        int value = takeSymbolNumber(bytes);
        int size = bytes.count(bytes.remaining(), "size of a bitmap");
        RoaringBitmap refs = new RoaringBitmap();
        if (size == 0) {
            refs.add(bytes.count(content.index().size() - 1L, "number of a series"));
        } else {
            ByteBuffer slice = bytes.slice(size);
            try {
                refs.deserialize(slice);
                checkAscending(refs);
            } catch (IOException | RuntimeException damaged) {
                throw bytes.corrupt("bitmap: " + damaged.getMessage());
            }
        }
        if (refs.isEmpty() || refs.last() >= content.index().size()) {
            throw bytes.corrupt(
                    "a bitmap with other series than the " + content.index().size() + " of the block");
        }
        content.index().postings().add(name, value, refs);
    }

    /** What Roaring believes: its containers may be empty, out of order, or hold others than they say. */
    private static void checkAscending(RoaringBitmap refs) {
        long last = -1;
        long count = 0;
        PeekableIntIterator each = refs.getIntIterator();
        while (each.hasNext()) {
            long next = Integer.toUnsignedLong(each.next());
            if (next <= last) {
                throw new IllegalArgumentException(next + " comes after " + last);
            }
            last = next;
            count++;
        }
        if (count != refs.getLongCardinality()) {
            throw new IllegalArgumentException(count + " numbers instead of " + refs.getLongCardinality());
        }
    }
}
