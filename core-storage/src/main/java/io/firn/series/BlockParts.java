package io.firn.series;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;

/** Memory of parts of one encoding, used again from block to block. Thread-safe. */
final class BlockParts {
    /** A part that has grown beyond this is left to the garbage collector. */
    private static final int MAX_KEPT_BYTES = 2 << 20;

    private final Supplier<SampleEncoder> encoders;
    private final ConcurrentLinkedQueue<BlockPart> idle = new ConcurrentLinkedQueue<>();

    BlockParts(Supplier<SampleEncoder> encoders) {
        this.encoders = encoders;
    }

    /** An empty part. */
    BlockPart take() {
        BlockPart part = idle.poll();
        if (part == null) {
            return new BlockPart(encoders.get());
        }
        part.clear();
        return part;
    }

    void giveBack(BlockPart part) {
        if (part.sizeBytes() <= MAX_KEPT_BYTES) {
            idle.add(part);
        }
    }
}
