package io.firn.series;

import io.firn.series.codec.ChunkEncoder;
import java.util.EnumMap;
import java.util.Map;

/** What blocks are written with; scratch memory is kept from block to block. Guarded by the structure lock. */
final class BlockEncoders {
    private final StoreContext context;
    private final Map<BlockEncoding, SampleEncoder> encoders = new EnumMap<>(BlockEncoding.class);

    BlockEncoders(StoreContext context) {
        this.context = context;
    }

    /** Writes the block with a number. */
    BlockWriter newWriter(BlockEncoding encoding, long id) {
        SampleEncoder encoder = encoders.computeIfAbsent(encoding, this::newEncoder);
        return new BlockWriter(context.parts().blocks(), encoding, encoder, id);
    }

    private SampleEncoder newEncoder(BlockEncoding encoding) {
        StoreParts parts = context.parts();
        return switch (encoding) {
            case CHUNKS ->
                new WarmEncoder(new ChunkEncoder(
                        parts.options().chunkOptions(), context.counters().codecs()));
            case GROUPS ->
                new ColdEncoder(new ColdCompressor(parts.chunks().environment().codecs()));
        };
    }
}
