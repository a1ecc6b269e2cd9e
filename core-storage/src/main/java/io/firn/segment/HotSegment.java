package io.firn.segment;

import io.firn.error.CorruptDataException;
import io.firn.error.FirnException;
import io.firn.fs.StoreFile;
import io.firn.record.FrameFormat;
import io.firn.record.FrameVerifier;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A {@code .q} file, sealed or still being written. */
final class HotSegment extends Segment {
    private static final int MIN_AHEAD_BUFFER_BYTES = 2 * SegmentFormat.INDEX_STRIDE_BYTES;

    private final StoreFile file;
    private final SegmentAccess access;
    private final long dataStart;
    /** Made for the first reader that asks; any of them is as good as another. */
    private volatile @Nullable HotBlocks blocks;

    private HotSegment(StoreFile file, SegmentHeader header, @Nullable SegmentFooter footer, HeaderBytes bytes) {
        super(file.path(), header, footer);
        this.file = file;
        this.access = bytes.access;
        this.dataStart = bytes.length;
    }

    private record HeaderBytes(SegmentAccess access, int length) {}

    /** Takes over the file, also when it fails. */
    static HotSegment open(StoreFile file, SegmentAccess access) {
        try {
            ByteBuffer start = read(file, 0, SegmentFormat.HEADER_FIXED_SIZE);
            int length = SegmentHeaderCodec.length(start, file.path());
            SegmentHeader header = SegmentHeaderCodec.decode(read(file, 0, length), file.path());
            SegmentFooter footer = readFooter(file);
            HotSegment segment = new HotSegment(file, header, footer, new HeaderBytes(access, length));
            segment.checkContexts();
            return segment;
        } catch (FirnException e) {
            file.close();
            throw e;
        }
    }

    private void checkContexts() {
        try {
            newContextTable();
        } catch (IllegalArgumentException e) {
            throw new CorruptDataException(path(), sizeBytes(), "footer: " + e.getMessage());
        }
    }

    private static @Nullable SegmentFooter readFooter(StoreFile file) {
        Path path = file.path();
        long size = file.sizeBytes();
        if (size < SegmentFormat.HEADER_FIXED_SIZE + SegmentFormat.TRAILER_SIZE) {
            return null;
        }
        ByteBuffer last = read(file, size - SegmentFormat.TRAILER_SIZE, SegmentFormat.TRAILER_SIZE);
        if (last.remaining() < SegmentFormat.TRAILER_SIZE && file.sizeBytes() < size) {
            return readFooter(file); // its owner has sealed it and cut the reserved space off meanwhile
        }
        SegmentTrailer trailer = SegmentTrailer.decode(last, size, path).orElse(null);
        if (trailer == null) {
            return null;
        }
        boolean ended = isEndWord(file, trailer.dataEnd()) || isEndWord(file, endWordBySections(trailer));
        if (!trailer.fits(size)) {
            return refuseOrIgnore(ended, path, size, "a trailer whose places do not agree with each other");
        }
        ByteBuffer bytes = read(file, trailer.sectionsStart(), trailer.sectionsLength() + SegmentFormat.TRAILER_SIZE);
        SegmentFooter footer = decodeFooter(bytes, trailer, path, ended);
        if (footer != null) {
            checkEndWord(file, footer.summary().dataEnd());
        }
        return footer;
    }

    /** Without an end word a damaged footer means that a seal never came to its first force: nothing is sealed. */
    private static @Nullable SegmentFooter decodeFooter(
            ByteBuffer bytes, SegmentTrailer trailer, Path path, boolean ended) {
        try {
            return SegmentFooterCodec.decode(bytes, trailer.sectionsStart(), path);
        } catch (CorruptDataException e) {
            if (ended) {
                throw e;
            }
            return null;
        }
    }

    private static long endWordBySections(SegmentTrailer trailer) {
        return trailer.sectionsStart() - SegmentFormat.END_WORD_SIZE;
    }

    private static @Nullable SegmentFooter refuseOrIgnore(boolean ended, Path path, long size, String reason) {
        if (ended) {
            throw new CorruptDataException(path, size - SegmentFormat.TRAILER_SIZE, reason);
        }
        return null;
    }

    private static boolean isEndWord(StoreFile file, long offset) {
        if (offset < 0 || offset > file.sizeBytes() - SegmentFormat.END_WORD_SIZE) {
            return false;
        }
        return read(file, offset, SegmentFormat.END_WORD_SIZE).getInt(0) == FrameFormat.LENGTH_END;
    }

    /** The word is missing when the machine failed between the forces of a seal; the footer was durable before. */
    private static void checkEndWord(StoreFile file, long dataEnd) {
        ByteBuffer word = read(file, dataEnd, SegmentFormat.END_WORD_SIZE);
        int length = word.getInt(0);
        boolean known = length == FrameFormat.LENGTH_END || length == FrameFormat.LENGTH_ABSENT;
        if (!known || word.getInt(Integer.BYTES) != 0) {
            throw new CorruptDataException(
                    file.path(), dataEnd, String.format("0x%016x instead of the end word", word.getLong(0)));
        }
    }

    private static ByteBuffer read(StoreFile file, long offset, int size) {
        ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(size, Math.max(0, file.sizeBytes() - offset)));
        file.read(bytes, offset);
        return bytes.flip().order(ByteOrder.LITTLE_ENDIAN);
    }

    @Override
    public FrameVerifier newVerifier() {
        return new FrameVerifier(header().salt());
    }

    @Override
    public long dataStart() {
        return dataStart;
    }

    @Override
    public long sizeBytes() {
        return file.sizeBytes();
    }

    @Override
    public SegmentCursor cursor(long fromOffset, long limitOffset) {
        if (isSealed() && limitOffset > dataEnd()) {
            throw new CorruptDataException(
                    path(), dataEnd(), "the frames end here, but " + limitOffset + " bytes are expected");
        }
        return new FrameCursor(this, newScanWindow(), fromOffset, limitOffset, false);
    }

    private FrameWindow newScanWindow() {
        SegmentFooter footer = footer();
        if (footer == null || !paysToReadAhead(footer)) {
            return newWindow();
        }
        HotBlocks cut = blocks;
        if (cut == null) {
            cut = HotBlocks.of(this, file, footer, access);
            blocks = cut;
        }
        return new BlockWindow(cut, new BlockSequence(cut, access.readAhead()));
    }

    /** Files of several read buffers, for readers that were given buffers of some size. */
    private boolean paysToReadAhead(SegmentFooter footer) {
        return !access.readAhead().isOff()
                && access.readBufferBytes() >= MIN_AHEAD_BUFFER_BYTES
                && footer.summary().dataEnd() > 2L * access.readBufferBytes();
    }

    @Override
    public SegmentCursor tail(long fromOffset, long committedOffset) {
        FrameWindow window = new TailWindow(file, new FileWindow(file, access));
        return new FrameCursor(this, window, fromOffset, committedOffset, true);
    }

    @Override
    FrameWindow newWindow() {
        return new FileWindow(file, access);
    }

    @Override
    public int readAt(long rawOffset, ByteBuffer target) {
        return file.read(target, rawOffset);
    }

    @Override
    public void close() {
        file.close();
    }
}
