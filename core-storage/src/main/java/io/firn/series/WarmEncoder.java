package io.firn.series;

import io.firn.series.codec.ChunkEncoder;
import io.firn.series.codec.ChunkFormat;
import io.firn.series.codec.DecimalHint;
import io.firn.series.codec.SampleRange;
import java.nio.ByteBuffer;

/** Chunks, as configured. Confined to one thread. */
final class WarmEncoder implements SampleEncoder {
    private final ChunkEncoder chunks;

    WarmEncoder(ChunkEncoder chunks) {
        this.chunks = chunks;
    }

    @Override
    public int maxSamples() {
        return ChunkFormat.MAX_SAMPLES;
    }

    @Override
    public int maxSizeBytes(int count) {
        return ChunkFormat.maxSizeBytes(count);
    }

    @Override
    public int encode(SampleRange samples, DecimalHint hint, ByteBuffer target) {
        return chunks.encode(samples, hint, target);
    }
}
