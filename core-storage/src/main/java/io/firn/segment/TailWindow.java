package io.firn.segment;

import io.firn.error.StorageIoException;
import io.firn.fs.MappedRegion;
import io.firn.fs.RegionChecks;
import io.firn.fs.StoreFile;
import io.firn.record.FrameFormat;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A window over a segment that somebody is writing: it looks into the memory that it shares with the writer, so that
 * neither a look nor a few new frames cost a call of the operating system.
 *
 * <p>Only words where a frame may start are looked at in that memory, and only published frames are copied out of it.
 * They lie below the end word, so that they stay in the file when a seal cuts it. Confined to one thread.
 */
final class TailWindow implements FrameWindow {
    private static final long MAX_MAPPED_BYTES = 1L << 30;

    /** More than that is read from the file: one call for many frames costs less than looking at each length. */
    private static final int MAX_COPIED_BYTES = 4096;

    private final StoreFile file;
    private final FileWindow copies;
    private @Nullable MappedRegion shared;
    private ByteBuffer words = ByteBuffer.allocate(0);
    private long wordsStart;
    private long wordsEnd;
    /** The file system or the mode of the store has no such memory. */
    private boolean blind;

    /** Takes over the window, not the file. */
    TailWindow(StoreFile file, FileWindow copies) {
        this.file = file;
        this.copies = copies;
    }

    @Override
    public boolean mayHold(long offset) {
        if (offset < wordsStart || offset + Integer.BYTES > wordsEnd) {
            if (blind) {
                return true;
            }
            if (offset + Integer.BYTES > file.sizeBytes()) {
                return false;
            }
            map(offset);
            if (blind) {
                return true;
            }
        }
        return FramePublisher.lengthAt(words, (int) (offset - wordsStart)) != FrameFormat.LENGTH_ABSENT;
    }

    private void map(long offset) {
        unmap();
        long start = offset - offset % RegionChecks.GRANULARITY_BYTES;
        MappedRegion region;
        try {
            region = file.mapReadOnly(start, Math.min(MAX_MAPPED_BYTES, file.sizeBytes() - start));
        } catch (IllegalArgumentException | StorageIoException cut) {
            // A seal has cut the file since its size was asked, or it cannot be mapped: reading it always works.
            blind = true;
            return;
        }
        shared = region;
        blind = !region.isShared();
        if (blind) {
            unmap();
            return;
        }
        words = region.buffer();
        wordsStart = start;
        wordsEnd = start + words.capacity();
    }

    private void unmap() {
        MappedRegion region = shared;
        if (region != null) {
            shared = null;
            words = ByteBuffer.allocate(0);
            wordsEnd = wordsStart;
            region.close();
        }
    }

    @Override
    public ByteBuffer buffer() {
        return copies.buffer();
    }

    @Override
    public long startOffset() {
        return copies.startOffset();
    }

    @Override
    public long endOffset() {
        return copies.endOffset();
    }

    @Override
    public void load(long offset, long minBytes, long limit) {
        int published = publishedBytes(offset, limit);
        if (published >= minBytes) {
            copies.copy(words, (int) (offset - wordsStart), offset, published);
        } else {
            copies.load(offset, minBytes, limit);
        }
    }

    /** How many bytes of whole frames (and an end word) are published at an offset; 0 when there are too many. */
    private int publishedBytes(long offset, long limit) {
        if (offset < wordsStart) {
            return 0;
        }
        long end = Math.min(wordsEnd, limit);
        long next = offset;
        while (next + Integer.BYTES <= end) {
            int length = FramePublisher.lengthAt(words, (int) (next - wordsStart));
            if (length < FrameFormat.FIXED_SIZE) {
                return (int) (next - offset) + (length == FrameFormat.LENGTH_END ? Integer.BYTES : 0);
            }
            next += (length + (FrameFormat.ALIGNMENT - 1L)) & -FrameFormat.ALIGNMENT;
            if (next > end || next - offset > MAX_COPIED_BYTES) {
                return 0;
            }
        }
        return 0;
    }

    @Override
    public void close() {
        unmap();
        copies.close();
    }
}
