package io.firn.log;

import io.firn.error.CorruptDataException;
import io.firn.error.NotFoundException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Reads logs by rule 1 as readers do, but changes nothing and passes over nothing: an owner that died is not helped,
 * and bytes behind the last valid entry are named.
 *
 * <p>A crash in the middle of an append leaves such bytes too, and nobody can tell them from a damaged last entry: both
 * are reported. Thread-safe; no state.
 */
public final class LogAudit {
    private final TableLayout layout;
    private final boolean waiting;

    /** Creates the audit; no I/O. Of a log that a living owner is opening it waits for the base, about a second. */
    public LogAudit(TableLayout layout) {
        this(layout, true);
    }

    private LogAudit(TableLayout layout, boolean waiting) {
        this.layout = layout;
        this.waiting = waiting;
    }

    /** An audit by one who holds the locks of what it reads: it waits for nobody. */
    public static LogAudit ofLocked(TableLayout layout) {
        return new LogAudit(layout, false);
    }

    /**
     * What a log says.
     *
     * @param content what is valid of it; empty when nothing is, or when nobody knows what counts
     * @param damage what is wrong with it
     * @param torn whether the damage may be what a crash leaves: then opening the log for writing ends it
     */
    public record Finding<T>(Optional<T> content, Optional<CorruptDataException> damage, boolean torn) {
        static <T> Finding<T> damaged(CorruptDataException damage) {
            return new Finding<>(Optional.empty(), Optional.of(damage), false);
        }
    }

    /** Reads a lane. */
    public Finding<LaneSnapshot> lane(String lane) {
        return twice(() -> readLane(lane));
    }

    private Finding<LaneSnapshot> readLane(String lane) {
        try {
            AttemptFiles attempt = new AttemptFiles(layout, lane);
            if (AttemptFiles.isAttempt(attempt.names())) {
                LaneSnapshot snapshot = attempt.read();
                attempt.checkAll();
                return new Finding<>(Optional.of(snapshot), Optional.empty(), false);
            }
            LogDirectory directory = layout.laneLog(lane);
            TrustedRead read = read(directory);
            // What an owner would start from who opened the lane now.
            Optional<LogContent> base = read.undecided() ? directory.predecessorOf(read.epoch()) : read.content();
            PositionPage.check(read.published(), base, directory);
            return finding(directory, read.content().map(log -> LaneSnapshot.of(lane, log)), read);
        } catch (CorruptDataException damaged) {
            return Finding.damaged(damaged);
        }
    }

    /** Reads the catalog. A table is born with one: when no log is there, it is lost. */
    public Finding<CatalogSnapshot> catalog() {
        return twice(this::readCatalog);
    }

    /** A new owner may have opened the log, and deleted the old one, while it was read. */
    private static <T> Finding<T> twice(Supplier<Finding<T>> reading) {
        Finding<T> first = reading.get();
        return first.damage().isEmpty() ? first : reading.get();
    }

    private Finding<CatalogSnapshot> readCatalog() {
        if (!layout.store().isDirectory(layout.catalog())) {
            return Finding.damaged(Catalog.lost(layout));
        }
        try {
            LogDirectory directory = layout.catalogLog();
            TrustedRead read = read(directory);
            if (!read.undecided() && read.content().isEmpty()) {
                throw new CorruptDataException(
                        directory.fileOf(Math.max(1, read.epoch())),
                        0,
                        "expected the first log of the catalog, which a table is born with; found no valid one");
            }
            // What an owner would start from who opened the catalog now.
            Optional<LogContent> base = read.undecided() ? directory.predecessorOf(read.epoch()) : read.content();
            PositionPage.check(read.published(), base, directory);
            return finding(
                    directory,
                    read.content().map(log -> new CatalogSnapshot(log.position(), CatalogCodec.decode(log))),
                    read);
        } catch (CorruptDataException damaged) {
            return Finding.damaged(damaged);
        }
    }

    private <T> Finding<T> finding(LogDirectory directory, Optional<T> content, TrustedRead read) {
        if (read.undecided()) {
            return new Finding<>(
                    Optional.empty(),
                    Optional.of(new CorruptDataException(
                            directory.fileOf(read.epoch()),
                            0,
                            "the log has no valid base: its owner died while it opened the log, or the file is damaged;"
                                    + " 'firn recover' opens it")),
                    true);
        }
        Optional<CorruptDataException> tail = tail(directory, read);
        return new Finding<>(content, tail, tail.isPresent());
    }

    /** Looks again for a while: the owner may be appending at this moment. */
    private Optional<CorruptDataException> tail(LogDirectory directory, TrustedRead first) {
        TrustedRead read = again(directory, first);
        if (waiting && sizeBehind(directory, read) > 0 && isOwned(directory)) {
            read = LogWait.until(directory::readTrusted, each -> sizeBehind(directory, each) == 0);
        }
        long behind = sizeBehind(directory, read);
        if (behind == 0) {
            return Optional.empty();
        }
        long end = read.position().lengthBytes();
        return Optional.of(new CorruptDataException(
                directory.fileOf(read.epoch()),
                end,
                behind + " bytes that are no valid " + (end == 0 ? "base" : "entry") + ": a damaged log, or one"
                        + " that a crash cut off; 'firn recover' ends it at the last valid entry"));
    }

    private TrustedRead read(LogDirectory directory) {
        TrustedRead read = directory.readTrusted();
        return waiting && read.undecided() && isOwned(directory)
                ? LogWait.until(
                        directory::readTrusted, each -> !each.undecided() || directory.isAbandoned(each.epoch()))
                : read;
    }

    /** Only a living owner is worth waiting for. */
    private boolean isOwned(LogDirectory directory) {
        return OwnerLock.isHeld(layout.store(), directory.path());
    }

    private static TrustedRead again(LogDirectory directory, TrustedRead first) {
        return sizeBehind(directory, first) == 0 ? first : directory.readTrusted();
    }

    private static long sizeBehind(LogDirectory directory, TrustedRead read) {
        if (read.epoch() == 0) {
            return 0;
        }
        Path file = directory.fileOf(read.epoch());
        try {
            return Math.max(
                    0,
                    directory.store().info(file).sizeBytes() - read.position().lengthBytes());
        } catch (NotFoundException replaced) {
            return 0;
        }
    }
}
