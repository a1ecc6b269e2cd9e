package io.firn.cli;

import io.firn.error.InvalidRecordException;
import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Cuts input into lines at line feeds, without making an object for each line. A carriage return stays part of its
 * line; bytes behind the last line feed are a line too.
 *
 * <p>Confined to one thread.
 */
final class LineReader {
    /** Longest line; the limit keeps a file without line feeds from filling the memory. */
    static final int MAX_LINE_BYTES = 64 << 20;

    /** What {@link #next} found. */
    enum Step {
        /** A line. */
        LINE,
        /** Nothing in time. */
        NOTHING_YET,
        /** The end of the input. */
        END
    }

    private final InputChunks chunks;
    private InputChunks.@Nullable Chunk chunk;
    private int at;
    private byte[] carry = new byte[0];
    private int carried;
    private boolean partial;
    private boolean ended;
    private byte[] bytes = carry;
    private int offset;
    private int length;
    private long number;

    LineReader(InputChunks chunks) {
        this.chunks = chunks;
    }

    /** Moves to the next line; waits for it at most the given time. */
    Step next(long timeoutNs) throws IOException {
        if (ended) {
            return Step.END;
        }
        if (!partial) {
            carried = 0;
        }
        while (true) {
            InputChunks.Chunk present = chunk;
            if (present == null) {
                present = chunks.poll(timeoutNs);
                if (present == null) {
                    return Step.NOTHING_YET;
                }
                if (present.isEnd()) {
                    return end(present);
                }
                chunk = present;
                at = 0;
            }
            if (findLine(present)) {
                return Step.LINE;
            }
            chunks.release(present);
            chunk = null;
        }
    }

    /** The buffer with the line, valid until the next call of {@link #next}. */
    byte[] bytes() {
        return bytes;
    }

    /** Where the line begins. */
    int offset() {
        return offset;
    }

    /** Length of the line without its line feed. */
    int length() {
        return length;
    }

    /** Number of the line, 1 for the first. */
    long number() {
        return number;
    }

    private boolean findLine(InputChunks.Chunk present) {
        byte[] data = present.bytes();
        int from = at;
        int end = present.length();
        int to = from;
        while (to < end && data[to] != '\n') {
            to++;
        }
        at = to + 1;
        if (to == end) {
            carry(data, from, end - from);
            return false;
        }
        if (carried == 0) {
            show(data, from, to - from);
        } else {
            carry(data, from, to - from);
            show(carry, 0, carried);
        }
        partial = false;
        return true;
    }

    private void carry(byte[] data, int from, int count) {
        if (count == 0) {
            return;
        }
        if (carried + (long) count > MAX_LINE_BYTES) {
            throw new InvalidRecordException("Line " + (number + 1) + " is longer than " + MAX_LINE_BYTES
                    + " bytes, the longest line that is read; are its lines separated by line feeds?");
        }
        if (carried + count > carry.length) {
            carry = Arrays.copyOf(carry, Math.max(carried + count, carry.length * 2));
        }
        System.arraycopy(data, from, carry, carried, count);
        carried += count;
        partial = true;
    }

    private Step end(InputChunks.Chunk last) throws IOException {
        IOException failure = last.failure();
        if (failure != null) {
            throw new IOException("Cannot read the input: " + failure.getMessage(), failure);
        }
        ended = true;
        if (!partial) {
            return Step.END;
        }
        show(carry, 0, carried);
        partial = false;
        return Step.LINE;
    }

    private void show(byte[] data, int from, int count) {
        bytes = data;
        offset = from;
        length = count;
        number++;
    }
}
