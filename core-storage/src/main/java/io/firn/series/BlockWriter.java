package io.firn.series;

import java.util.Optional;

/**
 * Writes one block: series in the order of their labels as chunks, then the index. Nothing of it counts before the
 * manifest says so. One use, one thread.
 */
final class BlockWriter {
    private final BlockTable table;
    private final BlockEncoding encoding;
    private final long block;
    private final BlockContent content = new BlockContent();
    private final RecordSink sink = new RecordSink(2 * BlockRecords.TARGET_BYTES);
    private int records;
    private long samples;
    private long minTimestamp = Long.MAX_VALUE;
    private long maxTimestamp = Long.MIN_VALUE;

    BlockWriter(BlockTable table, BlockEncoding encoding, long block) {
        this.table = table;
        this.encoding = encoding;
        this.block = block;
    }

    /**
     * Writes and commits the block.
     *
     * @param parts the series, which the caller closes
     * @return empty when there is no sample: nothing was written then
     */
    Optional<BlockInfo> write(PartSource parts, long order) {
        boolean done = false;
        try {
            Optional<BlockInfo> written = writeAll(parts, order);
            done = true;
            return written;
        } finally {
            if (!done) {
                table.fail();
            }
        }
    }

    private Optional<BlockInfo> writeAll(PartSource parts, long order) {
        table.begin(block, encoding);
        long first = table.nextSequence();
        for (BlockPart part = parts.next(); part != null; part = parts.next()) {
            append(part);
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

    private void append(BlockPart part) {
        ChunkDirectory chunks = part.chunks();
        for (int series = 0; series < chunks.series(); series++) {
            if (series > 0 || !part.isContinued()) {
                content.addSeries(part.labels(series), part.type(series));
            }
            for (int chunk = chunks.first(series); chunk < chunks.end(series); chunk++) {
                append(part, chunk);
            }
        }
    }

    private void append(BlockPart part, int chunk) {
        ChunkDirectory chunks = part.chunks();
        content.chunks().addChunk(chunks, chunk, records, sink.size());
        part.copyChunk(chunk, sink);
        samples += chunks.count(chunk);
        minTimestamp = Math.min(minTimestamp, chunks.minTimestamp(chunk));
        maxTimestamp = Math.max(maxTimestamp, chunks.maxTimestamp(chunk));
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
