package io.firn.log;

import io.firn.error.ConfigException;
import io.firn.error.CorruptDataException;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Commits of writer attempts, as two-phase sinks need them: the attempt prepares, anybody commits, once or often, early
 * or late (rules 27 to 30). A lane of an attempt is never reopened and has no fence.
 *
 * <p>Thread-safe; no state.
 */
public final class AttemptCommits {
    private AttemptCommits() {}

    /** Begins the lane of a new attempt; the writer's name must never have been used. */
    public static void begin(TableLayout layout, LaneIdentity identity, InstantSource clock) {
        if (layout.store().isDirectory(layout.lane(identity.lane()))) {
            throw new ConfigException("The writer attempt '" + identity.writer() + "' of " + layout.root()
                    + " exists already; an attempt's name is used once (add a random id to it)");
        }
        new AttemptFiles(layout, identity.lane()).begin(identity, clock);
    }

    /**
     * Makes a prepared commit visible. Repeating it, also after later commits, after settling and after retirement,
     * changes nothing.
     *
     * @throws CorruptDataException when a segment of the commit is missing and nothing replaced it
     */
    public static void commit(TableLayout layout, PendingCommit commit, InstantSource clock) {
        if (!commit.tableId().equals(layout.tableId())) {
            throw new ConfigException("A pending commit belongs to table " + commit.tableId() + ", but "
                    + layout.root() + " is table " + layout.tableId()
                    + "; point the job at the table that it wrote to");
        }
        AttemptFiles files = new AttemptFiles(layout, commit.identity().lane());
        if (isDone(files.names(), commit.number())) {
            files.force();
        } else {
            checkSegments(layout, files, commit);
            files.publishCommit(commit, clock);
            files.deleteCommitsBelow(commit.number());
        }
        for (PendingCommit.RetiredAttempt attempt : commit.retired()) {
            retire(layout, attempt, clock);
        }
    }

    /** Ends an attempt: nothing is added to its segments any more, and its commits up to this one count as done. */
    public static void retire(TableLayout layout, PendingCommit.RetiredAttempt attempt, InstantSource clock) {
        AttemptFiles files = new AttemptFiles(layout, LaneName.encode(attempt.writer()));
        if (files.hasBegun() && !AttemptFiles.isRetired(files.names())) {
            files.publishRetired(attempt.number(), files.read(), clock);
        }
    }

    /**
     * Ends an attempt of which a part is taken back: what is committed by now is frozen, and commits that come later
     * count as done. On return that is durable. The records themselves are still there; repeating it changes nothing.
     */
    public static void withdraw(TableLayout layout, Withdrawal withdrawal, InstantSource clock) {
        AttemptFiles files = new AttemptFiles(layout, withdrawal.lane());
        LaneSnapshot last = files.read();
        Optional<Withdrawal> known = files.withdrawal();
        if (known.isPresent() && known.get().number() <= withdrawal.number()) {
            files.force();
        } else {
            files.publishWithdrawn(withdrawal, last, clock);
        }
    }

    /** Deletes what a process left that died over a file of the attempt; nobody writes to it any more. */
    public static void deleteTemporaries(TableLayout layout, String lane) {
        new AttemptFiles(layout, lane).deleteTemporaries();
    }

    /** What of an attempt was taken back; empty when nothing was, or when it never began. */
    public static Optional<Withdrawal> withdrawal(TableLayout layout, String lane) {
        return layout.store().isDirectory(layout.lane(lane))
                ? new AttemptFiles(layout, lane).withdrawal()
                : Optional.empty();
    }

    /**
     * How far a writer attempt got.
     *
     * @param committed number of its last commit, 0 when there is none
     * @param retired whether it has ended
     * @param lastPrepared number of its last prepared commit as far as who ended it knew, 0 before that
     * @param lane its lane, empty when it never began
     */
    public record Progress(long committed, boolean retired, long lastPrepared, Optional<LaneSnapshot> lane) {}

    /** How far an attempt got; of one that never began, and of a writer that is no attempt, nowhere. */
    public static Progress progress(TableLayout layout, String writer) {
        AttemptFiles files = new AttemptFiles(layout, LaneName.encode(writer));
        if (!files.hasBegun()) {
            return new Progress(0, false, 0, Optional.empty());
        }
        List<String> names = files.names();
        return new Progress(
                AttemptFiles.lastCommit(names),
                AttemptFiles.isRetired(names),
                AttemptFiles.lastRetired(names),
                Optional.of(files.read()));
    }

    private static boolean isDone(List<String> names, long number) {
        return AttemptFiles.isWithdrawn(names)
                || AttemptFiles.lastCommit(names) >= number
                || AttemptFiles.lastRetired(names) >= number;
    }

    private static void checkSegments(TableLayout layout, AttemptFiles files, PendingCommit commit) {
        Set<LaneSegment> known = new HashSet<>(files.read().state().segments());
        List<LaneSegment> fresh = commit.state().segments().stream()
                .filter(segment -> !known.contains(segment))
                .toList();
        Optional<CorruptDataException> damage = LaneSegmentCheck.firstDamage(layout, notReplaced(layout, fresh));
        if (damage.isPresent()) {
            // A maintainer may have rewritten and unlinked a segment since the catalog was read.
            damage = LaneSegmentCheck.firstDamage(layout, notReplaced(layout, fresh));
        }
        if (damage.isPresent()) {
            throw damage.get();
        }
    }

    private static List<LaneSegment> notReplaced(TableLayout layout, List<LaneSegment> segments) {
        CatalogState catalog =
                segments.isEmpty() ? CatalogState.EMPTY : Catalog.read(layout).state();
        return segments.stream().filter(segment -> !catalog.isRemoved(segment)).toList();
    }

    /** Attempts that neither committed nor retired anything, by writer; their owner may still be alive. */
    public static Map<String, String> unfinished(TableLayout layout, List<LaneSnapshot> lanes) {
        Map<String, String> unfinished = new TreeMap<>();
        for (LaneSnapshot snapshot : lanes) {
            List<String> names = new AttemptFiles(layout, snapshot.lane()).names();
            if (AttemptFiles.isAttempt(names)
                    && AttemptFiles.lastCommit(names) == 0
                    && !AttemptFiles.isRetired(names)) {
                unfinished.put(snapshot.identity().writer(), snapshot.lane());
            }
        }
        return unfinished;
    }
}
