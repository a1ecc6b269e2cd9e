package io.firn.segment;

import io.firn.error.ConfigException;
import io.firn.error.CorruptDataException;
import io.firn.error.FormatVersionException;
import io.firn.record.Utf8;
import io.firn.record.Varint;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;
import java.util.zip.CRC32C;

/** Encodes and decodes the header of a segment. Thread-safe: no state. */
public final class SegmentHeaderCodec {
    private SegmentHeaderCodec() {}

    /** The header's bytes, little-endian, ready to be read; their number is a multiple of 64. */
    public static ByteBuffer encode(SegmentHeader header) {
        int propertiesSize = sizeOf(header.properties());
        int size = align(SegmentFormat.HEADER_FIXED_SIZE + propertiesSize);
        if (size > SegmentFormat.HEADER_MAX_SIZE) {
            throw new ConfigException("The properties of a segment take " + propertiesSize
                    + " bytes; a header has room for " + SegmentFormat.HEADER_MAX_SIZE
                    + ". Shorten the lane, the partition values or the writer's properties.");
        }
        ByteBuffer bytes = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putLong(SegmentFormat.HEADER_MAGIC, SegmentFormat.MAGIC);
        bytes.putShort(SegmentFormat.HEADER_MAJOR, (short) SegmentFormat.MAJOR_VERSION);
        bytes.putShort(SegmentFormat.HEADER_MINOR, (short) SegmentFormat.MINOR_VERSION);
        bytes.putInt(SegmentFormat.HEADER_LENGTH, size);
        bytes.putInt(SegmentFormat.HEADER_OPTIONAL, header.optionalFeatures());
        bytes.putInt(SegmentFormat.HEADER_SALT, header.salt());
        bytes.putInt(SegmentFormat.HEADER_GENERATION, header.generation());
        bytes.putLong(SegmentFormat.HEADER_EPOCH, header.epoch());
        bytes.putLong(SegmentFormat.HEADER_BASE_SEQUENCE, header.baseSequence());
        bytes.putLong(SegmentFormat.HEADER_CREATED_MS, header.createdMs());
        putUuid(bytes, header.tableId());
        bytes.putInt(SegmentFormat.HEADER_PROPERTIES_LENGTH, propertiesSize);
        bytes.position(SegmentFormat.HEADER_FIXED_SIZE);
        Varint.put(bytes, header.properties().size());
        header.properties().forEach((name, value) -> {
            Utf8.putString(bytes, name);
            Utf8.putString(bytes, value);
        });
        bytes.putInt(SegmentFormat.HEADER_CRC, crcOf(bytes, size));
        return bytes.position(0);
    }

    /**
     * The header's length, from the first {@link SegmentFormat#HEADER_FIXED_SIZE} bytes or more of a file.
     *
     * @throws CorruptDataException if they are not those of a segment
     */
    public static int length(ByteBuffer start, Path path) {
        ByteBuffer bytes = start.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        if (bytes.limit() < SegmentFormat.HEADER_FIXED_SIZE) {
            throw new CorruptDataException(
                    path,
                    bytes.limit(),
                    "the file ends within the segment header of " + SegmentFormat.HEADER_FIXED_SIZE + " bytes");
        }
        long magic = bytes.getLong(SegmentFormat.HEADER_MAGIC);
        if (magic != SegmentFormat.MAGIC) {
            throw new CorruptDataException(
                    path, 0, String.format("magic 0x%016x instead of 0x%016x", magic, SegmentFormat.MAGIC));
        }
        int length = bytes.getInt(SegmentFormat.HEADER_LENGTH);
        if (!isPossible(length)) {
            throw new CorruptDataException(
                    path, SegmentFormat.HEADER_LENGTH, "impossible header length " + Integer.toUnsignedString(length));
        }
        return length;
    }

    /** Whether a file's first bytes, at least as many as there are or a header may have, hold a whole header. */
    static boolean isWhole(ByteBuffer start) {
        ByteBuffer bytes = start.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        if (bytes.limit() < SegmentFormat.HEADER_FIXED_SIZE
                || bytes.getLong(SegmentFormat.HEADER_MAGIC) != SegmentFormat.MAGIC) {
            return false;
        }
        int length = bytes.getInt(SegmentFormat.HEADER_LENGTH);
        return isPossible(length)
                && bytes.limit() >= length
                && bytes.getInt(SegmentFormat.HEADER_CRC) == crcOf(bytes, length);
    }

    private static boolean isPossible(int length) {
        return length >= SegmentFormat.HEADER_FIXED_SIZE
                && length <= SegmentFormat.HEADER_MAX_SIZE
                && length % SegmentFormat.HEADER_ALIGNMENT == 0;
    }

