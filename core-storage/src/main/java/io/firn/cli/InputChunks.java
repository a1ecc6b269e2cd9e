package io.firn.cli;

import java.io.FileInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Reads a stream ahead on a thread of its own, so that its consumer can do other things while nothing comes.
 *
 * <p>A read of standard input cannot be interrupted: the thread is a daemon and may outlive {@link #close}. Confined to
 * one consuming thread.
 */
final class InputChunks implements AutoCloseable {
    private static final int CHUNK_BYTES = 1 << 18;
    private static final int CHUNKS = 4;

    private final InputStream stream;
    private final BlockingQueue<byte[]> free = new ArrayBlockingQueue<>(CHUNKS);
    private final BlockingQueue<Chunk> filled = new ArrayBlockingQueue<>(CHUNKS + 1);
    private final Thread thread;

    /** A piece of the stream, or its end. */
    static final class Chunk {
        private final byte[] bytes;
        private final int length;
        private final @Nullable IOException failure;

        Chunk(byte[] bytes, int length, @Nullable IOException failure) {
            this.bytes = bytes;
            this.length = length;
            this.failure = failure;
        }

        /** The buffer. */
        byte[] bytes() {
            return bytes;
        }

        /** Bytes in the buffer, negative at the end of the stream. */
        int length() {
            return length;
        }

        /** Why the stream ended; null when it is complete. */
        @Nullable
        IOException failure() {
            return failure;
        }

        boolean isEnd() {
            return length < 0;
        }
    }

    /** Opens the input that a command names: a file, a pipe or a device, or standard input for {@code -}. */
    static InputStream file(CliContext context, String name) throws IOException {
        if (name.equals("-")) {
            return context.in();
        }
        if (name.isEmpty()) {
            throw new UsageException("<file>: the path is empty, expected one, or - for standard input");
        }
        try {
            return new FileInputStream(name);
        } catch (FileNotFoundException e) {
            throw new IOException("Cannot read the input: " + e.getMessage(), e);
        }
    }

    private InputChunks(InputStream stream) {
        this.stream = stream;
        for (int i = 0; i < CHUNKS; i++) {
            free.add(new byte[CHUNK_BYTES]);
        }
        this.thread = new Thread(this::readAhead, "firn-input");
        thread.setDaemon(true);
    }

    /** Starts to read a stream, which is closed with the chunks. */
    static InputChunks open(InputStream stream) {
        InputChunks chunks = new InputChunks(stream);
        chunks.thread.start();
        return chunks;
    }

    /** The next piece; null when none came in time. Give its buffer back with {@link #release}. */
    @Nullable
    Chunk poll(long timeoutNs) {
        try {
            return filled.poll(timeoutNs, TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Chunk(new byte[0], -1, new IOException("interrupted", e));
        }
    }

    /** The buffer of a piece is used no more. */
    void release(Chunk chunk) {
        if (!chunk.isEnd()) {
            free.add(chunk.bytes());
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }

    private void readAhead() {
        try (InputStream closing = stream) {
            while (true) {
                byte[] bytes = free.take();
                int length = closing.read(bytes, 0, bytes.length);
                filled.put(new Chunk(bytes, length, null));
                if (length < 0) {
                    return;
                }
            }
        } catch (IOException e) {
            // There is always room for the last one; the consumer reports it.
            filled.add(new Chunk(new byte[0], -1, e));
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }
}
