package io.firn.cache;

/**
 * How far one pattern of one stream may reach ahead, learned from what became of its guesses.
 *
 * <p>Confidence is an exponentially weighted mean of 1 for a guess that was used and 0 for one that was not. The window
 * doubles when a used guess was not loaded in time, so that it is no longer than the store's latency asks for, and what
 * the end of a run wastes is little. It halves while confidence is below 0.5, and is closed below 0.25, except for a
 * single guess now and then; one that is used opens it again. Confined to one thread at a time.
 */
final class PatternTrust {
    private static final double WEIGHT = 1.0 / 16;
    private static final double START = 0.6;
    private static final double HALVE_BELOW = 0.5;
    private static final double STOP_BELOW = 0.25;
    private static final int RETRY_EVERY = 64;

    private double confidence = START;
    private int window = 1;
    private long refused;
    private boolean late;

    /** Learns that a guess was used, and whether it was loaded in time. */
    void used(boolean ready) {
        confidence = Math.max(STOP_BELOW, confidence + WEIGHT * (1 - confidence));
        late |= !ready;
    }

    /** Learns that a guess was not used. */
    void wasted() {
        confidence -= WEIGHT * confidence;
        if (confidence < HALVE_BELOW) {
            window = Math.max(1, window / 2);
        }
    }

    double confidence() {
        return confidence;
    }

    /** Blocks ahead at present. */
    int window() {
        return window;
    }

    /** Begins anew: the run of this pattern has ended. */
    void restart() {
        window = 1;
        late = false;
    }

    /** Doubles the window up to a limit, if the guesses were good but came late since it was asked before. */
    void grow(int limit) {
        if (late && confidence >= HALVE_BELOW) {
            window = Math.max(1, Math.min(limit, window * 2));
        }
        late = false;
    }

    /** Whether a guess may be made now. Asking counts: a pattern that is not trusted gets every 64th. */
    boolean allows() {
        if (confidence >= STOP_BELOW) {
            return true;
        }
        window = 1;
        return ++refused % RETRY_EVERY == 0;
    }
}
