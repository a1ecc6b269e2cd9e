package io.firn.record;

/** What stands at a position where a frame may start. */
public enum FrameState {
    /** A complete frame with a right checksum. */
    VALID,
    /** A zero length word: nothing has been published here. */
    ABSENT,
    /** The end word of a sealed file. */
    END,
    /** The length word reaches beyond the given bytes: more must be read, or the frame is torn. */
    INCOMPLETE,
    /** Impossible length, padding that is not zero, or a wrong checksum. */
    BAD
}
