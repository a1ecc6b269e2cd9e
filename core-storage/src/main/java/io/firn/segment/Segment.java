package io.firn.segment;

import io.firn.cache.BlockKey;
import io.firn.cache.BlockSource;
import io.firn.error.CorruptDataException;
import io.firn.error.FirnException;
import io.firn.fs.FileStore;
import io.firn.fs.StoreFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A segment opened for reading. Hot and cold forms answer alike: offsets are those of the hot form, "raw" offsets.
 *
 * <p>Thread-safe; cursors are confined to one thread each.
 */
public abstract sealed class Segment implements AutoCloseable, FrameSource permits HotSegment, ColdSegment {
    private final Path path;
    private final SegmentHeader header;
    private final @Nullable SegmentFooter footer;

    Segment(Path path, SegmentHeader header, @Nullable SegmentFooter footer) {
        this.path = path;
        this.header = header;
        this.footer = footer;
    }

    /**
     * Opens a segment.
     *
     * @throws io.firn.error.CorruptDataException if header or footer are damaged, or it is of another table
     * @throws io.firn.error.FormatVersionException if a newer version of this software is needed
     * @throws io.firn.error.NotFoundException if there is no such file
     */
    public static Segment open(FileStore store, Path path, SegmentAccess access) {
        StoreFile file = store.openRead(path);
        return ofTable(isCold(file) ? ColdSegment.open(file, access) : HotSegment.open(file, access), access);
    }

    /**
     * Opens a hot segment that nothing is known of but its name; empty when its header is not there: a writer that has
     * just created the file writes it next, and without it the file holds nothing that can be read. Otherwise as
     * {@link #open}.
     */
    public static Optional<Segment> openIfBegun(FileStore store, Path path, SegmentAccess access) {
        StoreFile file = store.openRead(path);
        ByteBuffer start = ByteBuffer.allocate(SegmentFormat.HEADER_MAX_SIZE);
        try {
            file.read(start, 0);
        } catch (FirnException e) {
            file.close();
            throw e;
        }
        if (SegmentHeaderCodec.isWhole(start.flip())) {
            return Optional.of(ofTable(HotSegment.open(file, access), access));
        }
        file.close();
        return Optional.empty();
    }

    /** Tables give the same names to their files, so one that was copied from elsewhere would not be noticed. */
    private static Segment ofTable(Segment segment, SegmentAccess access) {
        UUID found = segment.header.tableId();
        UUID expected = access.tableId();
        if (expected != null && !expected.equals(found)) {
            segment.close();
            throw new CorruptDataException(
                    segment.path,
                    0,
                    "expected a segment of table " + expected + ", found one of table " + found
                            + " (was the file copied from elsewhere?)");
        }
        return segment;
    }

    /** Whether it is stored compressed. */
    public final boolean isCompressed() {
        return this instanceof ColdSegment;
    }

    /** Where a block comes from that a cache knows by its key; empty when it is none of this file as it is now. */
    public Optional<BlockSource> blockSource(BlockKey key) {
        return Optional.empty();
    }

    /** A cold file starts with a zstd frame or, without blocks, with its index frame. */
    private static boolean isCold(StoreFile file) {
        ByteBuffer start = ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        try {
            return file.read(start, 0) == Integer.BYTES && ColdFormat.startsLikeCold(start.getInt(0));
        } catch (FirnException e) {
            file.close();
            throw e;
        }
    }

    /** The file. */
    @Override
    public final Path path() {
        return path;
    }

    /** The header. */
    @Override
    public final SegmentHeader header() {
        return header;
    }

    /** The footer, null when the segment is not sealed. */
    @Override
    public final @Nullable SegmentFooter footer() {
        return footer;
    }

    /** Whether the segment has a footer. */
    public final boolean isSealed() {
        return footer != null;
    }

    /** What the segment holds, if it is sealed. */
    public final Optional<SegmentSummary> summary() {
        return Optional.ofNullable(footer).map(SegmentFooter::summary);
    }

    /** Contexts that are known without reading frames: all of a sealed segment, else that of the header. */
    public final List<SegmentContext> contexts() {
        return newContextTable().all();
    }

    @Override
    public final ContextTable newContextTable() {
        ContextTable table = new ContextTable(header);
        if (footer != null) {
            footer.summary().contexts().forEach(each -> table.define(each.context()));
        }
        return table;
    }

    /**
     * Opens a cursor.
     *
     * @param fromOffset raw offset where a frame starts; 0 is the first frame
     * @param limitOffset raw offset behind the last frame to read: a committed length or the data end
     */
    public abstract SegmentCursor cursor(long fromOffset, long limitOffset);

    /**
     * Opens a cursor that goes on beyond the committed length as far as frames are published, and sees more in later
     * calls; what it shows there may be withdrawn by a crash or a rollback.
     */
    public abstract SegmentCursor tail(long fromOffset, long committedOffset);

    /** A window over the raw bytes for one cursor, which closes it. */
    abstract FrameWindow newWindow();

    /**
     * Reads everything below a limit and checks every checksum and, if the segment is sealed and the limit its data
     * end, the checksum of the data, counts, ranges, contexts and index against the content.
     *
     * @param limitOffset as in {@link #cursor(long, long)}
     * @return what the content below the limit really holds
     * @throws io.firn.error.CorruptDataException if anything is wrong
     */
    public final SegmentSummary verify(long limitOffset) {
        return new SegmentVerifier(this, limitOffset).verify();
    }

    /** Verifies all of a sealed segment; as {@link #verify(long)}. */
    public final SegmentSummary verify() {
        return verify(dataEnd());
    }

    /**
     * CRC-32C of the raw bytes below a limit; that of the data end stands in the footer.
     *
     * @throws io.firn.error.CorruptDataException if the segment ends before the limit
     */
    public final int checksum(long limitOffset) {
        return SegmentVerifier.checksum(this, limitOffset);
    }

    /**
     * Reads bytes of the hot form.
     *
     * @return the number of bytes read: less than there is room for only at the end of the segment
     */
    public abstract int readAt(long rawOffset, ByteBuffer target);

    /** Opens a cursor over all frames of a sealed segment. */
    public final SegmentCursor cursor() {
        return cursor(0, dataEnd());
    }

    /**
     * End of the frames of a sealed segment.
     *
     * @throws CorruptDataException when it has no footer: who asks was told that the segment is complete
     */
    public final long dataEnd() {
        if (footer == null) {
            throw new CorruptDataException(
                    path, sizeBytes(), "expected the footer of a sealed segment, found none; its end was lost");
        }
        return footer.summary().dataEnd();
    }

    /** Closes the file; cursors fail afterwards. Idempotent. */
    @Override
    public abstract void close();
}
