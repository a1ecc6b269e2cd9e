package io.firn.series;

import io.firn.series.codec.ChunkEncoder;
import java.util.EnumMap;
import java.util.Map;

/** What blocks are written with; scratch memory is kept from block to block. Guarded by the structure lock. */
final class BlockEncoders {
    private final StoreParts parts;
    private final StoreCounters counters;
    private final Map<BlockEncoding, SampleEncoder> encoders = new EnumMap<>(BlockEncoding.class);

    BlockEncoders(StoreParts parts, StoreCounters counters) {
        this.parts = parts;
        this.counters = counters;
    }

    /** Writes the block with a number. */
    BlockWriter newWriter(BlockEncoding encoding, long id) {
        SampleEncoder encoder = encoders.computeIfAbsent(encoding, this::newEncoder);
        return new BlockWriter(parts.blocks(), encoding, encoder, id);
    }

    private SampleEncoder newEncoder(BlockEncoding encoding) {
        return switch (encoding) {
            case CHUNKS -> new WarmEncoder(new ChunkEncoder(parts.options().chunkOptions(), counters.codecs()));
            case GROUPS ->
                new ColdEncoder(new ColdCompressor(parts.chunks().environment().codecs()));
        };
    }
}
