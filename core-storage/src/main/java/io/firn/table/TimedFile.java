package io.firn.table;

import io.firn.segment.Range;

/**
 * A file that a reader in the order of time will need.
 *
 * @param spec what to read of it
 * @param timestamps no record in it has a timestamp outside, nanoseconds
 */
record TimedFile(SourceSpec spec, Range timestamps) {}
