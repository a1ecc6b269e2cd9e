package io.firn.segment;

import io.firn.error.ClosedException;
import io.firn.error.StorageFullException;
import io.firn.error.StorageIoException;
import io.firn.fs.StoreFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The growing end of a segment file: the memory that frames are put into, and what of them is in the file and durable.
 *
 * <p>{@link MappedTail} shares the memory with the file, {@link BufferedTail} writes it out. The writer calls
 * everything but {@link #flush}, which may come from any thread.
 */
abstract sealed class SegmentTail implements AutoCloseable permits MappedTail, BufferedTail {
    private static final long GRAIN = SegmentFormat.FIRST_RESERVATION_BYTES;
    private static final long MAX_GROWTH_BYTES = 2L << 20;

    final StoreFile file;
    final CRC32C dataCrc = new CRC32C();
    private final long sizeLimit;
    private @Nullable Throwable failure;
    private boolean closed;

    SegmentTail(StoreFile file, SegmentOptions options) {
        this.file = file;
        this.sizeLimit = alignUp(options.segmentSizeBytes());
    }

    /** The tail of a new and empty file, which it owns. */
    static SegmentTail of(StoreFile file, SegmentOptions options) {
        return options.buffers().isPresent()
                ? new BufferedTail(file, options, options.buffers().get())
                : new MappedTail(file, options);
    }

    /** Memory for frames; its first byte stands for the byte at {@code fileOffset} of the file. */
    record Window(ByteBuffer buffer, long fileOffset) {
        long endOffset() {
            return fileOffset + buffer.capacity();
        }
    }

    /**
     * Memory that starts at or below {@code position} and reaches to {@code end} at least; the one before it is not
     * used any more.
     *
     * @throws StorageFullException if there is no space; nothing has changed then
     */
    final synchronized Window windowFor(long position, long end) {
        requireUsable();
        return nextWindow(position, end);
    }

    abstract Window nextWindow(long position, long end);

    /** Where in the window the writer shall call {@link #reserveAhead}; {@code windowEnd} for never. */
    long askAheadAt(long position, long windowEnd) {
        return windowEnd;
    }

    /** Begins to reserve what the writer will need next. */
    void reserveAhead() {}

    /** Makes bytes up to a position visible to readers of the file; nothing when the tail is closed or has failed. */
    final synchronized void flush(long position) {
        if (isUsable()) {
            writeTo(position);
        }
    }

    /**
     * Makes bytes up to a position durable; a failure is final.
     *
     * @throws StorageFullException if there is no space; the tail stays usable when that was found before the force
     */
    final synchronized void force(long position) {
        requireUsable();
        checksumTo(position);
        writeTo(position);
        orFail(this::forceWritten);
    }

    /** Runs what must not be done again or gone on from when it did not end. */
    private void orFail(Runnable step) {
        try {
            step.run();
        } catch (RuntimeException | Error e) {
            failure = e;
            throw e;
        }
    }

    /** Hands bytes up to a position to the file; the same position may come again. */
    abstract void writeTo(long position);

    /** Makes durable what was handed to the file. */
    abstract void forceWritten();

    /** The checksum of the bytes [0, position); positions ascend. */
    final synchronized int checksumTo(long position) {
        requireUsable();
        updateChecksum(position);
        return (int) dataCrc.getValue();
    }

    /** Adds the bytes up to a position that are not in it yet to {@link #dataCrc}. */
    abstract void updateChecksum(long position);

    /** Ends the file as rule 14 says; the caller has forced everything up to {@code dataEnd}. */
    final synchronized void seal(long dataEnd, ByteBuffer footer) {
        requireUsable();
        end(dataEnd, writeFooter(dataEnd, footer), true);
    }

    /** Ends the file without forcing anything; who needs it durable forces the file afterwards. */
    final synchronized void finish(long dataEnd, ByteBuffer footer) {
        requireUsable();
        writeTo(dataEnd);
        end(dataEnd, writeFooter(dataEnd, footer), false);
    }

    private long writeFooter(long dataEnd, ByteBuffer footer) {
        stopReserving(); // no zeros over the footer
        // with zeros for the end word, where a footer may stand for which there was no space then
        ByteBuffer bytes = ByteBuffer.allocate(SegmentFormat.END_WORD_SIZE + footer.remaining());
        bytes.put(SegmentFormat.END_WORD_SIZE, footer, footer.position(), footer.remaining());
        file.write(bytes, dataEnd);
        return dataEnd + bytes.capacity();
    }

    private void end(long dataEnd, long size, boolean durable) {
        orFail(() -> {
            if (durable) {
                file.force();
            }
            publishEnd(dataEnd);
            releaseBeforeTruncate();
            file.truncate(size);
            if (durable) {
                file.force();
            }
        });
        close();
    }

    /** Waits until nothing is reserved any more. */
    void stopReserving() {}

    /** Puts the end word behind the last frame. */
    abstract void publishEnd(long dataEnd);

    /** Gives memory back that the file must not have when it is cut. */
    void releaseBeforeTruncate() {}

    /** Gives the memory back, when the tail is closed. */
    abstract void releaseMemory();

    /** Whether neither an end nor a failure has come: else the window must not be touched any more. */
    final synchronized boolean isUsable() {
        return !closed && failure == null;
    }

    private void requireUsable() {
        if (closed) {
            throw new ClosedException("The writer of segment " + file.path() + " is closed");
        }
        if (failure != null) {
            IOException cause = new IOException("an earlier operation failed: " + failure.getMessage(), failure);
            throw new StorageIoException("go on writing (roll back and reopen the writer)", file.path(), cause);
        }
    }

    @Override
    public final synchronized void close() {
        if (!closed) {
            closed = true;
            stopReserving();
            releaseMemory();
            file.close();
        }
    }

    /** The size that a file of some size grows to next: doubling from 64 KiB, then in steps of 2 MiB. */
    final long sizeAfter(long size) {
        return Math.min(sizeLimit, size + Math.max(GRAIN, Math.min(size, MAX_GROWTH_BYTES)));
    }

    /** Whether a file of this size is to grow ahead of its writer. */
    final boolean mayGrowFrom(long size) {
        return size < sizeLimit;
    }

    static long alignDown(long offset) {
        return offset & -GRAIN;
    }

    static long alignUp(long offset) {
        return alignDown(offset + GRAIN - 1);
    }
}
