package io.firn.segment;

import io.firn.error.CorruptDataException;
import io.firn.error.FormatVersionException;
import io.firn.record.FrameFormat;
import io.firn.record.Varint;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * Encodes and decodes the payload of a cold file's index frame. The block directory is: varint block count, then per
 * block varint (bytes / 8), varint encoding, varint record count and, unless that is 0, zigzag (first sequence -
 * previous first sequence), zigzag (lowest timestamp - previous lowest), varint (highest - lowest timestamp), varint
 * number of contexts and their references, ascending, each as varint (reference - previous reference - 1); "previous"
 * is 0, of references -1. Differences wrap around in 64 bits. Thread-safe: no state.
 */
final class ColdIndexCodec {
    private static final int MAX_VARINT_SIZE = 10;

    private ColdIndexCodec() {}

    static ByteBuffer encode(ColdIndex index) {
        ByteBuffer directory = encodeDirectory(index.blocks());
        int size = Math.addExact(
                Math.addExact(
                        ColdFormat.FIXED_SIZE + index.header().capacity(),
                        index.footer().capacity()),
                directory.remaining());
        ByteBuffer bytes = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putLong(0, ColdFormat.MAGIC);
        bytes.putShort(ColdFormat.MAJOR, (short) ColdFormat.MAJOR_VERSION);
        bytes.putShort(ColdFormat.MINOR, (short) ColdFormat.MINOR_VERSION);
        bytes.putInt(ColdFormat.HEADER_LENGTH, index.header().capacity());
        bytes.putInt(ColdFormat.FOOTER_LENGTH, index.footer().capacity());
        bytes.putInt(ColdFormat.DIRECTORY_LENGTH, directory.remaining());
        bytes.position(ColdFormat.FIXED_SIZE);
        bytes.put(index.header().duplicate()).put(index.footer().duplicate()).put(directory);
        return bytes.flip();
    }

