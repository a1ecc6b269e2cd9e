package io.firn.series;

import io.firn.series.codec.DecimalHint;
import io.firn.series.codec.SampleRange;
import java.util.Optional;

/**
 * Writes one block: series in the order of their labels as chunks, then the index. Nothing of it counts before the
 * manifest says so. One use, one thread.
 */
final class BlockWriter {
    private final BlockTable table;
    private final BlockEncoding encoding;
    private final SampleEncoder encoder;
    private final long block;
    private final BlockContent content = new BlockContent();
    private final RecordSink sink = new RecordSink(2 * BlockRecords.TARGET_BYTES);
    private final long[] timestamps;
    private final double[] values;
    private int records;
    private long samples;
    private long minTimestamp = Long.MAX_VALUE;
    private long maxTimestamp = Long.MIN_VALUE;

    BlockWriter(BlockTable table, BlockEncoding encoding, SampleEncoder encoder, long block) {
        this.table = table;
        this.encoding = encoding;
        this.encoder = encoder;
        this.block = block;
        this.timestamps = new long[encoder.maxSamples()];
        this.values = new double[encoder.maxSamples()];
    }

    /**
     * Writes and commits the block.
     *
     * @param source series without samples are left out
     * @return empty when there is no sample: nothing was written then
     */
    Optional<BlockInfo> write(SeriesSource source, long order) {
        boolean done = false;
        try {
            Optional<BlockInfo> written = writeAll(source, order);
            done = true;
            return written;
        } finally {
            if (!done) {
                table.fail();
            }
        }
    }

    private Optional<BlockInfo> writeAll(SeriesSource source, long order) {
        table.begin(block, encoding);
        long first = table.nextSequence();
        while (source.next()) {
            writeSeries(source);
        }
        endRecord();
        if (samples == 0) {
            table.end();
            return Optional.empty();
        }
        long index = table.nextSequence();
        new BlockIndexWriter(table, content).write();
        BlockInfo info = new BlockInfo(
                block,
                order,
                first,
                index,
                table.nextSequence(),
                minTimestamp,
                maxTimestamp,
                samples,
                content.index().size(),
                content.chunks().chunks(),
                table.encodedBytes(),
                table.nowMs(),
                encoding);
        table.end();
        return Optional.of(info);
    }

    private void writeSeries(SeriesSource source) {
        SampleCursor cursor = source.samples();
        int count = fill(cursor);
        if (count == 0) {
            return;
        }
        content.addSeries(source.labels(), source.type());
        DecimalHint hint = new DecimalHint();
        while (count > 0) {
            writeChunk(count, hint);
            count = fill(cursor);
        }
    }

    private int fill(SampleCursor cursor) {
        if (cursor instanceof ArrayCursor arrays) {
            return arrays.take(timestamps, values, timestamps.length);
        }
        int count = 0;
        while (count < timestamps.length && cursor.next()) {
            timestamps[count] = cursor.timestamp();
            values[count++] = cursor.value();
        }
        return count;
    }

    private void writeChunk(int count, DecimalHint hint) {
        SampleRange chunk = SampleRange.of(timestamps, values, 0, count);
        int offset = sink.size();
        int size = encoder.encode(chunk, hint, sink.reserve(encoder.maxSizeBytes(count)));
        content.addChunk(records, offset, size, chunk);
        samples += count;
        minTimestamp = Math.min(minTimestamp, chunk.minTimestamp());
        maxTimestamp = Math.max(maxTimestamp, chunk.maxTimestamp());
        if (sink.size() >= BlockRecords.TARGET_BYTES) {
            endRecord();
        }
    }

    private void endRecord() {
        if (sink.size() > 0) {
            table.append(BlockRecords.CHUNKS, sink);
            sink.clear();
            records++;
        }
    }
}
