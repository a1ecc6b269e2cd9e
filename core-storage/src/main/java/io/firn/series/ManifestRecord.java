package io.firn.series;

import java.util.List;
import java.util.Optional;

/**
 * What the manifest, table {@code blocks}, consists of. Each is the commit point of one step. Immutable; thread-safe.
 */
sealed interface ManifestRecord {
    /** The store was made; always the first record. */
    record Created(TimestampUnit unit) implements ManifestRecord {}

    /**
     * A block is there.
     *
     * @param block the block
     * @param replaces blocks that are gone with it
     * @param consumed when it was cut: what of the head it holds
     */
    record Added(BlockInfo block, List<Long> replaces, Optional<Consumed> consumed) implements ManifestRecord {
        public Added {
            replaces = List.copyOf(replaces);
        }
    }

    /**
     * Blocks are gone.
     *
     * @param blocks their numbers
     * @param consumed when nothing was left of a head that was to be cut: how far it reached
     */
    record Dropped(List<Long> blocks, Optional<Consumed> consumed) implements ManifestRecord {
        public Dropped {
            blocks = List.copyOf(blocks);
        }
    }

    /** Samples are gone. */
    record Deleted(Tombstone tombstone) implements ManifestRecord {}
}
