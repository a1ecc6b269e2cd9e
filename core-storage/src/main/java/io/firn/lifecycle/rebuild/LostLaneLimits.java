package io.firn.lifecycle.rebuild;

import io.firn.lifecycle.rebuild.LaneFiles.LaneFile;
import io.firn.log.LaneRemains;
import io.firn.log.LaneSegment;
import io.firn.log.LaneSnapshot;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How much of each segment of a lane without a log may count. Immutable; thread-safe.
 *
 * <p>A successor starts at the position that its predecessor committed: what a predecessor's file holds at or behind
 * the first record of a successor's was withdrawn. What an earlier log, or the readable part of the last one, says of a
 * file goes before that.
 */
final class LostLaneLimits {
    private final List<LaneFile> files;
    private final LaneRemains remains;
    private final long logEpoch;
    private final Map<String, LaneSegment> logged = new HashMap<>();

    LostLaneLimits(List<LaneFile> files, LaneRemains remains) {
        this.files = files;
        this.remains = remains;
        this.logEpoch = remains.log().map(log -> log.logPosition().epoch()).orElse(0L);
        remains.log()
                .map(LaneSnapshot::state)
                .ifPresent(state -> state.segments().forEach(segment -> logged.put(segment.path(), segment)));
    }

    /** Whether nothing of a file was left when its lane was opened by an owner whose log can be read. */
    boolean isDropped(LaneFile file) {
        return file.epoch() < logEpoch && !logged.containsKey(file.path());
    }

    /** What the readable part of a log says of a file. */
    Optional<LaneSegment> logged(LaneFile file) {
        return Optional.ofNullable(logged.get(file.path()));
    }

    /** Whether that is all that was ever committed of it. */
    boolean isFinal(LaneFile file) {
        return file.epoch() < logEpoch
                || logged(file).filter(LaneSegment::rolled).isPresent();
    }

    /** The first sequence that does not count in a file: its owner's successor began at or before it. */
    long endSequence(LaneFile file) {
        long end = Long.MAX_VALUE;
        for (LaneFile other : files) {
            if (other.epoch() > file.epoch()) {
                end = Math.min(end, other.baseSequence());
            }
        }
        return remains.published().filter(owner -> owner.epoch() > file.epoch()).isPresent()
                ? Math.min(end, remains.published().get().position())
                : end;
    }

    /** A position that was committed after the last commit that a log still names; 0 when nothing tells of one. */
    long unloggedPosition() {
        long read = remains.log().map(log -> log.state().position()).orElse(0L);
        return remains.published()
                .map(LaneRemains.Published::position)
                .filter(position -> position > read)
                .orElse(0L);
    }

    /** The position up to which everything was committed at least, as far as logs and names of files tell. */
    long provenPosition() {
        long published =
                remains.published().map(LaneRemains.Published::position).orElse(0L);
        long read = remains.log().map(log -> log.state().position()).orElse(0L);
        long lastEpoch = files.isEmpty() ? 0 : files.get(files.size() - 1).epoch();
        long begun = files.stream()
                .filter(file -> file.epoch() == lastEpoch)
                .mapToLong(LaneFile::baseSequence)
                .min()
                .orElse(0);
        boolean succeeded = files.stream().anyMatch(file -> file.epoch() < lastEpoch);
        return Math.max(Math.max(published, read), succeeded ? begun : 0);
    }
}
