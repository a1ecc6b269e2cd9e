package io.firn.connect.cli;

import io.firn.cli.CliContext;
import io.firn.cli.UsageException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** How a command gets at a cluster. Thread-safe. */
final class Cluster {
    private final Properties settings;

    /**
     * Reads the settings.
     *
     * @param bootstrapServers brokers, {@code host:port} separated by commas
     * @param clientConfig a properties file, which cannot change the brokers
     */
    Cluster(CliContext context, String bootstrapServers, Optional<Path> clientConfig) throws IOException {
        this.settings = new Properties();
        if (clientConfig.isPresent()) {
            settings.putAll(SettingsFile.properties(context, clientConfig.get()));
        }
        settings.setProperty(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
    }

    /** The brokers. */
    String bootstrapServers() {
        return settings.getProperty(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG);
    }

    /** A consumer of committed records that belongs to no group. */
    Consumer<byte[], byte[]> consumer() {
        Properties properties = new Properties();
        properties.putAll(settings);
        properties.setProperty(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        properties.setProperty(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
        properties.setProperty(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        properties.setProperty(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, "false");
        try {
            return new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        } catch (KafkaException wrong) {
            throw refused(wrong);
        }
    }

    /** A client that looks at groups and moves them. */
    Admin admin() {
        Properties properties = new Properties();
        properties.putAll(settings);
        try {
            return Admin.create(properties);
        } catch (KafkaException wrong) {
            throw refused(wrong);
        }
    }

    /** How many partitions a topic has. */
    int partitions(Consumer<byte[], byte[]> consumer, String topic) throws IOException {
        List<PartitionInfo> partitions;
        try {
            partitions = consumer.partitionsFor(topic);
        } catch (KafkaException failed) {
            throw new IOException(
                    "Cannot look at topic " + topic + " on " + bootstrapServers() + ": " + failed, failed);
        }
        if (partitions == null || partitions.isEmpty()) {
            throw new IOException("There is no topic " + topic + " on " + bootstrapServers());
        }
        return partitions.size();
    }

    private UsageException refused(KafkaException wrong) {
        Throwable cause = wrong.getCause() == null ? wrong : wrong.getCause();
        return new UsageException("--against, --command-config: " + cause.getMessage());
    }
}
