package io.firn.ipc.legacy;

import io.firn.error.CorruptDataException;
import io.firn.error.InvalidRecordException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Moves through the records of one old segment and verifies everything that the old format lets verify: header,
 * lengths, versions, order of sequences, the checksum of every payload, and that nothing stands behind the end.
 *
 * <p>The old checksum covers the payload only: damage of a timestamp or a type cannot be seen. Confined to one thread.
 */
final class LegacyCursor implements AutoCloseable {
    private static final int MAX_REREADS = 3;
    private static final long HASH_FACTOR = 0x9E37_79B9_7F4A_7C15L;

    private final LegacyWindow window;
    private final LegacyState state;
    private final boolean growing;
    private long offset = LegacyFormat.HEADER_BYTES;
    private long recordOffset;
    private int payloadBytes;
    private long markOffset;
    private long markContent;
    private boolean resumed;
    private long sequence = -1;
    private long lastSequence = -1;

    private LegacyCursor(LegacyWindow window, LegacyState state, boolean growing) {
        this.window = window;
        this.state = state;
        this.growing = growing;
    }

    /**
     * Opens a cursor before the first record; the cursor closes the bytes.
     *
     * @param id the id that the header must have; negative when any is right
     * @param last whether this is the stream's last segment, to which a writer may be appending
     */
    static LegacyCursor open(LegacyBytes bytes, long id, boolean last) {
        LegacyWindow window = new LegacyWindow(bytes);
        LegacyState state = LegacyState.read(window, id, last);
        return new LegacyCursor(window, state, last && state != LegacyState.SEALED);
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
            throw window.damaged(
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
        return state == LegacyState.BLANK;
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
            if (commit == 0 || !readRecord(commit)) {
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
        long timestamp = window.longAt(recordOffset + LegacyFormat.TIMESTAMP_OFFSET);
        if (timestamp < 0) {
            throw new InvalidRecordException("The timestamp " + Long.toUnsignedString(timestamp)
                    + " ns of the record at "
                    + window.path() + " offset " + recordOffset + " lies behind the year 2262, which a table cannot"
                    + " hold; nothing from there on was migrated");
        }
        return timestamp;
    }

    int typeId() {
        return window.shortAt(recordOffset + LegacyFormat.TYPE_OFFSET);
    }

    int flags() {
        return window.shortAt(recordOffset + LegacyFormat.RECORD_FLAGS_OFFSET);
    }

    long sequence() {
        return sequence;
    }

    /** The file that is read. */
    Path path() {
        return window.path();
    }

    /** The payload, valid until the next move. */
    ByteBuffer payload() {
        return window.slice(recordOffset + LegacyFormat.RECORD_HEADER_BYTES, payloadBytes);
    }

    @Override
    public void close() {
        window.close();
    }

    private int commitWord() {
        long size = window.sizeBytes();
        if (isBlank() || isFull(size)) {
            return 0;
        }
        if (size - offset < LegacyFormat.RECORD_HEADER_BYTES) {
            if (growing && (size >= offset || size <= LegacyFormat.HEADER_BYTES)) {
                return 0; // a file that is not preallocated
            }
            throw window.damaged(offset, "expected a record header of 64 bytes, the file ends at " + size);
        }
        int commit = window.intAt(offset);
        if (commit == 0 && growing) {
            window.forget(); // it may be older than the writer's last record
            commit = window.intAt(offset);
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

    /** Returns the commit word that a writer has put there meanwhile, 0 if there is none. */
    private int checkEnd(long size) {
        LegacyEnd end = new LegacyEnd(window, offset, size, lastSequence);
        OptionalLong behind = state == LegacyState.SEALED ? end.dataBehind() : end.recordBehind();
        if (behind.isEmpty()) {
            return 0;
        }
        window.forget();
        int commit = window.intAt(offset);
        if (growing && commit != 0) {
            return commit; // the writer was faster
        }
        throw window.damaged(
                offset,
                "expected a record here, because "
                        + (state == LegacyState.SEALED ? "data" : "one") + " stands behind it at "
                        + behind.getAsLong());
    }

    /** Returns false when the file ends within the record, which is still being written. */
    private boolean readRecord(int commit) {
        long length = Integer.toUnsignedLong(commit) - 1;
        long left = window.sizeBytes() - offset - LegacyFormat.RECORD_HEADER_BYTES;
        if (length > left
                && growing
                && window.byteAt(offset + LegacyFormat.RECORD_VERSION_OFFSET) == LegacyFormat.RECORD_VERSION) {
            return false;
        }
        if (length > left || length > Integer.MAX_VALUE - LegacyFormat.RECORD_HEADER_BYTES) {
            throw window.damaged(
                    offset, "a payload of " + length + " bytes does not fit the " + left + " that are left");
        }
        payloadBytes = (int) length;
        for (int rereads = 0; ; rereads++) {
            window.hold(offset, LegacyFormat.RECORD_HEADER_BYTES + payloadBytes);
            CorruptDataException wrong = damageOfRecord();
            if (wrong == null) {
                return true;
            }
            if (!growing || rereads == MAX_REREADS) {
                throw wrong;
            }
            window.forget(); // it was filled while the writer wrote
        }
    }

    private @Nullable CorruptDataException damageOfRecord() {
        int version = window.byteAt(offset + LegacyFormat.RECORD_VERSION_OFFSET);
        if (version != LegacyFormat.RECORD_VERSION) {
            return window.damaged(
                    offset + LegacyFormat.RECORD_VERSION_OFFSET,
                    "expected record version " + LegacyFormat.RECORD_VERSION + ", found " + version);
        }
        if (window.shortAt(offset + LegacyFormat.TYPE_OFFSET) == LegacyFormat.PADDING_TYPE) {
            return null; // nobody promised a checksum of padding
        }
        int expected = window.intAt(offset + LegacyFormat.CRC_OFFSET);
        int found = window.crc(offset + LegacyFormat.RECORD_HEADER_BYTES, payloadBytes);
        return expected == found
                ? null
                : window.damaged(
                        offset,
                        "CRC32 of the payload is " + Integer.toHexString(found) + ", expected "
                                + Integer.toHexString(expected));
    }

    /** Within a segment sequences grow, or start again at 0 where the old writer was opened again. */
    private void checkSequence() {
        sequence = window.longAt(recordOffset + LegacyFormat.SEQUENCE_OFFSET);
        if (sequence != 0 && Long.compareUnsigned(sequence, lastSequence + 1) < 0) {
            throw window.damaged(
                    recordOffset + LegacyFormat.SEQUENCE_OFFSET,
                    "expected a sequence above " + lastSequence + " or 0, found " + Long.toUnsignedString(sequence));
        }
        lastSequence = sequence;
    }

    /** The fields up to the payload's checksum, hashed. */
    private long contentOfHeader() {
        long hash = 1;
        for (int field = 0; field <= LegacyFormat.CRC_OFFSET; field += Long.BYTES) {
            hash = HASH_FACTOR * hash + window.longAt(recordOffset + field);
        }
        return hash;
    }
}
