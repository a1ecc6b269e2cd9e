package io.firn.series.codec;

import io.firn.record.Varint;
import java.nio.ByteBuffer;

/** Keeps the smallest of several layouts of one column. Confined to one thread. */
final class SmallestSection {
    private final BlockCompressor compressor;
    private final ByteBuffer raw;
    private final ByteBuffer compressed;
    private final ByteSink smallest = new ByteSink(0);
    /** What the smallest was before it was compressed; empty when it was not. */
    private final ByteSink uncompressed = new ByteSink(0);

    private int layout;
    private boolean isEmpty;

    SmallestSection(BlockCompressor compressor, int maxRawBytes) {
        this.compressor = compressor;
        raw = ByteBuffer.allocateDirect(maxRawBytes);
        compressed = ByteBuffer.allocateDirect(compressor.maxCompressedBytes(maxRawBytes));
    }

    void clear() {
        isEmpty = true;
        uncompressed.resize(0);
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
        if (isEmpty || Varint.sizeOf(bytes.size()) + size < smallest.size()) {
            keepCompressed(offered, bytes.size(), size);
            uncompressed.append(bytes.array(), 0, bytes.size());
        }
    }

    /** Makes the smallest smaller, if it is compressed and more effort can do it. */
    void squeeze() {
        int rawSize = uncompressed.size();
        if (rawSize > 0) {
            raw.clear().put(uncompressed.array(), 0, rawSize).flip();
            int size = compressor.compressHarder(raw, compressed.clear());
            if (Varint.sizeOf(rawSize) + size < smallest.size()) {
                keepCompressed(layout, rawSize, size);
            }
        }
    }

    private void keepCompressed(int kept, int rawSize, int size) {
        keep(kept);
        smallest.unsigned(rawSize);
        smallest.append(compressed, size);
    }

    private void keep(int kept) {
        layout = kept;
        isEmpty = false;
        smallest.resize(0);
        uncompressed.resize(0);
    }
}
