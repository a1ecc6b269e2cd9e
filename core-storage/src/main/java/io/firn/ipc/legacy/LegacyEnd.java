package io.firn.ipc.legacy;

import java.util.OptionalLong;

/**
 * The end of an old segment, which is where the next commit word is zero, and what may stand behind it: zeros behind a
 * sealed one; behind another one perhaps half a record of a writer that died, never a whole one.
 *
 * @param window the segment
 * @param offset raw offset of the end
 * @param sizeBytes raw size of the segment
 * @param lastSequence sequence of the last record before the end, -1 if there is none
 */
record LegacyEnd(LegacyWindow window, long offset, long sizeBytes, long lastSequence) {
    /** Raw offset of the first whole record behind the end. */
    OptionalLong recordBehind() {
        for (long at = offset; at <= sizeBytes - LegacyFormat.ALIGNMENT_BYTES; at += LegacyFormat.ALIGNMENT_BYTES) {
            if (isRecord(at)) {
                return OptionalLong.of(at);
            }
        }
        return OptionalLong.empty();
    }

    /** Raw offset of the first 64 bytes behind the end that are not zero. */
    OptionalLong dataBehind() {
        for (long at = offset; at < sizeBytes; at += LegacyFormat.ALIGNMENT_BYTES) {
            if (!window.isZero(at, Math.min(LegacyFormat.ALIGNMENT_BYTES, sizeBytes - at))) {
                return OptionalLong.of(at);
            }
        }
        return OptionalLong.empty();
    }

    private boolean isRecord(long at) {
        long length = Integer.toUnsignedLong(window.intAt(at)) - 1;
        return length >= 0
                && LegacyFormat.RECORD_HEADER_BYTES + length <= sizeBytes - at
                && window.byteAt(at + LegacyFormat.RECORD_VERSION_OFFSET) == LegacyFormat.RECORD_VERSION
                && (length == 0 ? isEmptyRecord(at) : canFollow(at))
                && window.intAt(at + LegacyFormat.CRC_OFFSET)
                        == window.crc(at + LegacyFormat.RECORD_HEADER_BYTES, Math.toIntExact(length));
    }

    /** A payload may look like an empty record, whose checksum is 0: everything that a writer leaves zero must be. */
    private boolean isEmptyRecord(long at) {
        return lastSequence >= 0
                && isBehindLast(sequenceAt(at))
                && window.isZero(at + LegacyFormat.RECORD_VERSION_OFFSET + 1, LegacyFormat.RESERVED_BYTES)
                && window.isZero(at + LegacyFormat.UNUSED_OFFSET, LegacyFormat.UNUSED_BYTES);
    }

    /** Whether a record may have the sequence that stands there, or does after the writer was opened again. */
    private boolean canFollow(long at) {
        long found = sequenceAt(at);
        return lastSequence < 0 || isBehindLast(found) || (found >= 0 && found <= places());
    }

    private boolean isBehindLast(long found) {
        return found > lastSequence && found - lastSequence <= places();
    }

    /** Records that the rest of the file has room for. */
    private long places() {
        return (sizeBytes - offset) / LegacyFormat.ALIGNMENT_BYTES;
    }

    private long sequenceAt(long at) {
        return window.longAt(at + LegacyFormat.SEQUENCE_OFFSET);
    }
}
