package io.firn.segment;

import io.firn.record.FrameVerifier;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** What a {@link FrameCursor} asks of the segment that it walks over. */
interface FrameSource {
    /** The file, for messages. */
    Path path();

    /** The header. */
    SegmentHeader header();

    /** Raw offset of the first frame. */
    long dataStart();

    /** Bytes of the hot form at present. */
    long sizeBytes();

    /** The footer, null when the segment is not sealed. */
    @Nullable
    SegmentFooter footer();

    /** A judge for the frames of this segment. */
    FrameVerifier newVerifier();

    /** The contexts that are known without reading frames. */
    ContextTable newContextTable();
}
