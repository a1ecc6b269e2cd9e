package io.firn.log;

import io.firn.error.CorruptDataException;
import io.firn.error.FormatVersionException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.UUID;
import java.util.zip.CRC32C;

/**
 * The 64 bytes at the start of a log file. Layout in docs/format/log.md.
 *
 * @param kind code of the log's kind
 * @param epoch the log's epoch
 * @param salt mixed into the checksum of every frame
 * @param tableId the table that the log belongs to
 * @param createdMs creation, milliseconds since the epoch of time
 */
record LogHeader(int kind, long epoch, int salt, UUID tableId, long createdMs) {
    private static final int CRC_OFFSET = 60;

    /** Writes the header at the buffer's position. */
    void write(ByteBuffer target) {
        int start = target.position();
        target.putLong(LogFormat.MAGIC)
                .putShort(LogFormat.MAJOR_VERSION)
                .putShort(LogFormat.MINOR_VERSION)
                .putInt(LogFormat.HEADER_BYTES)
                .putInt(salt)
                .putInt(kind)
                .putLong(epoch)
                .putLong(tableId.getMostSignificantBits())
                .putLong(tableId.getLeastSignificantBits())
                .putLong(createdMs)
                .putInt(0);
        target.putInt(crc(target, start));
    }

    /** Whether the bytes hold a whole header that was written to its end. */
    static boolean isComplete(ByteBuffer bytes) {
        return bytes.limit() >= LogFormat.HEADER_BYTES && bytes.getInt(CRC_OFFSET) == crc(bytes, 0);
    }

    /** Reads a complete header. */
    static LogHeader read(ByteBuffer bytes, Path file) {
        ByteBuffer header = bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN).position(0);
        long magic = header.getLong();
        if (magic != LogFormat.MAGIC) {
            throw new CorruptDataException(
                    file, 0, "expected the magic number of a Firn log, found 0x" + Long.toHexString(magic));
        }
        short major = header.getShort();
        if (major != LogFormat.MAJOR_VERSION) {
            throw new FormatVersionException("Log " + file + " has format version " + major + ", this version reads "
                    + LogFormat.MAJOR_VERSION + "; read it with the version of Firn that wrote it");
        }
        header.getShort();
        header.getInt();
        int salt = header.getInt();
        int kind = header.getInt();
        long epoch = header.getLong();
        UUID tableId = new UUID(header.getLong(), header.getLong());
        return new LogHeader(kind, epoch, salt, tableId, header.getLong());
    }

    /** Refuses a log that belongs elsewhere. */
    void check(Path file, LogKind expectedKind, UUID expectedTable, long expectedEpoch) {
        if (kind != expectedKind.code() || !tableId.equals(expectedTable) || epoch != expectedEpoch) {
            throw new CorruptDataException(
                    file,
                    0,
                    "expected a log of kind " + expectedKind.code() + ", table "
                            + expectedTable + ", epoch " + expectedEpoch + "; found kind " + kind + ", table " + tableId
                            + ", epoch " + epoch + " (was the file copied from elsewhere?)");
        }
    }

    private static int crc(ByteBuffer bytes, int start) {
        CRC32C crc = new CRC32C();
        crc.update(bytes.duplicate().position(start).limit(start + CRC_OFFSET));
        return (int) crc.getValue();
    }
}
