package io.firn.series;

import java.nio.ByteBuffer;
import java.util.Comparator;
import java.util.stream.IntStream;
import org.roaringbitmap.RoaringBitmap;

/** Writes the index of a block, as {@link BlockRecords} says. One use, one thread. */
final class BlockIndexWriter {
    private final BlockTable table;
    private final BlockContent content;
    private final SymbolTable symbols;
    /** Number of each symbol in the order of the texts. */
    private final int[] ranks;

    private final RecordSink entries = new RecordSink(2 * BlockRecords.TARGET_BYTES);
    private int count;
    private int lastRecord;

    BlockIndexWriter(BlockTable table, BlockContent content) {
        this.table = table;
        this.content = content;
        this.symbols = content.index().symbols();
        this.ranks = symbols.ranks();
    }

    void write() {
        for (int symbol : symbols.sorted()) {
            entries.text(symbols.get(symbol));
            endEntry(BlockRecords.SYMBOLS);
        }
        endRecord(BlockRecords.SYMBOLS);
        for (int ref = 0; ref < content.index().size(); ref++) {
            putSeries(ref);
            endEntry(BlockRecords.SERIES);
        }
        endRecord(BlockRecords.SERIES);
        for (int pair : sortedPairs()) {
            putPostings(pair);
            endEntry(BlockRecords.POSTINGS);
        }
        endRecord(BlockRecords.POSTINGS);
    }

    private void putSeries(int ref) {
        int[] pairs = content.index().symbolPairs(ref);
        entries.octet(content.type(ref).id()).unsigned(pairs.length / 2);
        for (int symbol : pairs) {
            entries.unsigned(ranks[symbol]);
        }
        ChunkDirectory chunks = content.chunks();
        entries.unsigned(chunks.end(ref) - chunks.first(ref));
        long last = 0;
        for (int chunk = chunks.first(ref); chunk < chunks.end(ref); chunk++) {
            putChunk(chunks, chunk, last);
            last = chunks.maxTimestamp(chunk);
        }
    }

    private void putChunk(ChunkDirectory chunks, int chunk, long last) {
        entries.unsigned(chunks.record(chunk) - lastRecord)
                .unsigned(chunks.sizeBytes(chunk))
                .unsigned(chunks.count(chunk))
                .signed(chunks.minTimestamp(chunk) - last)
                .unsigned(chunks.maxTimestamp(chunk) - chunks.minTimestamp(chunk));
        lastRecord = chunks.record(chunk);
        if (chunks.isAggregated(chunk)) {
            entries.real(chunks.minValue(chunk)).real(chunks.maxValue(chunk)).real(chunks.sum(chunk));
        }
    }

    private int[] sortedPairs() {
        Postings postings = content.index().postings();
        Comparator<Integer> order = Comparator.comparingInt((Integer pair) -> ranks[postings.name(pair)])
                .thenComparingInt(pair -> ranks[postings.value(pair)]);
        return IntStream.range(0, postings.size())
                .boxed()
                .sorted(order)
                .mapToInt(Integer::intValue)
                .toArray();
    }

    private void putPostings(int pair) {
        Postings postings = content.index().postings();
        RoaringBitmap refs = postings.refs(pair);
        entries.unsigned(ranks[postings.name(pair)]).unsigned(ranks[postings.value(pair)]);
        if (refs.getCardinality() == 1) {
            entries.unsigned(0).unsigned(refs.first());
            return;
        }
        RoaringBitmap compact = refs.clone();
        compact.runOptimize();
        int size = compact.serializedSizeInBytes();
        entries.unsigned(size);
        ByteBuffer bytes = ByteBuffer.allocate(size);
        compact.serialize(bytes);
        entries.reserve(size).put(bytes.flip());
    }

    private void endEntry(int type) {
        count++;
        if (entries.size() >= BlockRecords.TARGET_BYTES) {
            endRecord(type);
        }
    }

    private void endRecord(int type) {
        if (count > 0) {
            RecordSink record = new RecordSink(entries.size() + Long.BYTES);
            record.unsigned(count);
            record.reserve(entries.size()).put(entries.toBuffer());
            table.append(type, record);
            entries.clear();
            count = 0;
        }
    }
}