    /**
     * Decodes a header.
     *
     * @param start the file's bytes from 0 to at least the header's end, positioned anywhere
     * @throws CorruptDataException if the checksum or the content is wrong
     * @throws FormatVersionException if a newer version of this software is needed
     */
    public static SegmentHeader decode(ByteBuffer start, Path path) {
        int length = length(start, path);
        if (start.limit() < length) {
            throw new CorruptDataException(
                    path, start.limit(), "the file ends within the segment header of " + length + " bytes");
        }
        ByteBuffer bytes = start.duplicate().order(ByteOrder.LITTLE_ENDIAN).position(0);
        int stored = bytes.getInt(SegmentFormat.HEADER_CRC);
        int computed = crcOf(bytes, length);
        if (stored != computed) {
            throw new CorruptDataException(
                    path,
                    SegmentFormat.HEADER_CRC,
                    String.format("checksum 0x%08x of the header, computed 0x%08x", stored, computed));
        }
        checkVersion(bytes, path);
        try {
            return decodeFields(bytes);
        } catch (IllegalArgumentException e) {
            throw new CorruptDataException(path, SegmentFormat.HEADER_FIXED_SIZE, "header: " + e.getMessage());
        }
    }

    private static SegmentHeader decodeFields(ByteBuffer bytes) {
        SegmentHeader.Builder header = SegmentHeader.builder(getUuid(bytes))
                .optionalFeatures(bytes.getInt(SegmentFormat.HEADER_OPTIONAL))
                .salt(bytes.getInt(SegmentFormat.HEADER_SALT))
                .generation(bytes.getInt(SegmentFormat.HEADER_GENERATION))
                .epoch(bytes.getLong(SegmentFormat.HEADER_EPOCH))
                .baseSequence(bytes.getLong(SegmentFormat.HEADER_BASE_SEQUENCE))
                .createdMs(bytes.getLong(SegmentFormat.HEADER_CREATED_MS));
        int propertiesSize = bytes.getInt(SegmentFormat.HEADER_PROPERTIES_LENGTH);
        int length = bytes.getInt(SegmentFormat.HEADER_LENGTH);
        if (propertiesSize < 1 || propertiesSize > length - SegmentFormat.HEADER_FIXED_SIZE) {
            throw new IllegalArgumentException("properties of " + propertiesSize + " bytes");
        }
        ByteBuffer properties = bytes.duplicate()
                .limit(SegmentFormat.HEADER_FIXED_SIZE + propertiesSize)
                .position(SegmentFormat.HEADER_FIXED_SIZE);
        for (long i = Varint.get(properties); i != 0; i--) {
            String name = Utf8.getString(properties);
            header.property(name, Utf8.getString(properties));
        }
        if (properties.hasRemaining()) {
            throw new IllegalArgumentException(properties.remaining() + " bytes behind the properties");
        }
        return header.build();
    }

    private static void checkVersion(ByteBuffer bytes, Path path) {
        int major = Short.toUnsignedInt(bytes.getShort(SegmentFormat.HEADER_MAJOR));
        int required = bytes.getInt(SegmentFormat.HEADER_REQUIRED);
        int unknown = required & ~SegmentFormat.KNOWN_REQUIRED_FEATURES;
        if (major != SegmentFormat.MAJOR_VERSION || unknown != 0) {
            throw new FormatVersionException("Cannot read segment " + path + ": format version " + major
                    + " with required features 0x" + Integer.toHexString(required) + ", this software knows version "
                    + SegmentFormat.MAJOR_VERSION + " and features 0x"
                    + Integer.toHexString(SegmentFormat.KNOWN_REQUIRED_FEATURES) + ". Use a newer release of Firn.");
        }
    }

    /** The checksum of all bytes of the header, its own field taken as zero. */
    private static int crcOf(ByteBuffer bytes, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes.duplicate().limit(SegmentFormat.HEADER_CRC).position(0));
        crc.update(new byte[Integer.BYTES]);
        crc.update(bytes.duplicate().limit(length).position(SegmentFormat.HEADER_FIXED_SIZE));
        return (int) crc.getValue();
    }

    private static int sizeOf(Map<String, String> properties) {
        int size = Varint.sizeOf(properties.size());
        for (Map.Entry<String, String> property : properties.entrySet()) {
            size = Math.addExact(size, Utf8.sizeOfString(property.getKey()));
            size = Math.addExact(size, Utf8.sizeOfString(property.getValue()));
        }
        return size;
    }

    private static int align(int size) {
        return (size + SegmentFormat.HEADER_ALIGNMENT - 1) & -SegmentFormat.HEADER_ALIGNMENT;
    }

    /** Sixteen bytes in the order of RFC 9562, the highest first. */
    private static void putUuid(ByteBuffer bytes, UUID id) {
        bytes.putLong(SegmentFormat.HEADER_TABLE_ID, Long.reverseBytes(id.getMostSignificantBits()));
        bytes.putLong(SegmentFormat.HEADER_TABLE_ID + Long.BYTES, Long.reverseBytes(id.getLeastSignificantBits()));
    }

    private static UUID getUuid(ByteBuffer bytes) {
        return new UUID(
                Long.reverseBytes(bytes.getLong(SegmentFormat.HEADER_TABLE_ID)),
                Long.reverseBytes(bytes.getLong(SegmentFormat.HEADER_TABLE_ID + Long.BYTES)));
    }
}
