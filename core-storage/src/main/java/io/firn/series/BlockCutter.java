package io.firn.series;

import io.firn.series.StoreState.Frozen;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Makes a block of the head. Writers go on in another head meanwhile; selections see both.
 *
 * <p>The steps are: the generation ends and is committed; its samples are written to a block of their own and
 * committed; a record in the manifest makes the block count and the generation not. What a crash leaves before the last
 * step is never read. Guarded by the structure lock.
 */
final class BlockCutter {
    private final StoreContext context;
    private final StoreParts parts;
    private final StoreState state;
    private final StoreRecovery recovery;
    private final LongSupplier nanoClock = System::nanoTime;

    BlockCutter(StoreContext context, StoreRecovery recovery) {
        this.context = context;
        this.parts = context.parts();
        this.state = context.state();
        this.recovery = recovery;
    }

    /**
     * Makes a block of everything that was written so far.
     *
     * @return empty when there was nothing
     */
    Optional<BlockInfo> cut() {
        Frozen waiting = state.frozen();
        Optional<BlockInfo> first = waiting == null ? Optional.empty() : write(waiting);
        Frozen frozen = freeze();
        return frozen == null ? first : write(frozen);
    }

    private @Nullable Frozen freeze() {
        state.writing().lock();
        try {
            Head head = state.active();
            if (head.isEmpty()) {
                return null;
            }
            long generation = parts.log().generation();
            parts.log().end();
            state.freeze(
                    new Head(parts.nowMs()),
                    new Consumed(generation, parts.log().position(), state.marks()));
            return state.frozen();
        } catch (RuntimeException failure) {
            recovery.failed(failure);
            throw failure;
        } finally {
            state.writing().unlock();
        }
    }

    private Optional<BlockInfo> write(Frozen frozen) {
        long start = nanoClock.getAsLong();
        try {
            long id = state.nextBlock();
            Optional<BlockInfo> block = context.encoders().write(frozen.head(), id, id);
            Optional<Consumed> consumed = Optional.of(frozen.consumed());
            ManifestState next = parts.manifest()
                    .commit(block.<ManifestRecord>map(info -> new ManifestRecord.Added(info, List.of(), consumed))
                            .orElseGet(() -> new ManifestRecord.Dropped(List.of(), consumed)));
            state.changed(next, head -> {});
            block.ifPresent(made -> context.records().keep(made, parts.blocks().takeWritten()));
            context.counters().cut();
            return block;
        } catch (RuntimeException failure) {
            recovery.failed(failure);
            throw failure;
        } finally {
            context.counters().cutNs().record(nanoClock.getAsLong() - start);
        }
    }
}
