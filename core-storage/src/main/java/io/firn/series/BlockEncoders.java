package io.firn.series;

import io.firn.series.codec.ChunkEncoder;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/** What blocks are written with; memory is kept from block to block. Guarded by the structure lock. */
final class BlockEncoders {
    private final StoreParts parts;
    private final StoreCounters counters;
    private final Map<BlockEncoding, BlockParts> memory = new EnumMap<>(BlockEncoding.class);

    BlockEncoders(StoreParts parts, StoreCounters counters) {
        this.parts = parts;
        this.counters = counters;
    }

    /**
     * Writes the block with a number, of the series of a source.
     *
     * @return as {@link BlockWriter#write}
     */
    Optional<BlockInfo> write(SeriesSource source, BlockEncoding encoding, long id, long order) {
        try (PartSource encoded = new SourceParts(source, memory(encoding))) {
            return new BlockWriter(parts.blocks(), encoding, id).write(encoded, order);
        }
    }

    /** Writes a block of chunks of everything in a head that does not change any more; as the other one. */
    Optional<BlockInfo> write(Head head, long id, long order) {
        try (PartSource encoded = new HeadParts(head, memory(BlockEncoding.CHUNKS))) {
            return new BlockWriter(parts.blocks(), BlockEncoding.CHUNKS, id).write(encoded, order);
        }
    }

    private BlockParts memory(BlockEncoding encoding) {
        return memory.computeIfAbsent(encoding, each -> new BlockParts(() -> newEncoder(each)));
    }

    private SampleEncoder newEncoder(BlockEncoding encoding) {
        return switch (encoding) {
            case CHUNKS -> new WarmEncoder(new ChunkEncoder(parts.options().chunkOptions(), counters.codecs()));
            case GROUPS ->
                new ColdEncoder(new ColdCompressor(parts.chunks().environment().codecs()));
        };
    }
}
