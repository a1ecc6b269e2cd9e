package io.firn.registry;

import java.util.List;
import java.util.Optional;

/**
 * A schema registry, by what an archive asks of one.
 *
 * <p>Every method may throw {@link RegistryUnavailableException} (nobody answers: try again later) and
 * {@link RegistryRefusedException} (the answer is no, and stays so until somebody changes something). An implementation
 * is thread-safe and keeps schemas that it has seen, so that asking for the same id again costs nothing.
 */
public interface SchemaRegistry extends AutoCloseable {
    /** The schema of an id; empty when the registry does not have it. */
    Optional<SchemaText> byId(int id);

    /**
     * Registers a schema under a subject, unless it is there already. What it refers to must be registered before.
     *
     * @return its id
     */
    int register(String subject, SchemaText schema);

    /** Where a schema stands under a subject; empty when it is not registered there. */
    Optional<SchemaVersion> lookUp(String subject, SchemaText schema);

    /** The versions of a subject in ascending order; none when there is no such subject. */
    List<Integer> versions(String subject);

    /** One version of a subject; empty when it is not there. */
    Optional<SchemaVersion> version(String subject, int version);

    /** Where the schema of an id is registered; empty when it is nowhere, or when the registry cannot tell. */
    List<SubjectVersion> places(int id);

    /** Returns when the registry answers and lets this client in. */
    void ping();

    /** Releases connections. Idempotent. */
    @Override
    void close();
}
