package io.firn.series;

import io.firn.series.codec.BlockCompressor;
import io.firn.series.codec.ChunkEncoder;
import io.firn.series.codec.ChunkFormat;
import io.firn.series.codec.ChunkOptions;
import io.firn.series.codec.CodecStatistics;
import io.firn.series.codec.DecimalHint;
import io.firn.series.codec.GroupEncoder;
import io.firn.series.codec.GroupFormat;
import io.firn.series.codec.SampleRange;
import io.firn.series.codec.TimestampCodec;
import io.firn.series.codec.ValueCodec;
import java.nio.ByteBuffer;

/**
 * Groups, and chunks where these are smaller: whatever was configured, always the smallest. Confined to one thread.
 */
final class ColdEncoder implements SampleEncoder {
    private final GroupEncoder groups;
    private final ChunkEncoder chunks;
    private final ByteBuffer chunk = ByteBuffer.allocate(ChunkFormat.maxSizeBytes(ChunkFormat.MAX_SAMPLES));

    ColdEncoder(BlockCompressor compressor) {
        ChunkOptions smallest = new ChunkOptions(TimestampCodec.ADAPTIVE, ValueCodec.ADAPTIVE, 0);
        this.groups = new GroupEncoder(compressor);
        this.chunks = new ChunkEncoder(smallest, new CodecStatistics());
    }

    @Override
    public int maxSamples() {
        return GroupFormat.MAX_SAMPLES;
    }

    @Override
    public int maxSizeBytes(int count) {
        return GroupFormat.maxSizeBytes(count);
    }

    @Override
    public int encode(SampleRange samples, DecimalHint hint, ByteBuffer target) {
        int start = target.position();
        int size = groups.encode(samples, hint, target);
        if (samples.count() > ChunkFormat.MAX_SAMPLES) {
            return size;
        }
        int chunkSize = chunks.encode(samples, hint, chunk.clear());
        if (chunkSize > size) {
            return size;
        }
        target.position(start).put(chunk.flip());
        return chunkSize;
    }
}
