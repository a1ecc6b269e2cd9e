package io.firn.fs;

/**
 * What a file system says of a file.
 *
 * @param sizeBytes size in bytes
 * @param modifiedMs last modification, milliseconds since the epoch
 */
public record FileInfo(long sizeBytes, long modifiedMs) {}
