package io.firn.series;

import org.jspecify.annotations.Nullable;

/** Encodes the series of a source one after the other, in the memory of a part. Confined to one thread. */
final class SourceParts implements PartSource {
    private static final int ENOUGH_BYTES = 16 * BlockRecords.TARGET_BYTES;

    private final SeriesSource source;
    private final BlockPart part;
    private final BlockParts parts;
    /** The rest of a series that did not fit into the part before. */
    private @Nullable SampleCursor rest;

    /** Creates the parts of a source, which the caller closes. */
    SourceParts(SeriesSource source, BlockParts parts) {
        this.source = source;
        this.parts = parts;
        this.part = parts.take();
    }

    @Override
    public @Nullable BlockPart next() {
        part.clear();
        SampleCursor open = rest;
        if (open != null) {
            part.resume(part.hint());
            rest = part.addChunks(open, ENOUGH_BYTES) ? null : open;
        }
        while (rest == null && part.sizeBytes() < ENOUGH_BYTES && source.next()) {
            SampleCursor samples = source.samples();
            part.begin(source.labels(), source.type());
            rest = part.addChunks(samples, ENOUGH_BYTES) ? null : samples;
            part.endSeries();
        }
        return part.sizeBytes() == 0 ? null : part;
    }

    @Override
    public void close() {
        parts.giveBack(part);
    }
}
