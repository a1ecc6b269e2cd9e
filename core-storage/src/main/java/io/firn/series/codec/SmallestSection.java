package io.firn.series.codec;

import io.firn.record.Varint;
import java.nio.ByteBuffer;

/** Keeps the smallest of several layouts of one column. Confined to one thread. */
final class SmallestSection {
    private final BlockCompressor compressor;
    private final ByteBuffer raw;
    private final ByteBuffer compressed;
    private final ByteSink smallest = new ByteSink(0);
    private int layout;
    private boolean isEmpty;

    SmallestSection(BlockCompressor compressor, int maxRawBytes) {
        this.compressor = compressor;
        raw = ByteBuffer.allocateDirect(maxRawBytes);
        compressed = ByteBuffer.allocateDirect(compressor.maxCompressedBytes(maxRawBytes));
    }

    void clear() {
        isEmpty = true;
    }

    /** Number of the smallest layout. */
    int layout() {
        return layout;
    }

    /** Its bytes. */
    ByteSink bytes() {
        return smallest;
    }

    /** Takes a layout as it is, if it is smaller than those before. */
    void offer(int offered, ByteSink bytes) {
        if (isEmpty || bytes.size() < smallest.size()) {
            keep(offered);
            smallest.append(bytes.array(), 0, bytes.size());
        }
    }

    /** Takes a layout compressed, behind its raw size, if that is smaller than those before. */
    void offerCompressed(int offered, ByteSink bytes) {
        raw.clear().put(bytes.array(), 0, bytes.size()).flip();
        int size = compressor.compress(raw, compressed.clear());
        int head = Varint.sizeOf(bytes.size());
        if (isEmpty || head + size < smallest.size()) {
            keep(offered);
            smallest.unsigned(bytes.size());
            smallest.append(compressed, size);
        }
    }

    private void keep(int kept) {
        layout = kept;
        isEmpty = false;
        smallest.resize(0);
    }
}
