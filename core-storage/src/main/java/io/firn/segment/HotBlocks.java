package io.firn.segment;

import io.firn.error.CorruptDataException;
import io.firn.fs.BufferPool;
import io.firn.fs.PooledBuffer;
import io.firn.fs.StoreFile;
import io.firn.record.FrameFormat;
import io.firn.record.FrameState;
import io.firn.record.FrameVerifier;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** A sealed hot file as blocks: strides of its sparse index, joined up to the size of a read buffer. Thread-safe. */
final class HotBlocks implements SegmentBlocks {
    private final HotSegment segment;
    private final StoreFile file;
    private final BufferPool buffers;
    /** Where the blocks start; the last element is the end of the data. */
    private final long[] starts;

    private HotBlocks(HotSegment segment, StoreFile file, BufferPool buffers, long[] starts) {
        this.segment = segment;
        this.file = file;
        this.buffers = buffers;
        this.starts = starts;
    }

    /** Cuts a sealed segment into blocks; only one of a single stride may be larger than a read buffer. */
    static HotBlocks of(HotSegment segment, StoreFile file, SegmentFooter footer, SegmentAccess access) {
        SparseIndex index = footer.index();
        long[] starts = new long[index.size() + 2];
        int count = 0;
        long start = segment.dataStart();
        long cut = start;
        for (int i = 1; i <= index.size(); i++) {
            long next = i == index.size() ? footer.summary().dataEnd() : index.offset(i);
            if (next - start > access.readBufferBytes() && cut > start) {
                starts[count++] = start;
                start = cut;
            }
            cut = next;
        }
        starts[count++] = start;
        starts[count++] = footer.summary().dataEnd();
        return new HotBlocks(segment, file, access.buffers(), Arrays.copyOf(starts, count));
    }

    @Override
    public int blockCount() {
        return starts.length - 1;
    }

    @Override
    public int blockAt(long rawOffset) {
        int found = Arrays.binarySearch(starts, rawOffset);
        return found >= 0 ? found : -found - 2;
    }

    @Override
    public long blockStart(int block) {
        return starts[block];
    }

    @Override
    public long blockEnd(int block) {
        return starts[block + 1];
    }

    @Override
    public long dataEnd() {
        return starts[starts.length - 1];
    }

    @Override
    public PooledBuffer randomBlock(int block) {
        return scannedBlock(block);
    }

    @Override
    public PooledBuffer scannedBlock(int block) {
        int size = Math.toIntExact(blockEnd(block) - blockStart(block));
        PooledBuffer memory = buffers.take(size);
        try {
            int read = file.read(memory.bytes(), blockStart(block));
            if (read < size) {
                throw new CorruptDataException(
                        file.path(),
                        blockStart(block) + read,
                        "the file ends here, expected frames up to " + blockEnd(block) + " as its footer says");
            }
        } catch (RuntimeException | Error e) {
            memory.close();
            throw e;
        }
        return memory;
    }

    /** Checks the frames, too. What is bad is not reported here, but by the reader when he comes to it. */
    @Override
    public LoadedBlock aheadBlock(int block) {
        PooledBuffer memory = scannedBlock(block);
        return new LoadedBlock(memory, areValid(memory.bytes()));
    }

    private boolean areValid(ByteBuffer frames) {
        FrameVerifier verifier = segment.newVerifier();
        int end = frames.capacity();
        int at = 0;
        while (at < end) {
            if (verifier.check(frames, at, end) != FrameState.VALID) {
                return false;
            }
            at += FrameFormat.paddedLength(frames.getInt(at));
        }
        return true;
    }
}
