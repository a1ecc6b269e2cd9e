package io.firn.segment;

import io.firn.task.Ahead;
import java.util.function.Supplier;

/** A block that is loaded ahead of its reader, who takes or abandons it. */
final class AheadBlock {
    private final int block;
    private final Ahead<LoadedBlock> loading;
    private final Runnable released;

    /** A block that nobody has begun to load; {@code released} runs when its reader has it or gives it up. */
    AheadBlock(int block, Supplier<LoadedBlock> loader, Runnable released) {
        this.block = block;
        this.loading = new Ahead<>(loader, loaded -> loaded.memory().close());
        this.released = released;
    }

    /** The block's number. */
    int block() {
        return block;
    }

    /** How it is loaded. */
    Ahead<LoadedBlock> loading() {
        return loading;
    }

    /** Gives the block, whose memory the caller closes; as {@link Ahead#take}. */
    LoadedBlock take() {
        try {
            return loading.take();
        } finally {
            released.run();
        }
    }

    /** Gives the block up; as {@link Ahead#abandon}. */
    void abandon() {
        try {
            loading.abandon();
        } finally {
            released.run();
        }
    }
}
