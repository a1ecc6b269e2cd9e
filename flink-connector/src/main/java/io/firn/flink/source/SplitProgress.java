package io.firn.flink.source;

/** How far a split was emitted. Confined to the task's thread. */
final class SplitProgress {
    private final FirnSplit split;
    private long nextSequence;
    private boolean inHistory;

    SplitProgress(FirnSplit split) {
        this.split = split;
        this.nextSequence = split.nextSequence();
        this.inHistory = !split.isPastHistory();
    }

    /**
     * Notes that everything below a sequence was emitted.
     *
     * @return whether the history of the split ended just now
     */
    boolean advanceTo(long sequence) {
        nextSequence = sequence;
        if (inHistory && sequence >= split.historyEnd()) {
            inHistory = false;
            return true;
        }
        return false;
    }

    boolean isInHistory() {
        return inHistory;
    }

    String writer() {
        return split.writer();
    }

    FirnSplit toSplit() {
        return split.startingAt(nextSequence);
    }
}
