package io.firn.ipc.legacy;

import io.firn.error.CorruptDataException;
import io.firn.error.InvalidRecordException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Optional;
import java.util.zip.CRC32;

/**
 * Moves through the records of one old segment and verifies everything that the old format lets verify: header,
 * lengths, versions, order of sequences, the checksum of every payload, and that nothing stands behind the end.
 *
 * <p>The old checksum covers the payload only: damage of a timestamp or a type cannot be seen. Confined to one thread.
 */
final class LegacyCursor implements AutoCloseable {
    private static final int WINDOW_BYTES = 1 << 18;
    private static final int MAX_REREADS = 3;
    private static final long HASH_FACTOR = 0x9E37_79B9_7F4A_7C15L;

    private final LegacyBytes bytes;
    private final boolean sealed;
    private final boolean growing;
    private final boolean blank;
    private ByteBuffer window = allocate(WINDOW_BYTES);
    private long windowStart;
    private long offset = LegacyFormat.HEADER_BYTES;
    private long recordOffset;
    private int payloadBytes;
    private long markOffset;
    private long markContent;
    private boolean resumed;
    private long sequence = -1;
    private long lastSequence = -1;

    private LegacyCursor(LegacyBytes bytes, boolean sealed, boolean growing, boolean blank) {
        this.bytes = bytes;
        this.sealed = sealed;
        this.growing = growing;
        this.blank = blank;
        window.limit(0);
    }

    /**
     * Opens a cursor before the first record; the cursor closes the bytes.
     *
     * @param id the id that the header must have; negative when any is right
     * @param growing whether this is the stream's last segment, to which a writer may be appending
     */
    static LegacyCursor open(LegacyBytes bytes, long id, boolean growing) {
        ByteBuffer header = allocate(LegacyFormat.HEADER_BYTES);
        int read = bytes.read(header, 0);
        if (isZero(header.flip()) && (growing || isAllZero(bytes))) {
            return new LegacyCursor(bytes, false, growing, !growing); // created and not written yet, or never
        }
        if (read < LegacyFormat.HEADER_BYTES) {
            throw damaged(bytes, 0, "expected a segment header of 64 bytes, found " + read);
        }
        check(bytes, 0, "magic", LegacyFormat.MAGIC, header.getInt(0));
        check(bytes, LegacyFormat.VERSION_OFFSET, "version", LegacyFormat.VERSION, header.getInt(4));
        if (id >= 0) {
            check(bytes, LegacyFormat.ID_OFFSET, "segment id", (int) id, header.getInt(LegacyFormat.ID_OFFSET));
        }
        int flags = header.getInt(LegacyFormat.FLAGS_OFFSET);
        boolean sealed = (flags & LegacyFormat.SEALED_FLAG) != 0;
        check(bytes, LegacyFormat.FLAGS_OFFSET, "flags", sealed ? LegacyFormat.SEALED_FLAG : 0, flags);
        return new LegacyCursor(bytes, sealed, growing && !sealed, false);
    }

    /**
     * Goes on behind a record that another cursor stood on; the present record is that one then.
     *
     * @throws CorruptDataException when it is not there any more
     */
    void resume(LegacyPlace.Mark last) {
        offset = last.offset();
        resumed = true;
        if (!next() || markOffset != last.offset() || markContent != last.content()) {
            throw damaged(
                    bytes,
                    last.offset(),
                    "the record that was read here before is gone or another one: the file was replaced");
        }
    }

    /** What {@link #resume} needs of the last record; empty before the first one. Padding is none. */
    Optional<LegacyPlace.Mark> mark(long id) {
        return markOffset == 0 ? Optional.empty() : Optional.of(new LegacyPlace.Mark(id, markOffset, markContent));
    }

    /** Raw offset behind the present record. */
    long offset() {
        return offset;
    }

    /** Whether the file holds zeros only and later ones do not, so that nothing was ever written to it. */
    boolean isBlank() {
        return blank;
    }

    /** Whether a writer may still append to the segment. */
    boolean isGrowing() {
        return growing;
    }

    /**
     * Moves to the next record; of a growing segment it may be called again later.
     *
     * @throws CorruptDataException when bytes are damaged
     */
    boolean next() {
        while (true) {
            int commit = commitWord();
            if (commit == 0) {
                return false;
            }
            if (!readRecord(commit)) {
                return false;
            }
            recordOffset = offset;
            offset += LegacyFormat.recordBytes(payloadBytes);
            if (typeId() != LegacyFormat.PADDING_TYPE) {
                checkSequence();
                markOffset = recordOffset;
                markContent = contentOfHeader();
                return true;
            }
        }
    }

    /** Timestamp, nanoseconds since the epoch. */
    long timestampNs() {
        long timestamp = window.getLong(at(LegacyFormat.TIMESTAMP_OFFSET));
        if (timestamp < 0) {
            throw new InvalidRecordException("The timestamp " + Long.toUnsignedString(timestamp)
                    + " ns of the record at "
                    + bytes.path() + " offset " + recordOffset + " lies behind the year 2262, which a table cannot"
                    + " hold; nothing from there on was migrated");
        }
        return timestamp;
    }

