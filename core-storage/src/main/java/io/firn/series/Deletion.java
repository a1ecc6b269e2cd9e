package io.firn.series;

import java.util.List;

/** Deletes samples: one record in the manifest, which everything that reads goes by. Guarded by the structure lock. */
final class Deletion {
    private final StoreContext context;
    private final StoreParts parts;
    private final StoreState state;
    private final StoreRecovery recovery;

    Deletion(StoreContext context, StoreRecovery recovery) {
        this.context = context;
        this.parts = context.parts();
        this.state = context.state();
        this.recovery = recovery;
    }

    /** Deletes what was written so far; no sample is written meanwhile. */
    void delete(List<LabelMatcher> matchers, TimeRange range) {
        state.writing().lock();
        try {
            parts.log().commit();
            Tombstone tombstone = new Tombstone(
                    matchers, range, state.lastBlock(), parts.log().position());
            ManifestState next = parts.manifest().commit(new ManifestRecord.Deleted(tombstone));
            state.changed(next, head -> head.delete(matchers, range));
            context.counters().deleted();
        } catch (RuntimeException failure) {
            recovery.failed(failure);
            throw failure;
        } finally {
            state.writing().unlock();
        }
    }
}
