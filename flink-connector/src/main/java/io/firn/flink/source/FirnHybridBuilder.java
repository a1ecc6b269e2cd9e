package io.firn.flink.source;

import io.firn.error.ConfigException;
import java.util.Map;
import java.util.Properties;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.jspecify.annotations.Nullable;

/**
 * Builds a source of archive and live Kafka. Confined to one thread.
 *
 * @param <T> type of the elements
 */
public final class FirnHybridBuilder<T> {
    private static final String BOOTSTRAP_SERVERS = "bootstrap.servers";

    private final Properties kafka = new Properties();
    private @Nullable FirnSourceBuilder<T> archive;
    private @Nullable KafkaRecordDeserializationSchema<T> live;

    FirnHybridBuilder() {}

    /**
     * The archive: path, table, deserializer, and {@link FirnSourceBuilder#from} if only its later part is wanted. It
     * is read bounded and in the order of each Kafka partition. Required.
     */
    public FirnHybridBuilder<T> archive(FirnSourceBuilder<T> value) {
        this.archive = value;
        return this;
    }

    /** The Kafka cluster that the archive comes from. Required. */
    public FirnHybridBuilder<T> bootstrapServers(String value) {
        return kafkaProperty(BOOTSTRAP_SERVERS, value);
    }

    /** A property of Flink's Kafka source or of Kafka's consumer, for example {@code group.id} or those of SASL. */
    public FirnHybridBuilder<T> kafkaProperty(String name, String value) {
        kafka.setProperty(name, value);
        return this;
    }

    /** Makes elements of live records. Required. */
    public FirnHybridBuilder<T> live(KafkaRecordDeserializationSchema<T> value) {
        this.live = value;
        return this;
    }

    /**
     * Builds the source.
     *
     * @throws ConfigException when something required is missing, or the table does not come from Kafka
     */
    public FirnHybridSource<T> build() {
        if (archive == null
                || live == null
                || kafka.getProperty(BOOTSTRAP_SERVERS, "").isBlank()) {
            throw new ConfigException("A source of archive and live Kafka needs an archive(), bootstrapServers() and a"
                    + " live() deserializer; give all three");
        }
        FirnSource<T> archived = archive.buildForHandOver();
        Properties properties = new Properties();
        properties.putAll(kafka); // this builder may go on to be used
        FirnHybridSource<T> source = new FirnHybridSource<>(archived, properties, live);
        if (archived.settings().location().isReadable()) {
            source.handOver(Map.of());
        }
        return source;
    }
}
