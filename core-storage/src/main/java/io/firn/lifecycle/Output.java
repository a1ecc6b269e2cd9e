package io.firn.lifecycle;

import io.firn.log.SegmentEntry;
import java.nio.file.Path;

/**
 * A file that a rewrite has made.
 *
 * @param temporary where it was made
 * @param entry what the catalog will say of it; names its final path
 * @param forced whether its content is durable already
 */
record Output(Path temporary, SegmentEntry entry, boolean forced) {}
