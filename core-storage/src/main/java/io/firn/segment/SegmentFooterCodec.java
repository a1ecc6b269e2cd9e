package io.firn.segment;

import io.firn.error.CorruptDataException;
import io.firn.error.FormatVersionException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Encodes and decodes what follows the end word: sections and trailer. The cold form of a segment carries the same
 * bytes. Thread-safe: no state.
 */
public final class SegmentFooterCodec {
    private SegmentFooterCodec() {}

    /** The footer's bytes, ready to be read; in a hot file they start 8 bytes behind the data end. */
    public static ByteBuffer encode(SegmentFooter footer) {
        SortedMap<Integer, ByteBuffer> sections = new TreeMap<>(Integer::compareUnsigned);
        sections.putAll(footer.otherSections());
        ByteBuffer index = little(SparseIndexCodec.sizeOf(footer.index()));
        SparseIndexCodec.encode(footer.index(), index);
        sections.put(SegmentFormat.SECTION_INDEX, index.flip());
        List<ContextSummary> contexts = footer.summary().contexts();
        ByteBuffer directory = little(Math.toIntExact(ContextDirectoryCodec.maxSizeOf(contexts)));
        ContextDirectoryCodec.encode(contexts, directory);
        sections.put(SegmentFormat.SECTION_CONTEXTS, directory.flip());

        int length = 0;
        for (ByteBuffer section : sections.values()) {
            length = Math.addExact(length, SegmentFormat.SECTION_HEAD_SIZE + align(section.remaining()));
        }
        ByteBuffer bytes = little(Math.addExact(length, SegmentFormat.TRAILER_SIZE));
        sections.forEach((id, content) -> putSection(bytes, id, content));
        trailer(footer.summary(), length, 0).encode(bytes);
        int crc = crcOf(bytes.flip(), length);
        bytes.putInt(length + SegmentFormat.TRAILER_FOOTER_CRC, crc);
        return bytes;
    }

    private static void putSection(ByteBuffer target, int id, ByteBuffer content) {
        int end = target.position() + SegmentFormat.SECTION_HEAD_SIZE + align(content.remaining());
        target.putInt(id);
        target.putInt(content.remaining());
        target.put(content.duplicate());
        target.position(end);
    }

    private static SegmentTrailer trailer(SegmentSummary summary, int sectionsLength, int footerCrc) {
        return new SegmentTrailer(
                summary.dataEnd(),
                summary.recordCount(),
                summary.sequences(),
                summary.timestamps(),
                summary.dataCrc(),
                footerCrc,
                summary.dataEnd() + SegmentFormat.END_WORD_SIZE,
                sectionsLength);
    }

    /**
     * Decodes sections and trailer.
     *
     * @param footer their bytes, from position to limit
     * @param footerOffset where they stand in the file, for messages
     * @throws CorruptDataException if a checksum or the content is wrong
     * @throws FormatVersionException if a section must be understood that this version does not know
     */
    public static SegmentFooter decode(ByteBuffer footer, long footerOffset, Path path) {
        ByteBuffer bytes = footer.slice().order(ByteOrder.LITTLE_ENDIAN);
        int length = bytes.limit() - SegmentFormat.TRAILER_SIZE;
        if (length < 0) {
            throw new CorruptDataException(path, footerOffset, "a footer of " + bytes.limit() + " bytes");
        }
        long trailerOffset = footerOffset + length;
        ByteBuffer last = bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN).position(length);
        SegmentTrailer trailer = SegmentTrailer.decode(last, trailerOffset + SegmentFormat.TRAILER_SIZE, path)
                .orElseThrow(() -> new CorruptDataException(path, trailerOffset, "no trailer"));
        int crc = crcOf(bytes, length);
        if (crc != trailer.footerCrc()) {
            throw new CorruptDataException(
                    path,
                    trailerOffset + SegmentFormat.TRAILER_FOOTER_CRC,
                    String.format("checksum 0x%08x of the footer, computed 0x%08x", trailer.footerCrc(), crc));
        }
        if (trailer.sectionsLength() != length) {
            throw new CorruptDataException(
                    path,
                    trailerOffset + SegmentFormat.TRAILER_SECTIONS_LENGTH,
                    "sections of " + trailer.sectionsLength() + " bytes, found " + length);
        }
        try {
            return build(trailer, sections(bytes.limit(length), path));
        } catch (IllegalArgumentException e) {
            throw new CorruptDataException(path, footerOffset, "footer: " + e.getMessage());
        }
    }

    private static SortedMap<Integer, ByteBuffer> sections(ByteBuffer bytes, Path path) {
        SortedMap<Integer, ByteBuffer> sections = new TreeMap<>(Integer::compareUnsigned);
        while (bytes.hasRemaining()) {
            if (bytes.remaining() < SegmentFormat.SECTION_HEAD_SIZE) {
                throw new IllegalArgumentException("a section of " + bytes.remaining() + " bytes");
            }
            int id = bytes.getInt();
            int size = bytes.getInt();
            if (size < 0 || size > bytes.remaining() || align(size) > bytes.remaining()) {
                throw new IllegalArgumentException("section " + id + " of " + size + " bytes");
            }
            if (id < 0) {
                throw new FormatVersionException("Cannot read segment " + path + ": section 0x"
                        + Integer.toHexString(id) + " is required and unknown. Use a newer release of Firn.");
            }
            ByteBuffer content = bytes.slice(bytes.position(), size).asReadOnlyBuffer();
            if (sections.put(id, content.order(ByteOrder.LITTLE_ENDIAN)) != null) {
                throw new IllegalArgumentException("section " + id + " stands there twice");
            }
            bytes.position(bytes.position() + align(size));
        }
        return sections;
    }

    private static SegmentFooter build(SegmentTrailer trailer, SortedMap<Integer, ByteBuffer> sections) {
        SparseIndex index = SparseIndexCodec.decode(take(sections, SegmentFormat.SECTION_INDEX));
        List<ContextSummary> contexts = ContextDirectoryCodec.decode(take(sections, SegmentFormat.SECTION_CONTEXTS));
        SegmentSummary summary = SegmentSummary.of(trailer.dataEnd(), trailer.dataCrc(), contexts);
        SegmentSummary stored = new SegmentSummary(
                trailer.dataEnd(),
                trailer.recordCount(),
                trailer.sequences(),
                trailer.timestamps(),
                trailer.dataCrc(),
                contexts);
        if (!summary.equals(stored)) {
            throw new IllegalArgumentException("the trailer and the contexts do not agree");
        }
        return new SegmentFooter(stored, index, sections);
    }

    private static ByteBuffer take(Map<Integer, ByteBuffer> sections, int id) {
        @Nullable ByteBuffer content = sections.remove(id);
        if (content == null) {
            throw new IllegalArgumentException("section " + id + " is missing");
        }
        return content;
    }

    /** The checksum of sections and trailer, its own field taken as zero. */
    private static int crcOf(ByteBuffer bytes, int sectionsLength) {
        int field = sectionsLength + SegmentFormat.TRAILER_FOOTER_CRC;
        CRC32C crc = new CRC32C();
        crc.update(bytes.duplicate().limit(field).position(0));
        crc.update(new byte[Integer.BYTES]);
        crc.update(bytes.duplicate()
                .limit(sectionsLength + SegmentFormat.TRAILER_SIZE)
                .position(field + Integer.BYTES));
        return (int) crc.getValue();
    }

    private static int align(int size) {
        return (size + SegmentFormat.SECTION_ALIGNMENT - 1) & -SegmentFormat.SECTION_ALIGNMENT;
    }

    private static ByteBuffer little(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }
}