    int typeId() {
        return Short.toUnsignedInt(window.getShort(at(LegacyFormat.TYPE_OFFSET)));
    }

    int flags() {
        return Short.toUnsignedInt(window.getShort(at(LegacyFormat.RECORD_FLAGS_OFFSET)));
    }

    long sequence() {
        return sequence;
    }

    /** The file that is read. */
    Path path() {
        return bytes.path();
    }

    /** The payload, valid until the next move. */
    ByteBuffer payload() {
        return window.slice(at(LegacyFormat.RECORD_HEADER_BYTES), payloadBytes).asReadOnlyBuffer();
    }

    @Override
    public void close() {
        bytes.close();
    }

    private int at(int fieldOffset) {
        return (int) (recordOffset - windowStart) + fieldOffset;
    }

    private int commitWord() {
        long size = bytes.sizeBytes();
        if (blank || isFull(size)) {
            return 0;
        }
        if (size - offset < LegacyFormat.RECORD_HEADER_BYTES) {
            if (growing && (size >= offset || size <= LegacyFormat.HEADER_BYTES)) {
                return 0; // a file that is not preallocated
            }
            throw damaged(bytes, offset, "expected a record header of 64 bytes, the file ends at " + size);
        }
        int commit = commitWordAt(offset);
        if (commit == 0 && growing) {
            window.limit(0); // the window may be older than the writer's last record
            commit = commitWordAt(offset);
        }
        if (commit == 0 && !(growing && resumed)) { // a stretch of zeros is not searched again at every look
            commit = checkEnd(size);
        }
        return commit;
    }

    /** Whether the file ends behind the last payload; what only aligns the next record may be missing. */
    private boolean isFull(long size) {
        return size <= offset && (recordOffset == 0 ? size == offset : size >= payloadEnd());
    }

    private long payloadEnd() {
        return recordOffset + LegacyFormat.RECORD_HEADER_BYTES + payloadBytes;
    }

    private int commitWordAt(long position) {
        ensure(position, Integer.BYTES);
        return window.getInt((int) (position - windowStart));
    }

    /** Behind the end of a sealed segment stand zeros; of another one perhaps half a record, never a whole one. */
    private int checkEnd(long size) {
        for (long at = offset; at < size; at += LegacyFormat.ALIGNMENT_BYTES) {
            int length = (int) Math.min(LegacyFormat.ALIGNMENT_BYTES, size - at);
            ensure(at, length);
            int index = (int) (at - windowStart);
            boolean record = length == LegacyFormat.ALIGNMENT_BYTES && isWhole(at, window.getInt(index), size);
            if (record || (sealed && !isZero(window.slice((int) (at - windowStart), length)))) {
                window.limit(0);
                int commit = commitWordAt(offset);
                if (growing && commit != 0) {
                    return commit; // the writer was faster
                }
                throw damaged(
                        bytes,
                        offset,
                        "expected a record here, because " + (record ? "one" : "data") + " stands behind it at " + at);
            }
        }
        return 0;
    }

    private boolean isWhole(long at, int commit, long size) {
        long length = Integer.toUnsignedLong(commit) - 1;
        if (length < 0 || LegacyFormat.RECORD_HEADER_BYTES + length > size - at) {
            return false;
        }
        if (!isVersionAt(at)) {
            return false;
        }
        if (length == 0 ? !isEmptyRecord(at, size) : !canFollow(at, size)) {
            return false;
        }
        ensure(at, Math.toIntExact(LegacyFormat.RECORD_HEADER_BYTES + length));
        int index = (int) (at - windowStart);
        int expected = window.getInt(index + LegacyFormat.CRC_OFFSET);
        return expected == crc(index + LegacyFormat.RECORD_HEADER_BYTES, (int) length);
    }

    private boolean isVersionAt(long at) {
        ensure(at, LegacyFormat.RECORD_HEADER_BYTES);
        return window.get((int) (at - windowStart) + LegacyFormat.RECORD_VERSION_OFFSET) == LegacyFormat.RECORD_VERSION;
    }

    /** A payload may look like an empty record, whose checksum is 0: everything that a writer leaves zero must be. */
    private boolean isEmptyRecord(long at, long size) {
        int index = (int) (at - windowStart);
        return isZero(window.slice(index + LegacyFormat.RECORD_VERSION_OFFSET + 1, 3))
                && isZero(window.slice(index + LegacyFormat.UNUSED_OFFSET, LegacyFormat.UNUSED_BYTES))
                && isBehindLast(sequenceAt(at), placesUpTo(size))
                && lastSequence >= 0;
    }

    /** Whether a record may have the sequence that stands there, or does after the writer was opened again. */
    private boolean canFollow(long at, long size) {
        long found = sequenceAt(at);
        long places = placesUpTo(size);
        return lastSequence < 0 || isBehindLast(found, places) || (found >= 0 && found <= places);
    }

    private boolean isBehindLast(long found, long places) {
        return found > lastSequence && found - lastSequence <= places;
    }

