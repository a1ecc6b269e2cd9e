package io.firn.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Buffered standard output; every failure is an {@link OutputException}, whoever writes through it.
 *
 * <p>Confined to one thread.
 */
final class Output extends OutputStream {
    private static final int BUFFER_BYTES = 1 << 16;

    private final OutputStream target;
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private int length;

    Output(OutputStream target) {
        this.target = target;
    }

    @Override
    public void write(int value) throws IOException {
        if (length == BUFFER_BYTES) {
            writeBuffer();
        }
        buffer[length++] = (byte) value;
    }

    @Override
    public void write(byte[] bytes, int offset, int count) throws IOException {
        int at = offset;
        int left = count;
        while (left > 0) {
            if (length == BUFFER_BYTES) {
                writeBuffer();
            }
            int part = Math.min(left, BUFFER_BYTES - length);
            System.arraycopy(bytes, at, buffer, length, part);
            length += part;
            at += part;
            left -= part;
        }
    }

    /** Writes the remaining bytes of a buffer. */
    void write(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            if (length == BUFFER_BYTES) {
                writeBuffer();
            }
            int part = Math.min(bytes.remaining(), BUFFER_BYTES - length);
            bytes.get(buffer, length, part);
            length += part;
        }
    }

    /** Writes text and a line feed. */
    void line(String text) throws IOException {
        write(text.getBytes(StandardCharsets.UTF_8));
        write('\n');
    }

    @Override
    public void flush() throws IOException {
        writeBuffer();
        try {
            target.flush();
        } catch (IOException e) {
            throw new OutputException(e);
        }
    }

    private void writeBuffer() throws IOException {
        int count = length;
        length = 0;
        try {
            target.write(buffer, 0, count);
        } catch (IOException e) {
            throw new OutputException(e);
        }
    }
}
