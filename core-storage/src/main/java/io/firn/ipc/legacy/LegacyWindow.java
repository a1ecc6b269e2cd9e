package io.firn.ipc.legacy;

import io.firn.error.CorruptDataException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.zip.CRC32;

/**
 * The bytes of an old segment, of which it holds the piece in memory that was asked for last; a piece larger than it is
 * makes it grow. Positions are raw offsets, numbers little-endian. Confined to one thread.
 */
final class LegacyWindow implements AutoCloseable {
    private static final int PIECE_BYTES = 1 << 18;

    private final LegacyBytes bytes;
    private ByteBuffer piece = allocate(PIECE_BYTES).limit(0);
    private long start;

    /** Makes a window that closes the bytes. */
    LegacyWindow(LegacyBytes bytes) {
        this.bytes = bytes;
    }

    /** The file that is read. */
    Path path() {
        return bytes.path();
    }

    /** Whether the file was made with its full size before it was written. */
    boolean isPreallocated() {
        return bytes.isPreallocated();
    }

    /** Raw size in bytes at present. */
    long sizeBytes() {
        return bytes.sizeBytes();
    }

    /** Has bytes that are asked for in turn come from one piece. */
    void hold(long position, int length) {
        index(position, length);
    }

    byte byteAt(long position) {
        return piece.get(index(position, Byte.BYTES));
    }

    int shortAt(long position) {
        return Short.toUnsignedInt(piece.getShort(index(position, Short.BYTES)));
    }

    int intAt(long position) {
        return piece.getInt(index(position, Integer.BYTES));
    }

    long longAt(long position) {
        return piece.getLong(index(position, Long.BYTES));
    }

    /** Bytes in memory, valid until another piece is asked for. */
    ByteBuffer slice(long position, int length) {
        return piece.slice(index(position, length), length).asReadOnlyBuffer();
    }

    /** CRC32 as the old writer computed it. */
    int crc(long position, int length) {
        CRC32 crc = new CRC32();
        crc.update(piece.slice(index(position, length), length));
        return (int) crc.getValue();
    }

    /** Whether bytes are zero, however many. */
    boolean isZero(long position, long length) {
        long end = position + length;
        for (long at = position; at < end; at += PIECE_BYTES) {
            int part = (int) Math.min(PIECE_BYTES, end - at);
            int index = index(at, part);
            for (int i = index; i < index + part; i++) {
                if (piece.get(i) != 0) {
                    return false;
                }
            }
        }
        return true;
    }

    /** Has the bytes be read again, because a writer may have changed them. */
    void forget() {
        piece.limit(0);
    }

    CorruptDataException damaged(long position, String reason) {
        return new CorruptDataException(path(), position, reason);
    }

    @Override
    public void close() {
        bytes.close();
    }

    /** Has the piece hold bytes, which the caller knows the file to have; returns where in it they begin. */
    private int index(long position, int length) {
        if (position < start || position + length > start + piece.limit()) {
            load(position, length);
        }
        return (int) (position - start);
    }

    private void load(long position, int length) {
        if (piece.capacity() < length) {
            piece = allocate(Math.max(length, (int) Math.min(Integer.MAX_VALUE - 8, piece.capacity() * 2L)));
        }
        piece.clear();
        bytes.read(piece, position);
        piece.flip();
        start = position;
        if (piece.limit() < length) {
            throw damaged(position, "the file became shorter while it was read");
        }
    }

    private static ByteBuffer allocate(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
