package io.firn.log;

import io.firn.error.CorruptDataException;
import io.firn.fs.PoliteLock;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * All lanes of a table as a reader sees them.
 *
 * <p>Thread-safe; holds no open file.
 */
public final class Lanes {
    static final String LOCK_FILE = "lock";

    private final TableLayout layout;
    private final InstantSource clock;

    /** Creates the view; no I/O. */
    public Lanes(TableLayout layout, InstantSource clock) {
        this.layout = layout;
        this.clock = clock;
    }

    /** Directory names of all lanes in ascending order. */
    public List<String> names() {
        return layout.store().list(layout.lanes()).stream()
                .filter(name -> name.indexOf('~') > 0)
                .toList();
    }

    /** Reads all lanes in which something was written. */
    public List<LaneSnapshot> readAll() {
        List<LaneSnapshot> lanes = new ArrayList<>();
        for (String name : names()) {
            read(name).ifPresent(lanes::add);
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
        // Before the log: what was published then is in the log that is read afterwards.
        Optional<LanePosition> published = LanePosition.read(layout.store(), directory.path());
        TrustedRead read = directory.readTrusted();
        if (read.undecided()) {
            read = decide(lane, directory);
        }
        Optional<LogContent> content = read.content();
        if (published.isPresent() && published.get().isBeyond(content)) {
            throw published.get().damage(directory, content);
        }
        return content.map(
                log -> new LaneSnapshot(lane, LaneCodec.identity(log), log.position(), LaneCodec.decode(log)));
    }

    /** Whether a lane's log stands where it stood: two cheap look-ups, without reading or forcing it. */
    public boolean isUnchanged(LaneSnapshot before) {
        AttemptFiles attempt = new AttemptFiles(layout, before.lane());
        return AttemptFiles.isAttempt(attempt.names())
                ? attempt.position().equals(before.logPosition())
                : layout.laneLog(before.lane()).isAt(before.logPosition());
    }

    /** Whether a lane belongs to a writer attempt: it is never taken over, only retired. */
    public boolean isAttempt(String lane) {
        return AttemptFiles.isAttempt(new AttemptFiles(layout, lane).names());
    }

    /** The polite lock of a lane's owner; empty when somebody has it. */
    public Optional<PoliteLock> tryLock(String lane) {
        return layout.store().tryLock(layout.lane(lane).resolve(LOCK_FILE));
    }

    private TrustedRead decide(String lane, LogDirectory directory) {
        Optional<PoliteLock> lock = tryLock(lane);
        if (lock.isEmpty()) {
            TrustedRead read = LogWait.decided(directory::readTrusted);
            return read.undecided() ? help(directory) : read;
        }
        try (PoliteLock held = lock.get()) {
            return help(directory);
        }
    }

    private TrustedRead help(LogDirectory directory) {
        try (LaneLog helped = LaneLog.helpOpen(layout, directory, clock)) {
            return helped.directory().readTrusted();
        }
    }
}
