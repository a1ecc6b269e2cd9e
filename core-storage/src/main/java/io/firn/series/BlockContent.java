package io.firn.series;

import java.util.Arrays;

/** Labels, types and chunks of a block in memory. Filled by one thread, then read by any. */
final class BlockContent {
    private final SeriesIndex index;
    private final ChunkDirectory chunks = new ChunkDirectory();
    private byte[] types = new byte[8];

    /** A block that is being written. */
    BlockContent() {
        this(new SymbolTable());
    }

    /** A block whose symbols are known. */
    BlockContent(SymbolTable symbols) {
        this.index = new SeriesIndex(symbols);
    }

    SeriesIndex index() {
        return index;
    }

    ChunkDirectory chunks() {
        return chunks;
    }

    SeriesType type(int ref) {
        return SeriesType.of(types[ref]);
    }

    /** Adds a series; its chunks follow. */
    void addSeries(Labels labels, SeriesType type) {
        index.add(labels);
        addType(type);
    }

    /** Adds a series whose postings come apart. */
    void addSeries(int[] symbolPairs, SeriesType type) {
        index.append(symbolPairs);
        addType(type);
    }

    private void addType(SeriesType type) {
        int ref = index.size() - 1;
        if (ref == types.length) {
            types = Arrays.copyOf(types, 2 * ref);
        }
        types[ref] = (byte) type.id();
        chunks.addSeries();
    }

    /** Nothing is added any more. */
    void trim() {
        index.trim();
    }

    long heapBytes() {
        return index.heapBytes() + chunks.heapBytes() + types.length;
    }
}
