package io.firn.ipc.legacy;

import java.nio.ByteBuffer;
import java.nio.file.Path;

/** The raw bytes of an old segment, hot or cold. Confined to one thread. */
interface LegacyBytes extends AutoCloseable {
    /** The file that errors name. */
    Path path();

    /** Whether the file was made with its full size before it was written. */
    boolean isPreallocated();

    /** Raw size in bytes at present. */
    long sizeBytes();

    /** Fills a buffer from a position; returns fewer bytes than asked for only at the end. */
    int read(ByteBuffer target, long position);

    @Override
    void close();
}
