package io.firn.ipc.legacy;

import io.firn.error.CorruptDataException;
import io.firn.fs.FileStore;
import io.firn.fs.StoreFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The index of a cold file, checked against the file's size.
 *
 * @param blockBytes raw length of every frame but the last
 * @param frames the frames in order, covering the whole file
 * @param rawBytes raw length of the file
 */
record ColdLegacyIndex(int blockBytes, List<Frame> frames, long rawBytes) {
    private static final long MAX_INDEX_BYTES = 256L << 20;
    private static final int MAX_BLOCK_BYTES = 1 << 30;
    private static final int MAX_FRAME_BYTES = Integer.MAX_VALUE - 8;

    /**
     * One zstd frame.
     *
     * @param rawOffset where its content begins in the raw file
     * @param offset where it begins in the cold file
     * @param bytes its length
     * @param rawBytes length of its content
     */
    record Frame(long rawOffset, long offset, int bytes, int rawBytes) {}

    static ColdLegacyIndex read(FileStore store, Path path, long coldBytes) {
        ByteBuffer bytes;
        try (StoreFile file = store.openRead(path)) {
            long size = file.sizeBytes();
            if (size < LegacyFormat.INDEX_HEADER_BYTES || size > MAX_INDEX_BYTES) {
                throw damaged(path, 0, "expected an index of 24 bytes or more, found " + size);
            }
            bytes = ByteBuffer.allocate((int) size).order(ByteOrder.LITTLE_ENDIAN);
            if (file.read(bytes, 0) < size) {
                throw damaged(path, bytes.position(), "the file became shorter while it was read");
            }
        }
        long count = checkHeader(path, bytes.flip());
        List<Frame> frames = new ArrayList<>((int) count);
        long rawOffset = 0;
        long offset = 0;
        int blockBytes = bytes.getInt(12);
        for (int i = 0; i < count; i++) {
            int at = LegacyFormat.INDEX_HEADER_BYTES + i * LegacyFormat.INDEX_ENTRY_BYTES;
            Frame expected = new Frame(rawOffset, offset, bytes.getInt(at + 16), bytes.getInt(at + 20));
            check(path, at, bytes, expected, blockBytes, i == count - 1);
            frames.add(expected);
            rawOffset += expected.rawBytes();
            offset += expected.bytes();
        }
        if (offset != coldBytes) {
            throw damaged(path, 0, "its frames end at " + offset + ", the cold file has " + coldBytes + " bytes");
        }
        return new ColdLegacyIndex(blockBytes, frames, rawOffset);
    }

    private static long checkHeader(Path path, ByteBuffer bytes) {
        if (bytes.getLong(0) != LegacyFormat.INDEX_MAGIC) {
            throw damaged(path, 0, "expected the magic 'QZSTIDX1'");
        }
        if (bytes.getShort(8) != LegacyFormat.INDEX_VERSION || bytes.getShort(10) != LegacyFormat.INDEX_HEADER_BYTES) {
            throw damaged(
                    path,
                    8,
                    "expected version 1 with a header of 24 bytes, found version " + bytes.getShort(8) + " with "
                            + bytes.getShort(10));
        }
        int blockBytes = bytes.getInt(12);
        if (blockBytes <= 0 || blockBytes > MAX_BLOCK_BYTES) {
            throw damaged(path, 12, "expected a block size of 1 byte to 1 GiB, found " + blockBytes);
        }
        long count = bytes.getLong(16);
        int entries = (bytes.limit() - LegacyFormat.INDEX_HEADER_BYTES) / LegacyFormat.INDEX_ENTRY_BYTES;
        int rest = (bytes.limit() - LegacyFormat.INDEX_HEADER_BYTES) % LegacyFormat.INDEX_ENTRY_BYTES;
        if (count != entries || rest != 0) {
            throw damaged(path, 16, "expected " + count + " frames, the file has room for " + entries);
        }
        return count;
    }

    private static void check(Path path, int at, ByteBuffer bytes, Frame frame, int blockBytes, boolean last) {
        if (bytes.getLong(at) != frame.rawOffset() || bytes.getLong(at + 8) != frame.offset()) {
            throw damaged(
                    path,
                    at,
                    "expected a frame at " + frame.offset() + " for raw offset " + frame.rawOffset() + ", found "
                            + bytes.getLong(at + 8) + " for " + bytes.getLong(at));
        }
        boolean full = last ? frame.rawBytes() > 0 && frame.rawBytes() <= blockBytes : frame.rawBytes() == blockBytes;
        if (!full || frame.bytes() <= 0 || frame.bytes() > MAX_FRAME_BYTES) {
            throw damaged(
                    path,
                    at + 16,
                    "a frame of " + frame.bytes() + " bytes with " + frame.rawBytes() + " of content does not fit"
                            + " blocks of " + blockBytes);
        }
    }

    static CorruptDataException damaged(Path path, long offset, String reason) {
        return new CorruptDataException(path, offset, reason);
    }
}
