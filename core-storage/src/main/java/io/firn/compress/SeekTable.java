package io.firn.compress;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** Sizes, offsets and checksums of a cold file's blocks, without the payload frame. Immutable; thread-safe. */
final class SeekTable {
    private final long[] fileOffsets;
    private final long[] rawOffsets;
    private final int[] checksums;
    private final int[] frameCrcs;

    private SeekTable(long[] fileOffsets, long[] rawOffsets, int[] checksums, int[] frameCrcs) {
        this.fileOffsets = fileOffsets;
        this.rawOffsets = rawOffsets;
        this.checksums = checksums;
        this.frameCrcs = frameCrcs;
    }

    int blockCount() {
        return checksums.length;
    }

    /** Offset of a block's zstd frame in the file. */
    long fileOffset(int block) {
        return fileOffsets[block];
    }

    int compressedBytes(int block) {
        return (int) (fileOffsets[block + 1] - fileOffsets[block]);
    }

    /** Raw bytes of all blocks before this one; {@code block == blockCount()} gives the total. */
    long rawOffset(int block) {
        return rawOffsets[block];
    }

    int rawBytes(int block) {
        return (int) (rawOffsets[block + 1] - rawOffsets[block]);
    }

    /** Content checksum of a block: the low 32 bits of XXH64. */
    int checksum(int block) {
        return checksums[block];
    }

    /** CRC-32C of a block's compressed frame. */
    int frameCrc(int block) {
        return frameCrcs[block];
    }

    /** Bytes of all zstd frames, which is where the payload frame starts. */
    long compressedBytes() {
        return fileOffsets[checksums.length];
    }

    /** Collects entries in order. Confined to one thread. */
    static final class Builder {
        private static final int FIRST_CAPACITY = 64;
        private long[] fileOffsets = new long[FIRST_CAPACITY + 1];
        private long[] rawOffsets = new long[FIRST_CAPACITY + 1];
        private int[] checksums = new int[FIRST_CAPACITY];
        private int[] frameCrcs = new int[FIRST_CAPACITY];
        private int count;

        void add(int compressedBytes, int rawBytes, int checksum, int frameCrc) {
            if (count == checksums.length) {
                int capacity = count * 2;
                fileOffsets = Arrays.copyOf(fileOffsets, capacity + 1);
                rawOffsets = Arrays.copyOf(rawOffsets, capacity + 1);
                checksums = Arrays.copyOf(checksums, capacity);
                frameCrcs = Arrays.copyOf(frameCrcs, capacity);
            }
            frameCrcs[count] = frameCrc;
            checksums[count] = checksum;
            fileOffsets[count + 1] = fileOffsets[count] + compressedBytes;
            rawOffsets[count + 1] = rawOffsets[count] + rawBytes;
            count++;
        }

        int count() {
            return count;
        }

        long compressedBytes() {
            return fileOffsets[count];
        }

        long rawBytes() {
            return rawOffsets[count];
        }

        SeekTable build() {
            return new SeekTable(
                    Arrays.copyOf(fileOffsets, count + 1),
                    Arrays.copyOf(rawOffsets, count + 1),
                    Arrays.copyOf(checksums, count),
                    Arrays.copyOf(frameCrcs, count));
        }
    }

    /** Writes the CRCs of the compressed frames into a little-endian buffer. */
    void writeFrameCrcs(ByteBuffer target) {
        for (int crc : frameCrcs) {
            target.putInt(crc);
        }
    }

    /** Writes the seek table frame, with one more entry for the payload frame, into a little-endian buffer. */
    void writeFrame(ByteBuffer target, int payloadFrameBytes) {
        int entries = blockCount() + 1;
        target.putInt(SeekableFormat.SEEK_TABLE_MAGIC);
        target.putInt(Math.toIntExact(SeekableFormat.tableBytes(entries) - SeekableFormat.SKIPPABLE_HEADER_BYTES));
        for (int i = 0; i < blockCount(); i++) {
            target.putInt(compressedBytes(i)).putInt(rawBytes(i)).putInt(checksum(i));
        }
        target.putInt(payloadFrameBytes).putInt(0).putInt(SeekableFormat.EMPTY_CONTENT_CHECKSUM);
        target.putInt(entries);
        target.put((byte) SeekableFormat.DESCRIPTOR_CHECKSUMS);
        target.putInt(SeekableFormat.SEEKABLE_MAGIC);
    }
}
