package io.firn.flink.source;

import java.util.Optional;

/** What a checkpoint keeps of the enumerator of archive and live Kafka. Immutable. */
public final class FirnHybridState {
    private final FirnEnumeratorState archive;
    private final Optional<LiveState> live;

    FirnHybridState(FirnEnumeratorState archive, Optional<LiveState> live) {
        this.archive = archive;
        this.live = live;
    }

    FirnEnumeratorState archive() {
        return archive;
    }

    /** Empty until the archive is read. */
    Optional<LiveState> live() {
        return live;
    }
}
