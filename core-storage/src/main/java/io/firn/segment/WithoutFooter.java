package io.firn.segment;

import io.firn.record.FrameVerifier;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A segment as if it were not sealed: for those who believe only what the frames say. */
record WithoutFooter(Segment segment) implements FrameSource {
    @Override
    public Path path() {
        return segment.path();
    }

    @Override
    public SegmentHeader header() {
        return segment.header();
    }

    @Override
    public long dataStart() {
        return segment.dataStart();
    }

    @Override
    public long sizeBytes() {
        return segment.sizeBytes();
    }

    @Override
    public FrameVerifier newVerifier() {
        return segment.newVerifier();
    }

    @Override
    public @Nullable SegmentFooter footer() {
        return null;
    }

    @Override
    public ContextTable newContextTable() {
        return new ContextTable(segment.header());
    }
}
