package io.firn.lifecycle.rebuild;

import io.firn.error.CorruptDataException;
import io.firn.fs.FileStore;
import io.firn.fs.StoreFile;
import io.firn.lifecycle.rebuild.LaneFiles.LaneFile;
import io.firn.log.LaneIdentity;
import io.firn.log.LaneRebuild.Rebuilt;
import io.firn.log.LaneRemains;
import io.firn.log.LaneSegment;
import io.firn.log.LaneSnapshot;
import io.firn.log.LaneState;
import io.firn.log.Removal;
import io.firn.log.TableLayout;
import io.firn.segment.SegmentAccess;
import io.firn.segment.SegmentScan.Ending;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * Finds out what the log of a lane must have said: from its hot segments, the catalog, the published position and what
 * can still be read of its logs. Changes nothing. Confined to one thread, used once.
 */
final class LostLane {
    private static final int HEADER_BYTES = 80;
    private static final int CHUNK_BYTES = 64 << 10;

    private final TableLayout layout;
    private final SegmentAccess access;
    private final String lane;
    private final List<LaneFile> files;
    private final LaneRemains remains;
    private final LaneEvidence evidence;
    private final LostLaneLimits limits;
    private final List<LostLaneSegment> found = new ArrayList<>();
    private final List<LaneSegment> missing = new ArrayList<>();
    private final List<Path> unreadable = new ArrayList<>();
    private final List<String> unproven = new ArrayList<>();

    /**
     * What is left of a lane.
     *
     * @param lane directory name of the lane
     * @param files its hot segments, by epoch and base sequence
     * @param remains what can be read of its logs
     * @param evidence what was rewritten
     */
    record Traces(String lane, List<LaneFile> files, LaneRemains remains, LaneEvidence evidence) {}

    LostLane(TableLayout layout, SegmentAccess access, Traces traces) {
        this.layout = layout;
        this.access = access;
        this.lane = traces.lane();
        this.files = traces.files();
        this.remains = traces.remains();
        this.evidence = traces.evidence();
        this.limits = new LostLaneLimits(files, remains);
    }

    /**
     * Reads the lane's segments.
     *
     * @throws CorruptDataException when one is damaged below what was committed, or files contradict each other
     */
    Rebuilt find(LaneIdentity identity) {
        for (LaneFile file : files) {
            boolean mayCount =
                    !file.putAside() && !limits.isDropped(file) && limits.endSequence(file) > file.baseSequence();
            if (mayCount && hasNoHeader(file)) {
                addUnreadable(file);
            } else if (mayCount) {
                found.add(LostLaneSegment.read(layout, access, file, limits, evidence));
            }
        }
        found.removeIf(segment -> segment.segment().isEmpty() && segment.ending() != Ending.BROKEN);
        found.sort(Comparator.comparingLong(LostLaneSegment::firstSequence));
        checkOrder();
        findMissing();
        LaneState before = remains.log().map(LaneSnapshot::state).orElse(LaneState.EMPTY);
        LaneState state = new LaneState(
                position(),
                before.commitNumber(),
                Math.max(records(), before.records()),
                before.gapCount(),
                before.gapSequences(),
                before.recentGaps(),
                segments());
        explain(state, before);
        return new Rebuilt(identity, state);
    }

    /** What the files do not prove. */
    List<String> unproven() {
        return unproven;
    }

    /** Files of which nothing can be read, after a crash or a damage. The next owner would delete them. */
    List<Path> unreadable() {
        return unreadable;
    }

    /** Forces the files that the log is to name and their names: what counts now may never have been committed. */
    void makeDurable() {
        FileStore store = layout.store();
        Set<Path> directories = new LinkedHashSet<>();
        for (LostLaneSegment segment : found) {
            Path path = layout.resolve(segment.path());
            try (StoreFile file = store.openRead(path)) {
                file.force();
            }
            directories.add(Objects.requireNonNull(path.getParent()));
        }
        directories.forEach(store::forceDirectory);
    }

    private boolean hasNoHeader(LaneFile file) {
        return limits.logged(file).isEmpty() && isZero(file, HEADER_BYTES);
    }

    private void addUnreadable(LaneFile file) {
        Path path = layout.resolve(file.path());
        if (!isZero(file, layout.store().info(path).sizeBytes())) {
            unreadable.add(path);
        }
    }

    private boolean isZero(LaneFile file, long lengthBytes) {
        ByteBuffer chunk = ByteBuffer.allocate(CHUNK_BYTES);
        try (StoreFile opened = layout.store().openRead(layout.resolve(file.path()))) {
            for (long offset = 0; offset < lengthBytes; offset += CHUNK_BYTES) {
                chunk.clear().limit((int) Math.min(CHUNK_BYTES, lengthBytes - offset));
                opened.read(chunk, offset);
                for (int i = 0; i < chunk.position(); i++) {
                    if (chunk.get(i) != 0) {
                        return false;
                    }
                }
            }
        }
        return true;
    }

