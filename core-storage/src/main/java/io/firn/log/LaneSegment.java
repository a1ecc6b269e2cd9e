package io.firn.log;

/**
 * A segment file of a lane and how much of it is committed.
 *
 * @param path path relative to the table's directory, with {@code /}
 * @param baseSequence sequence of its first record
 * @param lengthBytes committed length
 * @param records committed records
 * @param rolled no record is ever added: the length is final, whether a footer stands behind it or not
 */
public record LaneSegment(String path, long baseSequence, long lengthBytes, long records, boolean rolled) {
    /** The same segment, sealed logically. */
    LaneSegment asRolled() {
        return rolled ? this : new LaneSegment(path, baseSequence, lengthBytes, records, true);
    }
}