    /** Records that the rest of the file has room for, from the end that was found on. */
    private long placesUpTo(long size) {
        return (size - offset) / LegacyFormat.ALIGNMENT_BYTES;
    }

    private long sequenceAt(long at) {
        return window.getLong((int) (at - windowStart) + LegacyFormat.SEQUENCE_OFFSET);
    }

    /** Returns false when the file ends within the record, which is still being written. */
    private boolean readRecord(int commit) {
        long length = Integer.toUnsignedLong(commit) - 1;
        long left = bytes.sizeBytes() - offset - LegacyFormat.RECORD_HEADER_BYTES;
        if (length > left && growing && isVersionAt(offset)) {
            return false;
        }
        if (length > left || length > Integer.MAX_VALUE - LegacyFormat.RECORD_HEADER_BYTES) {
            throw damaged(
                    bytes, offset, "a payload of " + length + " bytes does not fit the " + left + " that are left");
        }
        payloadBytes = (int) length;
        for (int rereads = 0; ; rereads++) {
            ensure(offset, LegacyFormat.RECORD_HEADER_BYTES + payloadBytes);
            CorruptDataException wrong = damageOf((int) (offset - windowStart));
            if (wrong == null) {
                return true;
            }
            if (!growing || rereads == MAX_REREADS) {
                throw wrong;
            }
            window.limit(0); // the window was filled while the writer wrote
        }
    }

    private @org.jspecify.annotations.Nullable CorruptDataException damageOf(int index) {
        int version = window.get(index + LegacyFormat.RECORD_VERSION_OFFSET);
        if (version != LegacyFormat.RECORD_VERSION) {
            return damaged(
                    bytes,
                    offset + LegacyFormat.RECORD_VERSION_OFFSET,
                    "expected record version " + LegacyFormat.RECORD_VERSION + ", found " + version);
        }
        if (Short.toUnsignedInt(window.getShort(index + LegacyFormat.TYPE_OFFSET)) == LegacyFormat.PADDING_TYPE) {
            return null; // nobody promised a checksum of padding
        }
        int expected = window.getInt(index + LegacyFormat.CRC_OFFSET);
        int found = crc(index + LegacyFormat.RECORD_HEADER_BYTES, payloadBytes);
        return expected == found
                ? null
                : damaged(
                        bytes,
                        offset,
                        "CRC32 of the payload is " + Integer.toHexString(found) + ", expected "
                                + Integer.toHexString(expected));
    }

    private int crc(int index, int length) {
        CRC32 crc = new CRC32();
        crc.update(window.slice(index, length));
        return (int) crc.getValue();
    }

    /** Within a segment sequences grow, or start again at 0 where the old writer was opened again. */
    private void checkSequence() {
        sequence = window.getLong(at(LegacyFormat.SEQUENCE_OFFSET));
        if (sequence != 0 && Long.compareUnsigned(sequence, lastSequence + 1) < 0) {
            throw damaged(
                    bytes,
                    recordOffset + LegacyFormat.SEQUENCE_OFFSET,
                    "expected a sequence above " + lastSequence + " or 0, found " + Long.toUnsignedString(sequence));
        }
        lastSequence = sequence;
    }

    /** The fields up to the payload's checksum, hashed. */
    private long contentOfHeader() {
        long hash = 1;
        for (int field = 0; field <= LegacyFormat.CRC_OFFSET; field += Long.BYTES) {
            hash = HASH_FACTOR * hash + window.getLong(at(field));
        }
        return hash;
    }

    /** Has the window hold bytes; the caller has checked that the file has them. */
    private void ensure(long position, int length) {
        if (position >= windowStart && position + length <= windowStart + window.limit()) {
            return;
        }
        if (window.capacity() < length) {
            window = allocate(Math.max(length, (int) Math.min(Integer.MAX_VALUE - 8, window.capacity() * 2L)));
        }
        window.clear();
        bytes.read(window, position);
        window.flip();
        windowStart = position;
        if (window.limit() < length) {
            throw damaged(bytes, position, "the file became shorter while it was read");
        }
    }

    private static boolean isAllZero(LegacyBytes bytes) {
        if (!bytes.isPreallocated()) {
            return false;
        }
        ByteBuffer piece = allocate(WINDOW_BYTES);
        for (long at = 0; at < bytes.sizeBytes(); at += piece.limit()) {
            bytes.read(piece.clear(), at);
            if (!isZero(piece.flip())) {
                return false;
            }
        }
        return true;
    }

    private static boolean isZero(ByteBuffer buffer) {
        for (int i = buffer.position(); i < buffer.limit(); i++) {
            if (buffer.get(i) != 0) {
                return false;
            }
        }
        return true;
    }

    private static void check(LegacyBytes bytes, long offset, String what, int expected, int found) {
        if (expected != found) {
            throw damaged(
                    bytes,
                    offset,
                    "expected " + what + " 0x" + Integer.toHexString(expected) + " of an old segment, found 0x"
                            + Integer.toHexString(found));
        }
    }

    private static CorruptDataException damaged(LegacyBytes bytes, long offset, String reason) {
        return new CorruptDataException(bytes.path(), offset, reason);
    }

    private static ByteBuffer allocate(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
