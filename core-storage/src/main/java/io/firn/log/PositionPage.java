package io.firn.log;

import io.firn.error.CorruptDataException;
import io.firn.error.NotFoundException;
import io.firn.fs.FileStore;
import io.firn.fs.StoreFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * The hint page {@code pos} beside a log: how far that is durable. Never ahead of the log, never forced, often missing
 * after a power loss.
 *
 * <p>A reader need not force what is durable, and everybody uses the page to tell a damaged end of the log from a torn
 * one.
 *
 * @param epoch epoch of the log
 * @param logLengthBytes durable length of that log
 * @param position the lane's position; of the catalog the next number
 */
record PositionPage(long epoch, long logLengthBytes, long position) {
    static final String FILE_NAME = "pos";

    private static final int PAGE_BYTES = 32;
    private static final int CRC_OFFSET = 24;

    /** Reads the page; empty when there is none or it is being written. */
    static Optional<PositionPage> read(FileStore store, Path directory) {
        ByteBuffer page = ByteBuffer.allocate(PAGE_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        try (StoreFile file = store.openRead(directory.resolve(FILE_NAME))) {
            if (file.read(page, 0) < PAGE_BYTES) {
                return Optional.empty();
            }
        } catch (NotFoundException missing) {
            return Optional.empty();
        }
        page.flip();
        if (page.getInt(CRC_OFFSET) != crc(page)) {
            return Optional.empty();
        }
        return Optional.of(new PositionPage(page.getLong(), page.getLong(), page.getLong()));
    }

    /** How far the log is durable. */
    LogPosition durable() {
        return new LogPosition(epoch, logLengthBytes);
    }

    /** Writes the page in one piece. */
    void write(StoreFile file) {
        ByteBuffer page = ByteBuffer.allocate(PAGE_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        page.putLong(epoch).putLong(logLengthBytes).putLong(position);
        page.putInt(crc(page)).putInt(0).flip();
        file.write(page, 0);
    }

    /**
     * Refuses a log that was read later and ends before what was published. That was forced before, so it means damage
     * and not a torn end.
     *
     * @throws CorruptDataException when it does
     */
    static void check(Optional<PositionPage> published, Optional<LogContent> readLater, LogDirectory directory) {
        if (published.isPresent() && published.get().isBeyond(readLater)) {
            throw published.get().damage(directory, readLater);
        }
    }

    private boolean isBeyond(Optional<LogContent> readLater) {
        long readEpoch = epochOf(readLater);
        return epoch > readEpoch || (epoch == readEpoch && logLengthBytes > lengthOf(readLater));
    }

    private CorruptDataException damage(LogDirectory directory, Optional<LogContent> readLater) {
        long readEpoch = epochOf(readLater);
        return new CorruptDataException(
                directory.fileOf(epoch),
                epoch == readEpoch ? lengthOf(readLater) : 0,
                "the owner published " + logLengthBytes + " durable bytes of epoch " + epoch
                        + ", but the valid log ends with epoch " + readEpoch + " at " + lengthOf(readLater)
                        + " (or a copy took the log before '" + FILE_NAME + "': copy it again); 'firn recover "
                        + (directory.kind() == LogKind.CATALOG ? "--rebuild-catalog" : "--rebuild-lanes")
                        + "' makes it anew from the table's files");
    }

    private static long epochOf(Optional<LogContent> log) {
        return log.map(LogContent::epoch).orElse(0L);
    }

    private static long lengthOf(Optional<LogContent> log) {
        return log.map(LogContent::lengthBytes).orElse(0L);
    }

    private static int crc(ByteBuffer page) {
        CRC32C crc = new CRC32C();
        crc.update(page.duplicate().limit(CRC_OFFSET).position(0));
        return (int) crc.getValue();
    }
}
