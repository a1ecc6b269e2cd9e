package io.firn.connect.sink;

import io.firn.connect.common.ConfigRules;
import io.firn.lifecycle.LifecycleOptions;
import io.firn.partition.MissingFieldPolicy;
import io.firn.partition.PartitionMapping;
import io.firn.schema.RecordPart;
import io.firn.series.SampleMapping;
import io.firn.series.SeriesStoreOptions;
import io.firn.table.TableConfig;
import io.firn.table.TableEnvironment;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;

/**
 * The options of the sink connector, parsed and checked.
 *
 * <p>Immutable; thread-safe.
 */
final class FirnSinkConfig extends AbstractConfig {
    static final String PATH = "firn.path";
    static final String TABLE = "firn.table";
    static final String RECORD_FORMAT = "record.format";
    static final String PARTITION_FIELDS = "partition.fields";
    static final String PARTITION_ZONE = "partition.timezone";
    static final String MISSING_FIELD = "partition.missing.field";
    static final String IO_MODE = "io.mode";
    static final String SHARED_FS = "shared.fs";
    static final String COMMIT_INTERVAL = "commit.interval.ms";
    static final String ROTATE_INTERVAL = "rotate.interval.ms";
    static final String MIN_FREE = "disk.min.free.bytes";
    static final String TOPIC_RECREATED = "on.topic.recreated";
    static final String OFFSET_GAP = "on.offset.gap";
    static final String SOURCE_PREFIX = "source.";
    static final String SOURCE_SERVERS = "source.bootstrap.servers";

    static final String SCHEMA_CAPTURE = "schema.capture";

    static final String LIFECYCLE_MODE = "lifecycle.mode";
    static final String LIFECYCLE_THREADS = "lifecycle.threads";
    static final String LIFECYCLE_INTERVAL = "lifecycle.interval.ms";
    static final String LIFECYCLE_RATE = "lifecycle.bytes.per.second";

    /** Set by the connector for its tasks; not for users. */
    static final String ARCHIVE_ID = "firn.internal.archive.id";

    static final String CONNECTOR_HOST = "firn.internal.connector.host";
    static final String TASK = "firn.internal.task";
    static final String TASKS = "firn.internal.tasks";

    /** Every option, with its documentation, default and check. */
    static final ConfigDef DEFINITION = SinkOptions.define();

    private static final String CONNECTOR_NAME = "name";
    private static final Duration LIFECYCLE_CLOSE_TIMEOUT = Duration.ofMillis(500);
    private static final String TOPIC_VARIABLE = "${topic}";

    /** What a record is to the archive. */
    enum RecordFormat {
        /** Bytes, kept exactly. */
        RAW,
        /** What converters made, with its schema. */
        STRUCTURED,
        /** Samples of series, found in the record. */
        SERIES
    }

    /** What happens when a topic was deleted and made again, or lost offsets that are archived. */
    enum TopicRecreated {
        /** The task fails. */
        FAIL,
        /** The new topic gets lanes of its own. */
        NEW_GENERATION
    }

    /** What happens when the broker deleted records before they were archived. */
    enum OffsetGap {
        /** The gap is recorded and counted. */
        RECORD,
        /** The task fails. */
        FAIL
    }

    /** Which parts of records have their schemas kept with the archive. */
    enum SchemaCaptures {
        /** Keys and values. */
        BOTH,
        /** Keys only. */
        KEY,
        /** Values only. */
        VALUE,
        /** None. */
        OFF;

        Set<RecordPart> parts() {
            return switch (this) {
                case BOTH -> Set.of(RecordPart.KEY, RecordPart.VALUE);
                case KEY -> Set.of(RecordPart.KEY);
                case VALUE -> Set.of(RecordPart.VALUE);
                case OFF -> Set.of();
            };
        }
    }

    /** Who settles and compresses. */
    enum LifecycleMode {
        /** This connector, after its commits, in the background. */
        ON_COMMIT,
        /** Somebody else. */
        OFF
    }

    /**
     * Parses and checks a connector's or task's properties.
     *
     * @throws org.apache.kafka.common.config.ConfigException quoting the bad value
     */
    FirnSinkConfig(Map<String, String> properties) {
        super(DEFINITION, properties, false);
    }

    /** What a record is. */
    RecordFormat recordFormat() {
        return ConfigRules.choice(RecordFormat.class, getString(RECORD_FORMAT));
    }

    /** How samples are made of records. */
    SampleMapping sampleMapping() {
        return SeriesOptions.mapping(this);
    }

    /** How series stores are opened. */
    SeriesStoreOptions seriesStore(TableEnvironment environment) {
        return SeriesOptions.store(originalsStrings(), environment);
    }

    /** The archive root, absolute. */
    Path path() {
        return Path.of(getString(PATH)).normalize();
    }

