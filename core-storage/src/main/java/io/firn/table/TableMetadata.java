package io.firn.table;

import com.fasterxml.jackson.databind.JsonNode;
import io.firn.partition.PartitionScheme;
import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/**
 * What {@code _table/metadata.json} says about a table.
 *
 * <p>Fields that a newer version wrote and this one does not know are kept. Immutable; thread-safe.
 */
public final class TableMetadata {
    private final UUID id;
    private final Instant createdAt;
    private final long revision;
    private final PartitionScheme scheme;
    private final TableConfig config;
    private final Map<String, JsonNode> unknown;

    TableMetadata(
            Identity identity,
            long revision,
            PartitionScheme scheme,
            TableConfig config,
            Map<String, JsonNode> unknown) {
        this.id = identity.id();
        this.createdAt = identity.createdAt();
        this.revision = revision;
        this.scheme = scheme;
        this.config = config;
        this.unknown = Collections.unmodifiableMap(new TreeMap<>(unknown));
    }

    /** Metadata of a new table. */
    static TableMetadata ofNewTable(PartitionScheme scheme, TableConfig config, Instant now) {
        Instant createdAt = Instant.ofEpochMilli(now.toEpochMilli());
        return new TableMetadata(new Identity(UUID.randomUUID(), createdAt), 0, scheme, config, Map.of());
    }

    /** The same table with another configuration, one revision later. */
    TableMetadata withConfig(TableConfig next) {
        config.checkChangeTo(next);
        return new TableMetadata(new Identity(id, createdAt), revision + 1, scheme, next, unknown);
    }

    /** The table's identity, which never changes. */
    public UUID id() {
        return id;
    }

    /** When the table was created. */
    public Instant createdAt() {
        return createdAt;
    }

    /** How often the metadata was changed. */
    public long revision() {
        return revision;
    }

    /** How the table is divided, which never changes. */
    public PartitionScheme scheme() {
        return scheme;
    }

    /** The options. */
    public TableConfig config() {
        return config;
    }

    Map<String, JsonNode> unknown() {
        return unknown;
    }

    /**
     * What never changes.
     *
     * @param id identity
     * @param createdAt when it was created
     */
    record Identity(UUID id, Instant createdAt) {}
}
