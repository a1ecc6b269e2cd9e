package io.firn.cli;

import io.firn.table.Table;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Compares a table with a live topic: what {@code firn verify --against} asks a module that knows Kafka for. Named in
 * {@code META-INF/services/io.firn.cli.TopicVerifier}; the source connector's module has one. An instance runs once, on
 * one thread.
 */
public interface TopicVerifier {
    /**
     * Compares record for record and prints what it found.
     *
     * @return the exit code: {@link CliCommand#DONE} when both hold the same records
     * @throws IOException when input or output fails, or the cluster does not answer
     * @throws io.firn.error.FirnException when the table cannot be read
     */
    int verify(CliContext context, Table table, Topic topic) throws IOException;

    /**
     * The topic to compare with.
     *
     * @param bootstrapServers brokers, {@code host:port} separated by commas
     * @param name the topic
     * @param clientConfig a properties file with settings of the client; empty for none
     * @param original whether it is the topic that was archived, so that its offsets must be the same, rather than one
     *     into which the archive was replayed
     * @param registryConfig a properties file with the schema registry of the topic, whose ids may stand in place of
     *     the archived ones; empty when the bytes must be equal
     * @param converterConfig a file with the converters of Kafka Connect with which the topic was written, or read when
     *     it is the original; for tables of structured records, and only for those
     */
    record Topic(
            String bootstrapServers,
            String name,
            Optional<Path> clientConfig,
            boolean original,
            Optional<Path> registryConfig,
            Optional<Path> converterConfig) {}
}
