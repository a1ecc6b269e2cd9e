package io.firn.connect.sink;

import io.firn.partition.PartitionMapping;
import io.firn.registry.SchemaRegistries;
import io.firn.registry.SchemaRegistry;
import io.firn.registry.WireSchemas;
import io.firn.schema.RecordPart;
import io.firn.schema.SchemaCapture;
import io.firn.table.Table;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The schema registry of the archived topics, where one is configured: fields of Avro for partitions, and the schemas
 * that tables keep. Confined to the task's thread.
 */
final class SinkSchemas implements AutoCloseable {
    private final @Nullable Registry registry;
    private final Set<RecordPart> captured;

    private record Registry(SchemaRegistry client, WireSchemas writers) {}

    private SinkSchemas(@Nullable Registry registry, Set<RecordPart> captured) {
        this.registry = registry;
        this.captured = captured;
    }

    /** Opens the client; nothing is sent before a record needs it. */
    static SinkSchemas open(FirnSinkConfig config) {
        return new SinkSchemas(
                SchemaRegistries.open(config.originalsStrings())
                        .map(client -> new Registry(client, WireSchemas.of(client)))
                        .orElse(null),
                config.schemaCapture().parts());
    }

    /** The mapping, which reads Avro, too, when there is a registry. */
    PartitionMapping reading(PartitionMapping mapping) {
        return registry == null ? mapping : mapping.withSchemas(registry.writers());
    }

    /** What keeps the schemas of a table's records; empty when nothing is to be kept. */
    Optional<SchemaCapture> capture(Table table) {
        return registry == null || captured.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        new SchemaCapture(registry.client(), registry.writers(), table.registrySchemas(), captured));
    }

    @Override
    public void close() {
        if (registry != null) {
            registry.client().close();
        }
    }
}
