package io.firn.segment;

import io.firn.fs.MappedRegion;
import io.firn.fs.Reservation;
import io.firn.fs.SpaceReserver;
import io.firn.fs.StoreFile;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * A tail whose memory is the file's page cache: a record is there for every process once it is published.
 *
 * <p>Zeros are written ahead before the memory under them is touched, so that a full disk is an exception. Only the
 * part that is being written is mapped; windows that are left stay mapped until the next {@link #force}, which makes
 * them durable and adds them to the checksum of the data.
 */
final class MappedTail extends SegmentTail {
    /** From this size on zeros are written all the time, some steps ahead. */
    private static final long EAGER_FROM_BYTES = 1L << 20;

    private static final int STEPS_AHEAD = 2;
    private static final long MAX_WINDOW_BYTES = Integer.MAX_VALUE - SegmentFormat.FIRST_RESERVATION_BYTES + 1;

    private final SpaceReserver reserver;
    private final List<Part> parts = new ArrayList<>();
    private @Nullable Reservation current;
    private final Deque<Reservation> ahead = new ArrayDeque<>(STEPS_AHEAD);
    private long reservedTo;
    private boolean grownSinceForce = true;

    MappedTail(StoreFile file, SegmentOptions options) {
        super(file, options);
        this.reserver = options.reserver();
    }

    @Override
    Window nextWindow(long position, long end) {
        if (reservedTo < end) {
            reserve(position, end);
        }
        long start = alignDown(position);
        Part part = new Part(file.map(start, Math.min(reservedTo, start + MAX_WINDOW_BYTES) - start), position);
        if (!parts.isEmpty()) {
            last().end = position;
        }
        parts.add(part);
        grownSinceForce = true;
        return new Window(part.buffer, start);
    }

    /**
     * In the middle of the window while the segment is small, so that small segments stay small, and at once when it is
     * large, because zeros take longer to write than records.
     */
    @Override
    long askAheadAt(long position, long windowEnd) {
        return windowEnd > EAGER_FROM_BYTES ? position : position + (windowEnd - position) / 2;
    }

    @Override
    synchronized void reserveAhead() {
        if (!isUsable()) {
            return;
        }
        int steps = reservedTo < EAGER_FROM_BYTES ? 1 : STEPS_AHEAD;
        while (ahead.size() < steps && mayGrowFrom(endOfAhead())) {
            ahead.add(reserver.reserveAsync(file, endOfAhead(), sizeAfter(endOfAhead())));
        }
    }

    private long endOfAhead() {
        return ahead.isEmpty() ? reservedTo : ahead.getLast().to();
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

    /** Published bytes are in the file already. */
    @Override
    void writeTo(long position) {}

    @Override
    void forceWritten() {
        if (grownSinceForce) {
            // one call for all windows: a force of each would wait for the disk, and for the journal, each time
            file.force();
            parts.forEach(Part::noteForced);
            grownSinceForce = false;
        } else {
            last().force();
        }
        while (parts.size() > 1) {
            parts.remove(0).region.close();
        }
    }

    @Override
    void updateChecksum(long position) {
        last().end = position;
        for (Part part : parts) {
            part.checksum(dataCrc);
        }
    }

    @Override
    void publishEnd(long dataEnd) {
        FramePublisher.publishEnd(last().buffer, last().index(dataEnd));
    }

    private Part last() {
        return parts.get(parts.size() - 1);
    }

    @Override
    void stopReserving() {
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

    /** No region may be mapped beyond the end of a file. */
    @Override
    void releaseBeforeTruncate() {
        releaseMemory();
    }

    @Override
    void releaseMemory() {
        parts.forEach(part -> part.region.close());
        parts.clear();
    }

    /** A mapped part of the file and what has happened to its bytes. */
    private static final class Part {
        private final MappedRegion region;
        private final ByteBuffer buffer;
        private long forced;
        private long checksummed;
        private long end;

        private Part(MappedRegion region, long position) {
            this.region = region;
            this.buffer = region.buffer();
            this.forced = position;
            this.checksummed = position;
            this.end = position;
        }

        private int index(long offset) {
            return (int) (offset - region.fileOffset());
        }

        private void force() {
            if (end > forced) {
                region.force(index(forced), index(end));
                noteForced();
            }
        }

        private void noteForced() {
            forced = end;
        }

        private void checksum(CRC32C crc) {
            if (end > checksummed) {
                crc.update(buffer.duplicate().limit(index(end)).position(index(checksummed)));
                checksummed = end;
            }
        }
    }
}
