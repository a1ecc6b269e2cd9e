package io.firn.record;

import java.nio.ByteBuffer;

/**
 * A decoded control frame.
 *
 * @param type what the payload means: a {@code CONTROL_*} constant of {@link FrameFormat}, or a type of a log
 * @param payload the body, little-endian, read-only, a view of the buffer that was decoded
 * @param sizeBytes the padded size of the frame: the next frame starts so many bytes after this one
 */
public record ControlFrame(int type, ByteBuffer payload, int sizeBytes) {}