    /** Name of the table of a topic. */
    String tableOf(String topic) {
        return getString(TABLE).replace(TOPIC_VARIABLE, topic);
    }

    /** How records are routed to partitions. */
    PartitionMapping mapping() {
        return PartitionMapping.parse(getString(PARTITION_FIELDS), ZoneId.of(getString(PARTITION_ZONE)))
                .withMissingField(missingField());
    }

    /** What happens to a record without a field of the mapping; by default errant, and fail without a reporter. */
    MissingFieldPolicy missingField() {
        String text = getString(MISSING_FIELD);
        return text == null ? MissingFieldPolicy.ERRANT : MissingFieldPolicy.parse(text);
    }

    /** How files are written. */
    String ioMode() {
        return getString(IO_MODE);
    }

    /** What is known of the file system that workers share. */
    String sharedFs() {
        return getString(SHARED_FS);
    }

    /** How many tasks the connector has; 1 when it does not say so. */
    int tasks() {
        return getInt(TASKS);
    }

    /** Time between commits. */
    Duration commitInterval() {
        return Duration.ofMillis(getLong(COMMIT_INTERVAL));
    }

    /** Time after which a segment is sealed. */
    Duration rotateInterval() {
        return Duration.ofMillis(getLong(ROTATE_INTERVAL));
    }

    /** Below this many free bytes partitions are paused. */
    long minFreeBytes() {
        return tableConfig("").diskMinFreeBytes();
    }

    /** What a recreated topic means. */
    TopicRecreated onTopicRecreated() {
        return ConfigRules.choice(TopicRecreated.class, getString(TOPIC_RECREATED));
    }

    /** What lost records mean. */
    OffsetGap onOffsetGap() {
        return ConfigRules.choice(OffsetGap.class, getString(OFFSET_GAP));
    }

    /** Whose schemas are kept; without a registry none are. */
    SchemaCaptures schemaCapture() {
        return ConfigRules.choice(SchemaCaptures.class, getString(SCHEMA_CAPTURE));
    }

    /** How the tables are settled and compressed; empty when that is left to somebody else. */
    Optional<LifecycleOptions> lifecycle() {
        if (ConfigRules.choice(LifecycleMode.class, getString(LIFECYCLE_MODE)) == LifecycleMode.OFF) {
            return Optional.empty();
        }
        return Optional.of(LifecycleOptions.defaults()
                .withThreads(getInt(LIFECYCLE_THREADS))
                .withInterval(Duration.ofMillis(getLong(LIFECYCLE_INTERVAL)))
                .withBytesPerSecond(getString(LIFECYCLE_RATE))
                .withCloseTimeout(LIFECYCLE_CLOSE_TIMEOUT));
    }

    /** Settings of the admin client; empty when the cluster is not to be asked. */
    Map<String, Object> sourceClient() {
        return getString(SOURCE_SERVERS) == null || getString(SOURCE_SERVERS).isBlank()
                ? Map.of()
                : originalsWithPrefix(SOURCE_PREFIX);
    }

    /**
     * The options that a new table gets: those of this table above the general ones.
     *
     * @throws io.firn.error.ConfigException when options contradict each other
     */
    TableConfig tableConfig(String table) {
        Map<String, String> written = originalsStrings();
        written.put(PARTITION_FIELDS, mapping().describe());
        written.put(MISSING_FIELD, missingField().text());
        return TableConfig.fromProperties(written, table);
    }

    /**
     * The options of an existing table with those that the user has written into the connector's configuration; what
     * is only a default of the connector changes nothing.
     *
     * @throws io.firn.error.ConfigException when options contradict each other
     */
    TableConfig changed(TableConfig stored, String table) {
        Map<String, String> written = originalsStrings();
        boolean sameMapping = stored.partitionMapping()
                .map(known -> known.describe().equals(mapping().describe()))
                .orElse(true);
        if (sameMapping || !(written.containsKey(PARTITION_FIELDS) || written.containsKey(PARTITION_ZONE))) {
            written.remove(PARTITION_FIELDS);
        } else {
            written.put(PARTITION_FIELDS, mapping().describe());
        }
        return stored.withProperties(written, table);
    }

    /** The archive's id that the connector saw; empty in the connector itself. */
    String archiveId() {
        return getString(ARCHIVE_ID);
    }

    /** The host that the connector ran on. */
    String connectorHost() {
        return getString(CONNECTOR_HOST);
    }

    /** The connector's name. */
    String connector() {
        return originalsStrings().getOrDefault(CONNECTOR_NAME, "?");
    }

    /** Number of the task. */
    String task() {
        return getString(TASK);
    }

    /** Who writes, for people who look for an owner. */
    String owner(String host) {
        return "host " + host + ", process " + ProcessHandle.current().pid() + ", connector " + connector() + ", task "
                + task();
    }
}
