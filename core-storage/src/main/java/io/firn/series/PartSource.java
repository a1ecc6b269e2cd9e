package io.firn.series;

import org.jspecify.annotations.Nullable;

/** The encoded series of a block, part by part, in the order of their labels. Confined to one thread. */
interface PartSource extends AutoCloseable {
    /** The next part, null behind the last one. It is the caller's until he asks for the next. */
    @Nullable
    BlockPart next();

    /** Ends what was begun for parts that nobody has asked for. */
    @Override
    void close();
}
