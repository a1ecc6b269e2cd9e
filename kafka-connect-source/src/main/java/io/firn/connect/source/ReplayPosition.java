package io.firn.connect.source;

/**
 * Where the replay of a lane stands.
 *
 * <p>Immutable; thread-safe.
 *
 * @param loop how often the lane was replayed as a whole, 0 for the first time
 * @param sequence the next sequence to replay
 */
record ReplayPosition(int loop, long sequence) {
    /** Nothing was replayed yet. */
    static final ReplayPosition START = new ReplayPosition(0, 0);

    ReplayPosition {
        if (loop < 0 || sequence < 0) {
            throw new IllegalArgumentException("loop " + loop + " and sequence " + sequence + " must be 0 or more");
        }
    }
}
