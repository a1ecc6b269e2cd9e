package io.firn.log;

import io.firn.error.CorruptDataException;
import io.firn.error.NotFoundException;
import io.firn.fs.PoliteLock;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Predicate;

/**
 * All lanes of a table as a reader sees them.
 *
 * <p>Thread-safe; holds no open file.
 */
public final class Lanes {
    private final TableLayout layout;
    private final InstantSource clock;

    /** Creates the view; no I/O. */
    public Lanes(TableLayout layout, InstantSource clock) {
        this.layout = layout;
        this.clock = clock;
    }

    /**
     * Directory names of all lanes in ascending order.
     *
     * @throws CorruptDataException when the directory that holds them is lost
     */
    public List<String> names() {
        return list().stream().filter(name -> name.indexOf('~') > 0).toList();
    }

    private List<String> list() {
        try {
            return layout.store().list(layout.lanes());
        } catch (NotFoundException gone) {
            throw new CorruptDataException(
                    layout.lanes(),
                    0,
                    "expected the directory of all writers that every table is created with, found none; put it back,"
                            + " or run 'firn recover --rebuild-lanes'");
        }
    }

    /** Reads all lanes in which something was written. */
    public List<LaneSnapshot> readAll() {
        return readAll(name -> true);
    }

    /** Likewise those whose directory names are wanted; the others are not touched. */
    public List<LaneSnapshot> readAll(Predicate<String> wanted) {
        List<LaneSnapshot> lanes = new ArrayList<>();
        for (String name : names()) {
            if (wanted.test(name)) {
                read(name).ifPresent(lanes::add);
            }
        }
        return lanes;
    }

    /**
     * Reads one lane by rule 1; empty when nobody ever finished opening it. An owner that died while it opened the
     * lane is helped: the lane is opened and closed for it.
     *
     * @throws CorruptDataException when the log is damaged, or ends before what its owner published
     */
    public Optional<LaneSnapshot> read(String lane) {
        AttemptFiles attempt = new AttemptFiles(layout, lane);
        if (AttemptFiles.isAttempt(attempt.names())) {
            return Optional.of(attempt.read());
        }
        LogDirectory directory = layout.laneLog(lane);
        TrustedRead read = directory.readTrusted();
        return snapshot(lane, directory, read.undecided() ? decide(lane, directory) : read);
    }

    /**
     * Reads all lanes and waits for nobody: empty while an owner opens its lane, or when it died while it did. For a
     * maintainer that opens the catalog, which such an owner may be waiting for.
     *
     * @param damaged hears of the lanes that cannot be read; they are left out
     */
    Optional<List<LaneSnapshot>> readAllWithoutWaiting(BiConsumer<String, CorruptDataException> damaged) {
        List<LaneSnapshot> lanes = new ArrayList<>();
        for (String name : names()) {
            try {
                if (!readWithoutWaiting(name, lanes)) {
                    return Optional.empty();
                }
            } catch (CorruptDataException unreadable) {
                damaged.accept(name, unreadable);
            }
        }
        return Optional.of(lanes);
    }

    /** Adds one lane, if anybody ever finished opening it; returns false when one would have to wait for it. */
    private boolean readWithoutWaiting(String name, List<LaneSnapshot> lanes) {
        if (isAttempt(name)) {
            read(name).ifPresent(lanes::add);
            return true;
        }
        LogDirectory directory = layout.laneLog(name);
        TrustedRead read = directory.readTrusted();
        if (!read.undecided()) {
            snapshot(name, directory, read).ifPresent(lanes::add);
        }
        return !read.undecided();
    }

    private static Optional<LaneSnapshot> snapshot(String lane, LogDirectory directory, TrustedRead read) {
        PositionPage.check(read.published(), read.content(), directory);
        return read.content().map(known -> LaneSnapshot.of(lane, known));
    }

    /**
     * Whether a lane's log stands where it stood: two cheap look-ups, without reading or forcing it. False when the
     * lane is gone, as that of an attempt that nobody will commit may be.
     */
    public boolean isUnchanged(LaneSnapshot before) {
        AttemptFiles attempt = new AttemptFiles(layout, before.lane());
        try {
            return AttemptFiles.isAttempt(attempt.names())
                    ? attempt.position().equals(before.logPosition())
                    : layout.laneLog(before.lane()).isAt(before.logPosition());
        } catch (NotFoundException gone) {
            return false; // whoever plans anew finds out whether it may be
        }
    }

    /** Where a lane's log ends, whatever stands there; nowhere while it is being replaced. */
    public Optional<LogPosition> endOf(String lane) {
        return layout.laneLog(lane).end();
    }

    /** Whether a lane's log ends there still, and it is no attempt's; names and sizes only. */
    public boolean isAt(String lane, LogPosition end) {
        try {
            return layout.laneLog(lane).isAt(end) && !isAttempt(lane);
        } catch (NotFoundException gone) {
            return false;
        }
    }

    /** Whether a lane belongs to a writer attempt: it is never taken over, only retired. */
    public boolean isAttempt(String lane) {
        return AttemptFiles.isAttempt(new AttemptFiles(layout, lane).names());
    }

    /** The polite lock of a lane's owner; empty when somebody has it. */
    public Optional<PoliteLock> tryLock(String lane) {
        return OwnerLock.tryLock(layout.store(), layout.lane(lane));
    }

    /**
     * The same for who wants to own the lane: others have the lock for a moment, to see whether an owner lives.
     *
     * @param rounds as in {@link io.firn.fs.PatientLock#tryLock}
     */
    public Optional<PoliteLock> tryLock(String lane, int rounds) {
        return OwnerLock.tryLock(layout.store(), layout.lane(lane), rounds);
    }

    /** A lock for who takes the lane over from an owner that still has his; empty when too many of those live. */
    public Optional<PoliteLock> lockBeside(String lane) {
        return OwnerLock.lockBeside(layout.store(), layout.lane(lane));
    }

    private TrustedRead decide(String lane, LogDirectory directory) {
        return LogWait.helped(
                directory::readTrusted,
                directory::isAbandoned,
                () -> tryLock(lane),
                () -> LaneLog.helpOpen(layout, directory, clock).close());
    }
}
