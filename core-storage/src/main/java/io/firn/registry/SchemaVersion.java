package io.firn.registry;

/**
 * A schema under a subject. Immutable; thread-safe.
 *
 * @param subject where it is registered
 * @param version its version there, 1 or more
 * @param id its id in the registry
 * @param schema the schema
 */
public record SchemaVersion(String subject, int version, int id, SchemaText schema) {}
