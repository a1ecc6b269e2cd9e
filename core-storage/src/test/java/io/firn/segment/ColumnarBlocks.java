package io.firn.segment;

import io.firn.fs.BufferPool;
import io.firn.fs.PooledBuffer;
import io.firn.segment.SegmentFixture.Entry;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Frames of blocks as a compressor sees them, and their columns. */
final class ColumnarBlocks {
    private ColumnarBlocks() {}

    /** The frames of a segment that a real writer wrote, their checksum words zero. */
    static ByteBuffer frames(SegmentHeader header, List<Entry> entries) {
        SegmentFixture fixture =
                isLarge(entries) ? ColdFixture.sealedLarge(header, entries) : ColdFixture.sealed(header, entries);
        try (Segment hot = fixture.open()) {
            int size = (int) (hot.dataEnd() - hot.dataStart());
            ByteBuffer frames = ByteBuffer.allocateDirect(size).order(ByteOrder.LITTLE_ENDIAN);
            hot.readAt(hot.dataStart(), frames);
            FrameWalk walk = new FrameWalk(Path.of("/frames"), hot.newContextTable());
            if (walk.takeBlock(frames, size, hot.dataStart()).rawBytes() != size) {
                throw new IllegalStateException("the walk did not reach the end");
            }
            return frames.clear();
        }
    }

    private static boolean isLarge(List<Entry> entries) {
        byte[] first = entries.get(0).record().value();
        return first != null && (long) first.length * entries.size() > 300_000;
    }

    /** The columns of frames, or null when these cannot be columns, or only larger ones. */
    static byte @Nullable [] encode(ByteBuffer frames, boolean planes, BufferPool pool) {
        ColumnarEncoder encoder = new ColumnarEncoder(pool);
        if (!encoder.read(frames) || (planes && !encoder.hasPlanes())) {
            return null;
        }
        PooledBuffer encoded = encoder.encode(planes);
        if (encoded == null) {
            return null;
        }
        try (encoded) {
            byte[] bytes = new byte[encoded.bytes().capacity()];
            encoded.bytes().get(0, bytes);
            return bytes;
        }
    }

    /** The columns of frames that can be columns. */
    static byte[] encoded(ByteBuffer frames, boolean planes, BufferPool pool) {
        return Objects.requireNonNull(encode(frames, planes, pool), "columns");
    }

    /** The frames of columns. */
    static byte[] decode(byte[] block, int rawBytes, BufferPool pool) {
        ByteBuffer direct = ByteBuffer.allocateDirect(block.length).put(0, block);
        try (PooledBuffer decoded = ColumnarDecoder.decode(direct, rawBytes, pool)) {
            return bytes(decoded.bytes());
        }
    }

    static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.capacity()];
        buffer.get(0, bytes);
        return bytes;
    }
}
