package io.firn.series;

import io.firn.series.codec.DecimalHint;
import io.firn.series.codec.SampleRange;
import java.nio.ByteBuffer;

/** Encodes samples of one series as a piece of its own, a chunk or a group. Confined to one thread. */
interface SampleEncoder {
    /** Most samples of a piece. */
    int maxSamples();

    /** Most bytes of a piece of so many samples. */
    int maxSizeBytes(int count);

    /** Puts a piece at the target's position, which moves behind it; returns its bytes. */
    int encode(SampleRange samples, DecimalHint hint, ByteBuffer target);
}
