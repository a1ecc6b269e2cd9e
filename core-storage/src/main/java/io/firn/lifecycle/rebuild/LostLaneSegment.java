package io.firn.lifecycle.rebuild;

import io.firn.error.CorruptDataException;
import io.firn.lifecycle.rebuild.LaneFiles.LaneFile;
import io.firn.log.LaneSegment;
import io.firn.log.Removal;
import io.firn.log.TableLayout;
import io.firn.segment.Segment;
import io.firn.segment.SegmentAccess;
import io.firn.segment.SegmentCursor;
import io.firn.segment.SegmentScan.Ending;
import io.firn.segment.SegmentScanner;
import java.nio.file.Path;
import java.util.Optional;

/**
 * One segment of a lane whose log is lost: the records in it that count. Confined to one thread, used once.
 */
final class LostLaneSegment {
    private final TableLayout layout;
    private final LaneFile file;
    private final LostLaneLimits limits;
    private final LaneEvidence evidence;
    private final Optional<Removal> removal;
    private final long end;
    private final long provenPosition;
    private long lengthBytes;
    private long records;
    private long visible;
    private long visibleAsLogged;
    private long firstSequence;
    private long lastSequence;
    private long unproven;
    private boolean sealed;
    private boolean cut;
    private Ending ending = Ending.SEALED;

    private LostLaneSegment(TableLayout layout, LaneFile file, LostLaneLimits limits, LaneEvidence evidence) {
        this.layout = layout;
        this.file = file;
        this.limits = limits;
        this.evidence = evidence;
        this.removal = evidence.removal(file.path());
        this.end = limits.endSequence(file);
        this.provenPosition =
                Math.max(limits.provenPosition(), evidence.position(file.name().lane()));
        this.firstSequence = file.baseSequence();
        this.lastSequence = file.baseSequence() - 1;
    }

    /**
     * Reads a segment.
     *
     * @throws CorruptDataException when it is damaged below what is proven to be committed, or contradicts the catalog
     */
    static LostLaneSegment read(
            TableLayout layout, SegmentAccess access, LaneFile file, LostLaneLimits limits, LaneEvidence evidence) {
        LostLaneSegment found = new LostLaneSegment(layout, file, limits, evidence);
        Path path = layout.resolve(file.path());
        try (Segment segment = Segment.open(layout.store(), path, access)) {
            found.checkHeader(segment);
            found.readRecords(segment);
        }
        if (!found.sealed && !found.cut && !limits.isFinal(file)) {
            found.ending = SegmentScanner.scan(layout.store(), path, access, 0).ending();
        }
        return found;
    }

    /** What the log is to say of it; empty when nothing of it counts. */
    Optional<LaneSegment> segment() {
        return records == 0
                ? Optional.empty()
                : Optional.of(new LaneSegment(file.path(), file.baseSequence(), lengthBytes, records, true));
    }

    /** Records that count and stand in no other file. */
    long visible() {
        return visible;
    }

    /** How many of {@link #visible} a readable log counts. */
    long visibleAsLogged() {
        return visibleAsLogged;
    }

    /** First sequence that counts; the file's base when none does. */
    long firstSequence() {
        return firstSequence;
    }

    /** Last sequence that counts; one below the first when none does. */
    long lastSequence() {
        return lastSequence;
    }

    /** Records of which nothing but themselves says that they were committed. */
    long unproven() {
        return sealed ? 0 : unproven;
    }

    /** What stands behind the records; {@link Ending#SEALED} when they end for another reason than the file's bytes. */
    Ending ending() {
        return ending;
    }

    /** Where the records that count end, an offset in the file. */
    long lengthBytes() {
        return lengthBytes;
    }

    String path() {
        return file.path();
    }

    private void checkHeader(Segment segment) {
        boolean matches = segment.header().tableId().equals(layout.tableId())
                && segment.header().epoch() == file.epoch()
                && segment.header().baseSequence() == file.baseSequence()
                && segment.header().lane().filter(file.name().lane()::equals).isPresent();
        if (!matches) {
            throw new CorruptDataException(
                    segment.path(), 0, "its header is that of another file: it was renamed or comes from elsewhere");
        }
    }

    private void readRecords(Segment segment) {
        sealed = segment.isSealed();
        long logged = limits.logged(file).map(LaneSegment::lengthBytes).orElse(0L);
        long last = limits.isFinal(file) ? logged : Long.MAX_VALUE;
        boolean whole = true;
        lengthBytes = segment.dataStart();
        try (SegmentCursor cursor = sealed ? segment.cursor() : segment.tail(0, logged)) {
            while (!cut && cursor.next()) {
                if (counts(cursor, logged, last)) {
                    add(cursor, logged);
                } else {
                    refuseIfCommitted(cursor);
                    cut = true;
                    whole = cursor.offset() >= logged;
                }
            }
        }
        if (sealed) {
            lengthBytes = segment.dataEnd();
        } else if (whole) {
            lengthBytes = Math.max(lengthBytes, logged);
        }
    }

    private boolean counts(SegmentCursor cursor, long logged, long last) {
        long sequence = cursor.record().sequence();
        if (sequence >= end || cursor.nextOffset() > last) {
            return false;
        }
        boolean certain = sealed || cursor.nextOffset() <= logged || isRewritten(cursor);
        // Otherwise a successor may have written this sequence again into a file that was rewritten since.
        return certain || !evidence.isReplaced(cursor.context(), sequence);
    }

    private boolean isRewritten(SegmentCursor cursor) {
        return evidence.isRewritten(
                file.path(), cursor.context(), cursor.record().sequence());
    }

    private void add(SegmentCursor cursor, long logged) {
        long sequence = cursor.record().sequence();
        if (sequence <= lastSequence
                || !cursor.context().lane().equals(file.name().lane())) {
            throw SequenceCoverage.outOfOrder(layout.resolve(file.path()), cursor);
        }
        firstSequence = records == 0 ? sequence : firstSequence;
        lastSequence = sequence;
        lengthBytes = cursor.nextOffset();
        records++;
        if (!isRewritten(cursor)) {
            visible++;
            visibleAsLogged += cursor.nextOffset() <= logged ? 1 : 0;
        }
        unproven += sequence >= provenPosition ? 1 : 0;
    }

    private void refuseIfCommitted(SegmentCursor cursor) {
        long complete = removal.map(Removal::completeBytes).orElse(0L);
        boolean rewritten = removal.isPresent() && isRewritten(cursor);
        if (sealed || rewritten || cursor.offset() < complete) {
            throw new CorruptDataException(
                    layout.resolve(file.path()),
                    cursor.offset(),
                    "sequence " + cursor.record().sequence() + " was committed, but a file of a later owner of this"
                            + " writer, or its published position, begins before it: nobody can tell which one is"
                            + " right; move one of them away");
        }
    }
}
