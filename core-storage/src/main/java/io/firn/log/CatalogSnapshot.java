package io.firn.log;

/**
 * What the catalog says, read by rule 1.
 *
 * @param logPosition how far its log was read
 * @param state the committed state
 */
public record CatalogSnapshot(LogPosition logPosition, CatalogState state) {}
