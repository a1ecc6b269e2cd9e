package io.firn.segment;

import io.firn.error.CorruptDataException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Reads a segment from its first to its last byte, believing nothing that the footer says, and compares. Confined to
 * one thread.
 */
final class SegmentVerifier {
    private static final int CHUNK_BYTES = 64 << 10;
    private static final int ANY_STRIDE = 1 << 20;

    private final Segment segment;
    private final long limit;
    private final @Nullable SegmentFooter footer;

    SegmentVerifier(Segment segment, long limit) {
        this.segment = segment;
        this.limit = limit;
        this.footer = segment.footer();
    }

    SegmentSummary verify() {
        if (footer != null && limit > footer.summary().dataEnd()) {
            throw corrupt(footer.summary().dataEnd(), "the frames end here, but " + limit + " bytes are expected");
        }
        SegmentStatistics statistics = readFrames();
        SegmentSummary found = statistics.summary(limit, checksum(segment, limit));
        if (footer != null && limit == footer.summary().dataEnd()) {
            compare(
                    "data checksum",
                    Integer.toHexString(footer.summary().dataCrc()),
                    Integer.toHexString(found.dataCrc()));
            compare("record count", footer.summary().recordCount(), found.recordCount());
            compare("contexts", footer.summary().contexts(), found.contexts());
            compare("summary", footer.summary(), found);
            compareIndex(footer.index(), statistics.index());
        }
        return found;
    }

    private SegmentStatistics readFrames() {
        int stride = footer == null ? ANY_STRIDE : footer.index().stride();
        SegmentStatistics statistics = new SegmentStatistics(segment.header(), stride);
        FrameSource frames = new WithoutFooter(segment);
        try (FrameCursor cursor = new FrameCursor(frames, segment.newWindow(), 0, limit, false)) {
            cursor.onDefinition(statistics::define);
            while (cursor.next()) {
                note(statistics, cursor);
            }
        }
        return statistics;
    }

    private void note(SegmentStatistics statistics, SegmentCursor cursor) {
        int reference = cursor.context().ref();
        long sequence = cursor.record().sequence();
        try {
            statistics.deltaFor(reference, sequence);
        } catch (IllegalArgumentException e) {
            throw corrupt(cursor.offset(), e.getMessage());
        }
        statistics.note(reference, cursor.offset(), sequence, cursor.record().timestampNs());
    }

    /** As {@link Segment#checksum}. */
    static int checksum(Segment segment, long limit) {
        CRC32C crc = new CRC32C();
        ByteBuffer chunk = ByteBuffer.allocate(CHUNK_BYTES);
        long offset = 0;
        while (offset < limit) {
            chunk.clear().limit((int) Math.min(CHUNK_BYTES, limit - offset));
            int read = segment.readAt(offset, chunk);
            if (read <= 0) {
                throw new CorruptDataException(
                        segment.path(), offset, "the segment ends, but " + limit + " bytes are expected");
            }
            crc.update(chunk.flip());
            offset += read;
        }
        return (int) crc.getValue();
    }

    private void compareIndex(SparseIndex stored, SparseIndex found) {
        compare("number of index entries", stored.size(), found.size());
        for (int i = 0; i < stored.size(); i++) {
            compare("index entry " + i, stored.entry(i), found.entry(i));
        }
    }

    private void compare(String what, Object stored, Object found) {
        if (!stored.equals(found)) {
            throw corrupt(limit, what + " in the footer: " + stored + ", in the content: " + found);
        }
    }

    private CorruptDataException corrupt(long offset, @Nullable String reason) {
        return new CorruptDataException(segment.path(), offset, String.valueOf(reason));
    }
}
