package io.firn.segment;

import io.firn.error.CorruptDataException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The fixed last 80 bytes of a sealed segment.
 *
 * @param dataEnd end of the frames
 * @param recordCount number of records
 * @param sequences lowest and highest sequence
 * @param timestamps lowest and highest timestamp in nanoseconds
 * @param dataCrc checksum of the bytes [0, dataEnd)
 * @param footerCrc checksum of the sections and of this trailer, with this field taken as zero
 * @param sectionsStart where the sections start
 * @param sectionsLength bytes of all sections
 */
record SegmentTrailer(
        long dataEnd,
        long recordCount,
        Range sequences,
        Range timestamps,
        int dataCrc,
        int footerCrc,
        long sectionsStart,
        int sectionsLength) {

    /**
     * Decodes the last bytes of a file, unless the file is not sealed. Two marks are looked at (the magic and the
     * arithmetic of the sections), so that damage to one of them is not taken for an unsealed file.
     *
     * @param bytes the last {@link SegmentFormat#TRAILER_SIZE} bytes
     * @throws CorruptDataException if this is a trailer with a wrong magic
     */
    static Optional<SegmentTrailer> decode(ByteBuffer bytes, long fileSize, Path path) {
        ByteBuffer b = bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        int at = b.position();
        SegmentTrailer trailer = new SegmentTrailer(
                b.getLong(at + SegmentFormat.TRAILER_DATA_END),
                b.getLong(at + SegmentFormat.TRAILER_RECORD_COUNT),
                range(b, at + SegmentFormat.TRAILER_FIRST_SEQUENCE),
                range(b, at + SegmentFormat.TRAILER_MIN_TIMESTAMP),
                b.getInt(at + SegmentFormat.TRAILER_DATA_CRC),
                b.getInt(at + SegmentFormat.TRAILER_FOOTER_CRC),
                b.getLong(at + SegmentFormat.TRAILER_SECTIONS_START),
                b.getInt(at + SegmentFormat.TRAILER_SECTIONS_LENGTH));
        boolean magic = b.getLong(at + SegmentFormat.TRAILER_MAGIC_OFFSET) == SegmentFormat.TRAILER_MAGIC;
        if (!magic && trailer.fits(fileSize)) {
            throw new CorruptDataException(
                    path,
                    fileSize - SegmentFormat.TRAILER_SIZE + SegmentFormat.TRAILER_MAGIC_OFFSET,
                    "a trailer with a wrong magic");
        }
        return magic ? Optional.of(trailer) : Optional.empty();
    }

    /** Whether the places that the trailer names agree with each other and with the size of the file. */
    boolean fits(long fileSize) {
        return dataEnd >= SegmentFormat.HEADER_FIXED_SIZE
                && sectionsStart == dataEnd + SegmentFormat.END_WORD_SIZE
                && sectionsLength >= 0
                && sectionsStart + sectionsLength + SegmentFormat.TRAILER_SIZE == fileSize;
    }

    /** Puts the trailer at the target's position. */
    void encode(ByteBuffer target) {
        int at = target.position();
        target.putLong(at + SegmentFormat.TRAILER_DATA_END, dataEnd);
        target.putLong(at + SegmentFormat.TRAILER_RECORD_COUNT, recordCount);
        putRange(target, at + SegmentFormat.TRAILER_FIRST_SEQUENCE, sequences);
        putRange(target, at + SegmentFormat.TRAILER_MIN_TIMESTAMP, timestamps);
        target.putInt(at + SegmentFormat.TRAILER_DATA_CRC, dataCrc);
        target.putInt(at + SegmentFormat.TRAILER_FOOTER_CRC, footerCrc);
        target.putLong(at + SegmentFormat.TRAILER_SECTIONS_START, sectionsStart);
        target.putInt(at + SegmentFormat.TRAILER_SECTIONS_LENGTH, sectionsLength);
        target.putInt(at + SegmentFormat.TRAILER_RESERVED, 0);
        target.putLong(at + SegmentFormat.TRAILER_MAGIC_OFFSET, SegmentFormat.TRAILER_MAGIC);
        target.position(at + SegmentFormat.TRAILER_SIZE);
    }

    private static Range range(ByteBuffer bytes, int index) {
        return new Range(bytes.getLong(index), bytes.getLong(index + Long.BYTES));
    }

    private static void putRange(ByteBuffer bytes, int index, Range range) {
        bytes.putLong(index, range.first());
        bytes.putLong(index + Long.BYTES, range.last());
    }
}
