package io.firn.connect.cli;

import io.firn.cli.CliContext;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The cluster that a command is about. Confined to one thread. */
final class ClusterArgument {
    @Option(
            names = "--against",
            required = true,
            paramLabel = "<brokers>",
            description = "The cluster: host:port separated by commas.")
    private String bootstrapServers = "";

    @Option(
            names = "--command-config",
            paramLabel = "<file>",
            description = "Properties of the Kafka client, for example security.protocol.")
    private Optional<Path> clientConfig = Optional.empty();

    Cluster open(CliContext context) throws IOException {
        return new Cluster(context, bootstrapServers, clientConfig);
    }
}
