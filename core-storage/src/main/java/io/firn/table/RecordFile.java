package io.firn.table;

/**
 * The file that a record was read from. The lifecycle moves records to other files: the same record may be read from
 * another one later.
 *
 * @param path path relative to the table's directory
 * @param tier how the file is stored
 */
public record RecordFile(String path, SegmentTier tier) {}
