package io.firn.connect.cli;

import io.firn.cli.CliContext;
import io.firn.cli.UsageException;
import io.firn.error.ConfigException;
import io.firn.registry.SchemaRegistries;
import io.firn.registry.SchemaRegistry;
import io.firn.registry.WireFormat;
import io.firn.schema.RecordPart;
import io.firn.schema.SchemaEquivalence;
import io.firn.table.Table;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which keys and values of a topic are the archived ones: with the registry of the topic those, too, whose schema id
 * was replaced by one that means the same schema there, and only those. Confined to one thread.
 */
final class SchemaIdRule implements RecordRule {
    private final @Nullable SchemaRegistry registry;
    private final @Nullable SchemaEquivalence schemas;

    /** A rule that knows both or, for bytes that must be equal, neither. */
    SchemaIdRule(@Nullable SchemaRegistry registry, @Nullable SchemaEquivalence schemas) {
        this.registry = registry;
        this.schemas = schemas;
    }

    /**
     * The rule for a table; nothing is sent yet.
     *
     * @param registryConfig properties of the registry; without it all bytes must be equal
     */
    static SchemaIdRule of(CliContext context, Table table, Optional<Path> registryConfig) throws IOException {
        if (registryConfig.isEmpty()) {
            return new SchemaIdRule(null, null);
        }
        Path file = registryConfig.get();
        Map<String, String> settings = SettingsFile.properties(context, file);
        try {
            return of(
                    table,
                    SchemaRegistries.open(settings)
                            .orElseThrow(() -> new UsageException("--registry-config " + file
                                    + " has no schema.registry.url, the topic's registry")));
        } catch (ConfigException wrong) {
            throw new UsageException("--registry-config " + file + ": " + wrong.getMessage());
        }
    }

    /** The rule for a table and the registry of the topic, which is closed with it. */
    static SchemaIdRule of(Table table, SchemaRegistry registry) {
        return new SchemaIdRule(registry, new SchemaEquivalence(table.registrySchemas(), registry));
    }

    @Override
    public Optional<String> difference(RecordContent archived, RecordContent live) {
        return archived.differenceInTime(live)
                .or(() -> difference(RecordPart.KEY, archived.key(), live.key()))
                .or(() -> archived.headers().equals(live.headers())
                        ? Optional.empty()
                        : Optional.of("headers " + archived.headers() + " became " + live.headers()))
                .or(() -> difference(RecordPart.VALUE, archived.value(), live.value()));
    }

    private Optional<String> difference(RecordPart part, byte @Nullable [] archived, byte @Nullable [] live) {
        if (!isSameData(part, archived, live)) {
            return Optional.of(part.text() + " " + Shown.of(archived) + " became " + Shown.of(live));
        }
        return problem(part, archived, live).map(problem -> part.text() + " " + Shown.of(archived) + ": " + problem);
    }

    /** Whether the bytes are equal but for an id that may be another one. */
    private boolean isSameData(RecordPart part, byte @Nullable [] archived, byte @Nullable [] live) {
        if (archived == null || live == null || !mayChange(part, archived) || !WireFormat.isFramed(live)) {
            return Arrays.equals(archived, live);
        }
        int from = WireFormat.HEADER_BYTES;
        return Arrays.equals(archived, from, archived.length, live, from, live.length);
    }

    /** What is wrong with the id of bytes that are the same otherwise; empty when nothing is. */
    private Optional<String> problem(RecordPart part, byte @Nullable [] archived, byte @Nullable [] live) {
        SchemaEquivalence present = schemas;
        if (present == null || archived == null || live == null || !mayChange(part, archived)) {
            return Optional.empty();
        }
        int before = WireFormat.id(archived);
        int now = WireFormat.id(live);
        return present.isSame(before, now)
                ? Optional.empty()
                : Optional.of("schema id " + before + " became " + now
                        + ", which does not mean the same schema in the registry of the topic");
    }

    private boolean mayChange(RecordPart part, byte[] archived) {
        SchemaEquivalence present = schemas;
        return present != null && WireFormat.isFramed(archived) && present.isCarried(part, WireFormat.id(archived));
    }

    @Override
    public void close() {
        if (registry != null) {
            registry.close();
        }
    }
}