    private void checkOrder() {
        for (int i = 1; i < found.size(); i++) {
            LostLaneSegment before = found.get(i - 1);
            if (found.get(i).firstSequence() <= before.lastSequence()) {
                throw new CorruptDataException(
                        layout.resolve(found.get(i).path()),
                        0,
                        "begins with sequence " + found.get(i).firstSequence() + ", but " + before.path()
                                + " goes on to " + before.lastSequence());
            }
        }
    }

    /**
     * Segments that a readable log names and that are neither there nor rewritten stay named: they are lost. Without a
     * catalog nobody knows that yet; its rebuild finds out by counting.
     */
    private void findMissing() {
        LaneState before = remains.log().map(LaneSnapshot::state).orElse(LaneState.EMPTY);
        before.segments().stream()
                .filter(segment -> !layout.store().exists(layout.resolve(segment.path())))
                .filter(segment -> evidence.removal(segment.path())
                        .filter(removal -> removal.covers(segment))
                        .isEmpty())
                .forEach(missing::add);
        if (!missing.isEmpty() && isAllFound(before)) {
            missing.clear(); // the catalog has forgotten their removals: a newer log than this one did not name them
        }
        if (evidence.knowsRemovals()) {
            missing.forEach(segment -> unproven.add(segment.path() + ": missing, with " + lostRecords(segment)
                    + " records that stand nowhere else; it stays named in the log"));
        }
    }

    /** Whether everything that a readable log counts stands in files that are there, or was removed for ever. */
    private boolean isAllFound(LaneState before) {
        long hot = found.stream().mapToLong(LostLaneSegment::visibleAsLogged).sum();
        return evidence.recordsBelow(lane, before.position()) + hot == before.records();
    }

    private long lostRecords(LaneSegment segment) {
        long rewritten = evidence.removal(segment.path()).map(Removal::records).orElse(0L);
        return evidence.knowsRemovals() ? segment.records() - rewritten : 0;
    }

    private List<LaneSegment> segments() {
        List<LaneSegment> segments = new ArrayList<>(missing);
        found.forEach(segment -> segment.segment().ifPresent(segments::add));
        segments.sort(Comparator.comparingLong(LaneSegment::baseSequence));
        return segments;
    }

    private long records() {
        long lost = missing.stream().mapToLong(this::lostRecords).sum();
        return evidence.records(lane)
                + lost
                + found.stream().mapToLong(LostLaneSegment::visible).sum();
    }

    /** Never below the number of records: each has a sequence of its own, from 0 on. */
    private long position() {
        long position = Math.max(Math.max(limits.provenPosition(), evidence.position(lane)), records());
        for (LostLaneSegment segment : found) {
            if (segment.segment().isPresent()) {
                position = Math.max(position, segment.lastSequence() + 1);
            }
        }
        return position;
    }

    private void explain(LaneState state, LaneState before) {
        long guessed = found.stream().mapToLong(LostLaneSegment::unproven).sum();
        if (guessed > 0) {
            unproven.add(guessed + " records at the end are whole, and nothing proves that they were committed; they"
                    + " count now, and the position stands behind them");
        }
        if (evidence.unmarked(lane) > 0) {
            unproven.add(evidence.unmarked(lane) + " of its records were removed for ever, and the markers that say"
                    + " where they stood are lost: position " + state.position() + " may be too low, so that"
                    + " sequences are given again");
        }
        refuseDamage(state);
        found.stream().filter(segment -> segment.ending() == Ending.BROKEN).forEach(this::explainBroken);
        unreadable.forEach(path -> explainUnreadable(layout.relativize(path)));
        files.stream().filter(LaneFile::putAside).map(LaneFile::path).forEach(this::explainUnreadable);
        if (records() < before.records()) {
            unproven.add("the readable part of the log counts " + before.records() + " records, the files hold "
                    + records());
        }
        long unheld = state.position() - state.records() - state.gapSequences();
        if (unheld > 0) {
            unproven.add(unheld + " of the sequences below position " + state.position()
                    + " stand in no file: the writer left them out (it may begin behind 0), or their file is lost");
        }
    }

    /** Damage below a position that was committed for certain. */
    private void refuseDamage(LaneState state) {
        if (found.isEmpty()) {
            return;
        }
        LostLaneSegment last = found.get(found.size() - 1);
        boolean damaged = last.ending() == Ending.BROKEN || last.ending() == Ending.TORN;
        if (damaged && limits.unloggedPosition() > last.lastSequence() + 1) {
            throw new CorruptDataException(
                    layout.resolve(last.path()),
                    last.lengthBytes(),
                    "expected records up to position " + state.position() + ", found damage; move the file away to"
                            + " rebuild the log without it");
        }
    }

    private void explainUnreadable(String path) {
        unproven.add(path + ": its first record or its header is damaged, nothing of it can be read; it was renamed");
    }

    private void explainBroken(LostLaneSegment segment) {
        if (segment.segment().isEmpty()) {
            unreadable.add(layout.resolve(segment.path()));
            return;
        }
        unproven.add(segment.path() + ": valid records stand behind a damaged place at offset " + segment.lengthBytes()
                + " and do not count; if they were committed, copy the file before the lifecycle deletes it");
    }
}
