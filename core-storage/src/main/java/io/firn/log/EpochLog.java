package io.firn.log;

import io.firn.error.CorruptDataException;
import io.firn.error.FirnException;
import io.firn.error.NotFoundException;
import io.firn.error.StorageFullException;
import io.firn.error.StorageIoException;
import io.firn.error.WriterFencedException;
import io.firn.fs.FileStore;
import io.firn.fs.StoreFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A log as its owner sees it: one file per epoch, whose exclusive creation is the fence against every earlier owner.
 *
 * <p>Order of use: {@link #fence}, {@link #predecessor}, {@link #begin}, then {@link #append} as often as needed, and
 * {@link #publish} after what has returned of both. After an exception from {@code begin} or {@code append} the log
 * must not be used again: take the next epoch. Confined to one thread (its owner's monitor).
 */
final class EpochLog implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EpochLog.class);

    private final LogDirectory directory;
    private final long epoch;
    private final StoreFile file;
    private final InstantSource clock;
    private final int salt;
    private final Optional<PositionPage> published;
    private @Nullable StoreFile positionPage;
    private long lengthBytes;
    private boolean poisoned;
    private boolean begun;
    private boolean withdrawn;

    private EpochLog(
            LogDirectory directory, long epoch, StoreFile file, InstantSource clock, Optional<PositionPage> published) {
        this.directory = directory;
        this.published = published;
        this.epoch = epoch;
        this.file = file;
        this.clock = clock;
        this.salt = saltOf(directory, epoch);
    }

    /** Takes the next epoch (rule 2): from here on every earlier owner is fenced. */
    static EpochLog fence(LogDirectory directory, InstantSource clock) {
        return fenceAbove(directory, clock, 0);
    }

    /**
     * Likewise, where logs are lost, perhaps with every trace of their last epochs: above the number of seconds since
     * 1970. Owners count by one for each opening, so that none comes near it; who lives on is fenced, and who has
     * remembered a lost log does not take this one for it.
     *
     * @param told the highest epoch that anything tells of
     */
    static EpochLog fenceForRebuild(LogDirectory directory, InstantSource clock, long told) {
        return fenceAbove(directory, clock, Math.max(told, clock.instant().getEpochSecond()));
    }

    private static EpochLog fenceAbove(LogDirectory directory, InstantSource clock, long aboveEpoch) {
        // Before the fence: what was published then is in the predecessor that is read afterwards.
        Optional<PositionPage> published = directory.published();
        while (true) {
            long highest = directory.highestEpoch();
            if (highest == 1) {
                // A log without its first epoch had a base once: the first one is never lost while the second is kept.
                directory.store().forceDirectory(directory.path());
            }
            long next = Math.max(highest, aboveEpoch) + 1;
            Optional<StoreFile> created = directory.store().createExclusively(directory.fileOf(next));
            if (created.isPresent()) {
                EpochLog log = new EpochLog(directory, next, created.get(), clock, published);
                log.forceDirectory();
                return log;
            }
        }
    }

    long epoch() {
        return epoch;
    }

    LogPosition position() {
        return new LogPosition(epoch, lengthBytes);
    }

    /**
     * The state that the owner before left (rule 3); read after the fence, never before.
     *
     * @throws CorruptDataException also when it ends before what was published; the fence is taken back then
     */
    Optional<LogContent> predecessor() {
        try {
            Optional<LogContent> found = directory.predecessorOf(epoch);
            PositionPage.check(published, found, directory);
            return found;
        } catch (CorruptDataException missing) {
            // A successor deletes older logs, also while they are being looked for.
            checkNotFenced();
            withdraw();
            throw missing;
        }
    }

    /**
     * Writes the base, forces it and checks that nobody opened the log since (rules 5 and 6).
     *
     * @throws StorageFullException when there is no room for it: the log is then as it was before the fence, unless
     *     the epoch is the first
     */
    void begin(byte[] base) {
        ByteBuffer bytes = ByteBuffer.allocate(LogFormat.HEADER_BYTES + LogFrames.sizeOf(base))
                .order(ByteOrder.LITTLE_ENDIAN);
        new LogHeader(directory.kind().code(), epoch, salt, directory.tableId(), clock.millis()).write(bytes);
        LogFrames.write(bytes, salt, LogFormat.TYPE_BASE, base);
        try {
            write(bytes.flip());
        } catch (StorageFullException full) {
            withdraw();
            throw full;
        }
        force(bytes.limit());
        begun = true;
        checkNotFenced();
    }

    /**
     * Takes the fence back. The file holds no base and never will, and without it the log of the epoch before is the
     * authority again, which readers would else wait for: until there is space, or for ever where it is damaged. The
     * first epoch stays: that its file is there says that there never was a base.
     */
    private void withdraw() {
        if (epoch == 1) {
            return;
        }
        try {
            withdrawn = directory.delete(epoch);
        } catch (StorageIoException kept) {
            LOG.warn("a log without a base stays: path={} cause={}", file.path(), kept.toString());
        }
    }

    /**
     * Appends one entry, forces it and checks that nobody opened the log since (rules 9 and 10).
     *
     * @throws WriterFencedException when a successor exists, whose base decides whether the entry counts, or when the
     *     log was taken away
     */
    void append(byte[] payload) {
        ByteBuffer bytes = ByteBuffer.allocate(LogFrames.sizeOf(payload)).order(ByteOrder.LITTLE_ENDIAN);
        LogFrames.write(bytes, salt, LogFormat.TYPE_ENTRY, payload);
        writeForced(bytes.flip());
        checkNotFenced();
    }

    /**
     * Says how far the log is durable, after {@link #begin} or {@link #append} has returned (rule 11).
     *
     * @param position as in {@link PositionPage}
     */
    void publish(long position) {
        if (positionPage == null) {
            FileStore store = directory.store();
            Path page = directory.path().resolve(PositionPage.FILE_NAME);
            positionPage = store.createExclusively(page).orElseGet(() -> store.openWrite(page));
        }
        new PositionPage(epoch, lengthBytes, position).write(positionPage);
    }

    /** Whether a successor opened the log, or it was taken away. */
    boolean isFenced() {
        return directory.highestEpoch() != epoch;
    }

    /** Deletes the logs of earlier epochs; only after {@link #begin} has returned (rule 7). */
    void deletePredecessors() {
        boolean deleted = false;
        for (long other : directory.epochs()) {
            if (other < epoch) {
                deleted |= directory.delete(other);
            }
        }
        if (deleted) {
            directory.store().forceDirectory(directory.path());
        }
    }

    @Override
    public void close() {
        if (!begun && !withdrawn) {
            giveUp();
        }
        file.close();
        if (positionPage != null) {
            positionPage.close();
        }
    }

    /** Of a log without a base: readers shall not wait for one. Nothing was written unless a write has failed. */
    private void giveUp() {
        if (!poisoned) {
            withdraw();
        }
        if (!withdrawn) {
            directory.abandon(epoch);
        }
    }

    private void forceDirectory() {
        try {
            directory.store().forceDirectory(directory.path());
        } catch (StorageIoException failed) {
            close();
            throw failed;
        }
    }

    private void writeForced(ByteBuffer bytes) {
        int size = bytes.remaining();
        write(bytes);
        force(size);
    }

    private void write(ByteBuffer bytes) {
        if (poisoned) {
            throw new IllegalStateException("log " + file.path() + " failed before and must be reopened");
        }
        poisoned = true;
        file.write(bytes, lengthBytes);
    }

    private void force(int writtenBytes) {
        file.force();
        lengthBytes += writtenBytes;
        poisoned = false;
    }

    /**
     * Throws {@link WriterFencedException} when a successor opened the log, or when it was taken away: what is written
     * to a file without a name nobody will read.
     */
    void checkNotFenced() {
        long highest = directory.highestEpoch();
        if (highest != epoch) {
            poisoned = true;
            throw new WriterFencedException("Epoch " + epoch + " of " + directory.path() + " is over: "
                    + (highest > epoch ? "epoch " + highest + " was opened" + successor(highest) : "its log is gone")
                    + ". This writer must stop; its uncommitted records belong to whoever reads them again");
        }
    }

    /**
     * Of what an owner found lost or damaged: nothing of that is so when a successor has opened the log and goes on
     * elsewhere.
     *
     * @throws WriterFencedException when a successor exists
     */
    FirnException unlessFenced(FirnException found) {
        boolean missing = found instanceof NotFoundException || found instanceof CorruptDataException;
        if (missing && directory.highestEpoch() > epoch) {
            checkNotFenced();
        }
        return found;
    }

    /**
     * Closes after opening failed, as {@link #close}; returns what to throw.
     *
     * @throws WriterFencedException when it failed because of a successor
     */
    RuntimeException closeAfter(RuntimeException failed) {
        try (this) {
            return failed instanceof FirnException found ? unlessFenced(found) : failed;
        }
    }

    private String successor(long highest) {
        @Nullable String owner = directory.read(highest).map(LogOwner::of).orElse(null);
        return owner == null ? "" : " by " + owner;
    }

    /** The salt of a log: known without its header. */
    static int saltOf(LogDirectory directory, long epoch) {
        long mixed = directory.tableId().getLeastSignificantBits() ^ (epoch * 0x9E3779B97F4A7C15L);
        return (int) (mixed ^ (mixed >>> 32));
    }
}
