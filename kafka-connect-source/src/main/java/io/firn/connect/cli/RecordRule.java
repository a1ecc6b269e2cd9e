package io.firn.connect.cli;

import io.firn.cli.CliContext;
import io.firn.cli.UsageException;
import io.firn.connect.avro.RecordFormats;
import io.firn.table.Table;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** Says whether a live record is an archived one. Confined to one thread. */
interface RecordRule extends AutoCloseable {
    /**
     * The first thing in which a live record differs from the archived one; empty when it is the same.
     *
     * @throws UncomparableException when this cannot be said
     */
    Optional<String> difference(RecordContent archived, RecordContent live) throws UncomparableException;

    @Override
    void close();

    /**
     * The topic that a table is compared with.
     *
     * @param name the topic
     * @param original whether it is the one that was archived, rather than one into which the archive was replayed
     * @param registryConfig a file with the topic's schema registry, for tables of bytes
     * @param converterConfig a file with the topic's converters, for tables of structured records
     */
    record Topic(String name, boolean original, Optional<Path> registryConfig, Optional<Path> converterConfig) {}

    /**
     * The rule for a table; nothing is sent yet.
     *
     * @throws UsageException when the table is of a kind for which something else must be given
     */
    static RecordRule of(CliContext context, Table table, Topic topic) throws IOException {
        if (!RecordFormats.of(table, table.lanes()).contains(RecordFormats.STRUCTURED)) {
            if (topic.converterConfig().isPresent()) {
                throw new UsageException("--converter-config is for structured records, and the table " + table.path()
                        + " holds bytes, which are replayed as they are; leave it out");
            }
            return SchemaIdRule.of(context, table, topic.registryConfig());
        }
        if (topic.registryConfig().isPresent()) {
            throw new UsageException("--registry-config is for tables of bytes, and the table " + table.path()
                    + " holds structured records; name the registry in --converter-config, as a setting of the"
                    + " converter that needs it, for example value.converter.schema.registry.url");
        }
        Path file = topic.converterConfig()
                .orElseThrow(() -> new UsageException("The table " + table.path() + " holds structured records,"
                        + " which converters write into a topic: name those of topic " + topic.name()
                        + " with --converter-config <file>, the connector's configuration (properties, or JSON as"
                        + " Connect shows it) with key.converter, value.converter, header.converter and their"
                        + " settings"));
        ConverterSet converters =
                ConverterSet.open("--converter-config " + file, SettingsFile.connect(context, file), topic.name());
        return ConvertedRule.of(table, converters, topic.original());
    }
}
