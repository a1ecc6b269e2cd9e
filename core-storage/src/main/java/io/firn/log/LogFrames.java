package io.firn.log;

import io.firn.error.CorruptDataException;
import io.firn.record.ControlFrame;
import io.firn.record.ControlFrameCodec;
import io.firn.record.FrameFormat;
import io.firn.record.FrameState;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Writes and reads the frames of a log; the codec is the one of the segments. */
final class LogFrames {
    private LogFrames() {}

    /** Size of the frame of a payload in bytes. */
    static int sizeOf(byte[] payload) {
        return ControlFrameCodec.encodedSize(payload.length);
    }

    /** Writes one frame at the buffer's position. */
    static void write(ByteBuffer target, int salt, int type, byte[] payload) {
        new ControlFrameCodec(salt).encode(type, ByteBuffer.wrap(payload), target);
    }

    /** Offset of the first byte behind an entry. */
    static long endOf(LogEntry entry) {
        return entry.offset() + sizeOf(entry.payload());
    }

    /**
     * All frames up to the first position where none is valid: a torn tail.
     *
     * @throws CorruptDataException when a valid frame follows a bad one, or the first one is not a base
     */
    static List<LogEntry> readAll(ByteBuffer bytes, int start, int salt, Path file) {
        List<LogEntry> entries = readValidPart(bytes, start, salt, file);
        int end = entries.isEmpty() ? start : Math.toIntExact(endOf(entries.get(entries.size() - 1)));
        checkTornTail(new ControlFrameCodec(salt), bytes, end, file);
        return entries;
    }

    /**
     * Likewise, whatever stands behind that position.
     *
     * @throws CorruptDataException when the first frame is not a base
     */
    static List<LogEntry> readValidPart(ByteBuffer bytes, int start, int salt, Path file) {
        ControlFrameCodec codec = new ControlFrameCodec(salt);
        List<LogEntry> entries = new ArrayList<>();
        int position = start;
        while (codec.check(bytes, position) == FrameState.VALID) {
            ControlFrame frame = codec.decode(bytes, position);
            checkType(frame, entries.isEmpty(), position, file);
            byte[] payload = new byte[frame.payload().remaining()];
            frame.payload().get(payload);
            entries.add(new LogEntry(position, payload));
            position += frame.sizeBytes();
        }
        return entries;
    }

    private static void checkType(ControlFrame frame, boolean first, int position, Path file) {
        int expected = first ? LogFormat.TYPE_BASE : LogFormat.TYPE_ENTRY;
        if (frame.type() != expected) {
            throw new CorruptDataException(
                    file, position, "expected a log frame of type " + expected + ", found type " + frame.type());
        }
    }

    private static void checkTornTail(ControlFrameCodec codec, ByteBuffer bytes, int torn, Path file) {
        for (int at = torn + FrameFormat.ALIGNMENT; at < bytes.limit(); at += FrameFormat.ALIGNMENT) {
            if (codec.check(bytes, at) == FrameState.VALID) {
                throw new CorruptDataException(
                        file,
                        torn,
                        "expected a log entry, found " + codec.describe(bytes, torn)
                                + ", although a valid entry follows at offset " + at + ": this is no torn tail");
            }
        }
    }
}
