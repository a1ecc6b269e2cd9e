package io.firn.examples.drill;

/**
 * A record as an application sees it.
 *
 * @param offset its offset in its partition, which a restored record does not keep
 * @param schemaId the id in its value, which a restored record does not keep; 0 for values that have none
 * @param content what must be the same after a restore: timestamp, key, headers and decoded value
 */
public record SeenRecord(long offset, int schemaId, String content) {}
