package io.firn.log;

import io.firn.error.CorruptDataException;
import java.util.List;
import java.util.Optional;

/**
 * Whether the log of a lane that is opened is all that its owners wrote. Who went on from one that is lost, or from an
 * older copy of it, would give sequences again that the catalog knows as rewritten, so that the new records would never
 * be seen, and would delete committed segments that only the missing log names (decision D100).
 *
 * @param layout the table
 * @param identity whose lane it is
 * @param lastEpoch of the last owner that the log knows, 0 when there is no log
 * @param position that the log ends at, 0 when there is none
 */
record LostLogCheck(TableLayout layout, LaneIdentity identity, long lastEpoch, long position) {
    static LostLogCheck of(TableLayout layout, LaneIdentity identity, Optional<LogContent> log, LaneState state) {
        return new LostLogCheck(layout, identity, log.map(LogContent::epoch).orElse(0L), state.position());
    }

    /**
     * Looks for what a complete log would know.
     *
     * @param catalog read after the log, whose owner is fenced
     * @param files of the lane
     * @throws CorruptDataException when something is missing from the log; nothing was changed
     */
    void against(CatalogState catalog, List<LaneSegmentName> files) {
        catalog.segments().forEach(this::checkSegment);
        if (lastEpoch == 0 && catalog.expired().containsKey(identity.lane())) {
            throw lost("the catalog knows records of it that were removed");
        }
        files.forEach(this::checkFile);
    }

    private void checkSegment(SegmentEntry segment) {
        List<LaneRange> ranges = segment.lanes();
        for (int i = 0; i < ranges.size(); i++) {
            LaneRange range = ranges.get(i);
            if (range.lastSequence() >= position && range.lane().equals(identity.lane())) {
                throw lost(segment.path() + " holds its records up to " + range.lastSequence());
            }
        }
    }

    private void checkFile(LaneSegmentName file) {
        if (file.epoch() > lastEpoch) {
            throw lost(file.fileName() + " is of its epoch " + file.epoch());
        }
    }

    private CorruptDataException lost(String proof) {
        String found = lastEpoch == 0 ? "none" : "one that ends with epoch " + lastEpoch + " at position " + position;
        return new CorruptDataException(
                layout.lane(identity.lane()),
                0,
                "expected the log of writer '" + identity.writer() + "', because " + proof + "; found " + found
                        + ". It is lost or an old copy: put it back, or run 'firn recover --rebuild-lanes'");
    }
}