    private static ByteBuffer encodeDirectory(List<ColdBlock> blocks) {
        long size = MAX_VARINT_SIZE;
        for (ColdBlock block : blocks) {
            size += (7L + block.contexts().cardinality()) * MAX_VARINT_SIZE;
        }
        ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(size)).order(ByteOrder.LITTLE_ENDIAN);
        Varint.put(bytes, blocks.size());
        long sequence = 0;
        long lowest = 0;
        for (ColdBlock block : blocks) {
            Varint.put(bytes, block.rawBytes() / FrameFormat.ALIGNMENT);
            Varint.put(bytes, block.encoding());
            Varint.put(bytes, block.recordCount());
            if (block.recordCount() > 0) {
                Range timestamps = block.timestamps();
                Varint.put(bytes, Varint.zigzag(block.firstSequence() - sequence));
                Varint.put(bytes, Varint.zigzag(timestamps.first() - lowest));
                Varint.put(bytes, timestamps.last() - timestamps.first());
                encodeContexts(block.contexts(), bytes);
                sequence = block.firstSequence();
                lowest = timestamps.first();
            }
        }
        return bytes.flip();
    }

    private static void encodeContexts(BitSet contexts, ByteBuffer bytes) {
        Varint.put(bytes, contexts.cardinality());
        int previous = -1;
        for (int ref = contexts.nextSetBit(0); ref >= 0; ref = contexts.nextSetBit(ref + 1)) {
            Varint.put(bytes, ref - previous - 1L);
            previous = ref;
        }
    }

    /**
     * Decodes a payload.
     *
     * @param payload little-endian, from position 0 to its limit
     * @param offset where it stands in the file, for messages
     * @throws FormatVersionException if a newer release is needed to read the file
     * @throws CorruptDataException if the content makes no sense
     */
    static ColdIndex decode(ByteBuffer payload, long offset, Path path) {
        if (payload.limit() < ColdFormat.FIXED_SIZE || payload.getLong(0) != ColdFormat.MAGIC) {
            throw new CorruptDataException(path, offset, "the index frame does not start with the magic FIRN.Z");
        }
        checkVersion(payload, path);
        int header = payload.getInt(ColdFormat.HEADER_LENGTH);
        int footer = payload.getInt(ColdFormat.FOOTER_LENGTH);
        int directory = payload.getInt(ColdFormat.DIRECTORY_LENGTH);
        long rest = (long) payload.limit() - ColdFormat.FIXED_SIZE;
        if (header < SegmentFormat.HEADER_FIXED_SIZE
                || footer < SegmentFormat.TRAILER_SIZE
                || directory < 1
                || (long) header + footer + directory != rest) {
            throw new CorruptDataException(
                    path,
                    offset + ColdFormat.HEADER_LENGTH,
                    "parts of " + header + ", " + footer + " and " + directory + " bytes in an index of " + rest);
        }
        int footerAt = ColdFormat.FIXED_SIZE + header;
        int directoryAt = footerAt + footer;
        ByteBuffer blocks = payload.slice(directoryAt, directory).order(ByteOrder.LITTLE_ENDIAN);
        try {
            return new ColdIndex(
                    payload.slice(ColdFormat.FIXED_SIZE, header),
                    payload.slice(footerAt, footer),
                    decodeDirectory(blocks, header, path));
        } catch (IllegalArgumentException e) {
            throw new CorruptDataException(path, offset + directoryAt, "block directory: " + e.getMessage());
        }
    }

    private static void checkVersion(ByteBuffer payload, Path path) {
        int major = Short.toUnsignedInt(payload.getShort(ColdFormat.MAJOR));
        int required = payload.getInt(ColdFormat.REQUIRED);
        if (major != ColdFormat.MAJOR_VERSION || (required & ~ColdFormat.KNOWN_REQUIRED_FEATURES) != 0) {
            throw new FormatVersionException("Cannot read cold file " + path + ": format version " + major
                    + " with required features 0x" + Integer.toHexString(required) + ", this software knows version "
                    + ColdFormat.MAJOR_VERSION + " and features 0x"
                    + Integer.toHexString(ColdFormat.KNOWN_REQUIRED_FEATURES) + ". Use a newer release of Firn.");
        }
    }

    private static List<ColdBlock> decodeDirectory(ByteBuffer source, long dataStart, Path path) {
        int count = SparseIndexCodec.boundedInt(
                source, source.remaining() / ColdFormat.MIN_BLOCK_ENTRY_SIZE, "block count");
        List<ColdBlock> blocks = new ArrayList<>(count);
        long rawOffset = dataStart;
        ColdBlock previous = new ColdBlock(0, 0, 0, 0, 0, new Range(0, 0), new BitSet());
        for (int i = 0; i < count; i++) {
            ColdBlock block = decodeBlock(source, rawOffset, previous);
            checkEncoding(block, i, path);
            blocks.add(block);
            rawOffset = block.rawEnd();
            previous = block.recordCount() > 0 ? block : previous;
        }
        if (source.hasRemaining()) {
            throw new IllegalArgumentException(source.remaining() + " bytes behind the last block");
        }
        return blocks;
    }

    private static void checkEncoding(ColdBlock block, int number, Path path) {
        if (block.encoding() > ColdFormat.ENCODING_COLUMNS) {
            throw new FormatVersionException("Cannot read cold file " + path + ": block " + number + " has encoding "
                    + block.encoding() + ", this software knows encodings up to " + ColdFormat.ENCODING_COLUMNS
                    + ". Use a newer release of Firn.");
        }
        if (block.encoding() == ColdFormat.ENCODING_COLUMNS && block.rawBytes() > ColumnarFormat.MAX_RAW_BYTES) {
            throw new IllegalArgumentException("a columnar block of " + block.rawBytes() + " bytes, at most "
                    + ColumnarFormat.MAX_RAW_BYTES + " are possible");
        }
    }

    private static ColdBlock decodeBlock(ByteBuffer source, long rawOffset, ColdBlock previous) {
        int rawBytes = FrameFormat.ALIGNMENT
                * SparseIndexCodec.boundedInt(source, Integer.MAX_VALUE / FrameFormat.ALIGNMENT, "block size");
        int encoding = SparseIndexCodec.boundedInt(source, Integer.MAX_VALUE, "block encoding");
        int records = SparseIndexCodec.boundedInt(source, rawBytes / FrameFormat.FIXED_SIZE, "record count");
        if (rawBytes < FrameFormat.FIXED_SIZE) {
            throw new IllegalArgumentException("a block of " + rawBytes + " bytes");
        }
        if (records == 0) {
            return new ColdBlock(rawOffset, rawBytes, encoding, 0, 0, Range.EMPTY, new BitSet());
        }
        long sequence = previous.firstSequence() + Varint.unzigzag(Varint.get(source));
        long lowest = previous.timestamps().first() + Varint.unzigzag(Varint.get(source));
        Range timestamps = new Range(lowest, lowest + Varint.get(source));
        return new ColdBlock(
                rawOffset, rawBytes, encoding, records, sequence, timestamps, decodeContexts(source, records));
    }

    private static BitSet decodeContexts(ByteBuffer source, int records) {
        BitSet contexts = new BitSet();
        int count = SparseIndexCodec.boundedInt(source, records, "number of contexts");
        int reference = -1;
        for (int i = 0; i < count; i++) {
            reference += 1 + SparseIndexCodec.boundedInt(source, SegmentFormat.MAX_CONTEXTS, "context reference");
            if (reference >= SegmentFormat.MAX_CONTEXTS) {
                throw new IllegalArgumentException("context reference " + reference);
            }
            contexts.set(reference);
        }
        return contexts;
    }
}
