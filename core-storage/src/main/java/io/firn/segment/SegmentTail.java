package io.firn.segment;

import io.firn.error.ClosedException;
import io.firn.error.StorageFullException;
import io.firn.error.StorageIoException;
import io.firn.fs.MappedRegion;
import io.firn.fs.Reservation;
import io.firn.fs.SpaceReserver;
import io.firn.fs.StoreFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The growing end of a segment file: space written ahead, the mapped window, and what is durable.
 *
 * <p>The file grows by doubling from 64 KiB, then in steps of 2 MiB, some of them reserved ahead. Only the part that
 * is being written is mapped; windows that are left stay mapped until the next {@link #force}, which makes them durable
 * and adds them to the checksum of the data. The writer calls everything but {@link #flush}, which may come from any
 * thread.
 */
final class SegmentTail implements AutoCloseable {
    private static final long GRAIN = SegmentFormat.FIRST_RESERVATION_BYTES;
    private static final long MAX_GROWTH_BYTES = 2L << 20;
    /** From this size on zeros are written all the time, some steps ahead. */
    private static final long EAGER_FROM_BYTES = 1L << 20;

    private static final int STEPS_AHEAD = 2;
    private static final long MAX_WINDOW_BYTES = Integer.MAX_VALUE - GRAIN + 1;

    private final StoreFile file;
    private final SpaceReserver reserver;
    private final long sizeLimit;
    private final CRC32C dataCrc = new CRC32C();
    private final List<Window> windows = new ArrayList<>();
    private @Nullable Reservation current;
    private final Deque<Reservation> ahead = new ArrayDeque<>(STEPS_AHEAD);
    private long reservedTo;
    private boolean grownSinceForce = true;
    private @Nullable StorageIoException failure;
    private boolean closed;

    SegmentTail(StoreFile file, SegmentOptions options) {
        this.file = file;
        this.reserver = options.reserver();
        this.sizeLimit = alignUp(options.segmentSizeBytes());
    }

    /**
     * Maps a window that starts at or below {@code position} and reaches to {@code end} at least.
     *
     * @throws StorageFullException if there is no space; nothing has changed then
     */
    synchronized Window windowFor(long position, long end) {
        requireUsable();
        if (reservedTo < end) {
            reserve(position, end);
        }
        long start = alignDown(position);
        if (!windows.isEmpty()) {
            last().flush(position);
        }
        Window window = new Window(file.map(start, Math.min(reservedTo, start + MAX_WINDOW_BYTES) - start), position);
        if (!windows.isEmpty()) {
            last().end = position;
        }
        windows.add(window);
        grownSinceForce = true;
        return window;
    }

    /**
     * Where in the window the writer shall call {@link #reserveAhead}: in the middle while the segment is small, so
     * that small segments stay small, and at once when it is large, because zeros take longer to write than records.
     */
    long askAheadAt(long position, long windowEnd) {
        return windowEnd > EAGER_FROM_BYTES ? position : position + (windowEnd - position) / 2;
    }

    /** Begins to reserve what the writer will need next. */
    synchronized void reserveAhead() {
        if (closed || failure != null) {
            return;
        }
        int steps = reservedTo < EAGER_FROM_BYTES ? 1 : STEPS_AHEAD;
        while (ahead.size() < steps && endOfAhead() < sizeLimit) {
            ahead.add(reserver.reserveAsync(file, endOfAhead(), sizeAfter(endOfAhead())));
        }
    }

    private long endOfAhead() {
        return ahead.isEmpty() ? reservedTo : ahead.getLast().to();
    }

    private long sizeAfter(long size) {
        return Math.min(sizeLimit, size + Math.max(GRAIN, Math.min(size, MAX_GROWTH_BYTES)));
    }

    private void reserve(long position, long end) {
        while (reservedTo < end) {
            Reservation next = ahead.poll();
            if (next == null) {
                long target = Math.max(alignUp(end), sizeAfter(reservedTo));
                target = Math.min(target, Math.max(alignUp(end), alignDown(position) + MAX_WINDOW_BYTES));
                next = reserver.reserveAsync(file, reservedTo, target);
            }
            take(next);
        }
    }

    private void take(Reservation next) {
        try {
            next.await();
        } catch (RuntimeException e) {
            next.close();
            closeAhead(); // they start behind what is missing now
            reservedTo = Math.max(reservedTo, alignDown(next.reservedTo()));
            throw e;
        }
        reservedTo = next.to();
        if (current != null) {
            current.close();
        }
        current = next;
    }

    /** Makes bytes up to a position visible to readers of the file, where that does not happen by itself. */
    synchronized void flush(long position) {
        if (!closed && !windows.isEmpty()) {
            last().flush(position);
        }
    }

    /** Makes bytes up to a position durable; a failure is final. */
    synchronized void force(long position) {
        requireUsable();
        try {
            checksumTo(position);
            if (grownSinceForce) {
                // one call for all windows: a force of each would wait for the disk, and for the journal, each time
                windows.forEach(window -> window.flush(window.end));
                file.force();
                windows.forEach(Window::noteForced);
                grownSinceForce = false;
            } else {
                last().force();
            }
            while (windows.size() > 1) {
                windows.remove(0).region.close();
            }
        } catch (StorageIoException e) {
            failure = e;
            throw e;
        }
    }

    /** The checksum of the bytes [0, position); positions ascend. */
    synchronized int checksumTo(long position) {
        requireUsable();
        last().end = position;
        for (Window window : windows) {
            window.checksum(dataCrc);
        }
        return (int) dataCrc.getValue();
    }

    /** Ends the file as rule 14 says; the caller has forced everything up to {@code dataEnd}. */
    synchronized void seal(long dataEnd, ByteBuffer footer) {
        requireUsable();
        closeReservations(); // no zeros over the footer
        long footerStart = dataEnd + SegmentFormat.END_WORD_SIZE;
        long size = footerStart + footer.remaining();
        file.write(footer, footerStart);
        try {
            file.force();
            last().publishEnd(dataEnd);
            closeWindows();
            file.truncate(size);
            file.force();
        } catch (StorageIoException e) {
            failure = e;
            throw e;
        }
        close();
    }

    /** Ends the file without forcing anything; who needs it durable forces the file afterwards. */
    synchronized void finish(long dataEnd, ByteBuffer footer) {
        requireUsable();
        closeReservations(); // no zeros over the footer
        long footerStart = dataEnd + SegmentFormat.END_WORD_SIZE;
        long size = footerStart + footer.remaining();
        file.write(footer, footerStart);
        last().flush(dataEnd);
        last().publishEnd(dataEnd);
        closeWindows();
        file.truncate(size);
        close();
    }

    private Window last() {
        return windows.get(windows.size() - 1);
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
    public synchronized void close() {
        if (!closed) {
            closed = true;
            closeReservations();
            closeWindows();
            file.close();
        }
    }

    private void closeReservations() {
        closeAhead();
        if (current != null) {
            current.close();
            current = null;
        }
    }

    private void closeAhead() {
        ahead.forEach(Reservation::close);
        ahead.clear();
    }

    private void closeWindows() {
        windows.forEach(window -> window.region.close());
        windows.clear();
    }

    private static long alignDown(long offset) {
        return offset & -GRAIN;
    }

    private static long alignUp(long offset) {
        return alignDown(offset + GRAIN - 1);
    }

    /** A mapped part of the file and what has happened to its bytes. */
    static final class Window {
        private final MappedRegion region;
        private final ByteBuffer buffer;
        private long flushed;
        private long forced;
        private long checksummed;
        private long end;

        private Window(MappedRegion region, long position) {
            this.region = region;
            this.buffer = region.buffer();
            this.flushed = position;
            this.forced = position;
            this.checksummed = position;
            this.end = position;
        }

        ByteBuffer buffer() {
            return buffer;
        }

        long fileOffset() {
            return region.fileOffset();
        }

        long endOffset() {
            return region.fileOffset() + buffer.capacity();
        }

        private int index(long offset) {
            return (int) (offset - region.fileOffset());
        }

        private void flush(long position) {
            if (position > flushed) {
                region.flush(index(flushed), index(position));
                flushed = position;
            }
        }

        private void force() {
            if (end > forced) {
                region.force(index(forced), index(end));
                noteForced();
            }
        }

        private void noteForced() {
            forced = end;
            flushed = Math.max(flushed, end);
        }

        private void checksum(CRC32C crc) {
            if (end > checksummed) {
                crc.update(buffer.duplicate().limit(index(end)).position(index(checksummed)));
                checksummed = end;
            }
        }

        private void publishEnd(long dataEnd) {
            int at = index(dataEnd);
            FramePublisher.publishEnd(buffer, at);
            region.flush(at, at + SegmentFormat.END_WORD_SIZE);
        }
    }
}
