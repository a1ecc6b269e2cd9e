package io.firn.registry;

/**
 * A place of a schema in a registry. Immutable; thread-safe.
 *
 * @param subject where it is registered
 * @param version its version there, 1 or more
 */
public record SubjectVersion(String subject, int version) {}
