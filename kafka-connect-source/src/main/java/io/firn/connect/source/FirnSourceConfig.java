package io.firn.connect.source;

import io.firn.connect.common.ConfigRules;
import io.firn.table.ScanOptions;
import io.firn.table.TableEnvironment;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Range;
import org.apache.kafka.common.config.ConfigDef.Width;

/**
 * The options of the source connector, parsed and checked.
 *
 * <p>Immutable; thread-safe.
 */
final class FirnSourceConfig extends AbstractConfig {
    static final String PATH = "firn.path";
    static final String TABLE = "firn.table";
    static final String TOPICS = "restore.topics";
    static final String TOPIC_MAP = "restore.topic.map";
    static final String FROM = "restore.from";
    static final String TO = "restore.to";
    static final String FILTER = "restore.filter";
    static final String MODE = "restore.mode";
    static final String PREFLIGHT = "restore.preflight";
    static final String TARGET_PREFIX = "target.";
    static final String TARGET_SERVERS = "target.bootstrap.servers";
    static final String MAX_RECORDS = "poll.max.records";
    static final String MAX_BYTES = "poll.max.bytes";
    static final String MEMORY = "replay.memory.bytes";
    static final String READ_AHEAD = "read.ahead.bytes";
    static final String DISCOVERY = "restore.discovery.interval.ms";

    private static final long MIB = 1L << 20;
    private static final String SELECTION = "Selection";

    /** Every option, with its documentation, default and check. */
    static final ConfigDef DEFINITION = define();

    /** Which records of which lanes are replayed. */
    enum Mode {
        /** Replay what is committed when the task starts, then idle. */
        BOUNDED,
        /** Go on with what is committed later. */
        CONTINUOUS
    }

    /** What happens when the target topics would not take the records as they are. */
    enum Preflight {
        /** The connector fails before the first record. */
        STRICT,
        /** A warning in the worker's log. */
        WARN,
        /** Nothing is looked at. */
        OFF
    }

    /**
     * Parses and checks a connector's or task's properties.
     *
     * @throws org.apache.kafka.common.config.ConfigException quoting the bad value
     */
    FirnSourceConfig(Map<String, String> properties) {
        super(DEFINITION, properties, false);
    }

    /** The archive root, absolute. */
    Path path() {
        return Path.of(getString(PATH));
    }

    /** Which tables below the root are read. */
    Pattern tables() {
        return TopicSelection.glob(getString(TABLE));
    }

    /** Which archived topics are replayed, and under which name. */
    TopicSelection topics() {
        return TopicOptions.apply(this, TopicSelection.parse(getList(TOPICS), getList(TOPIC_MAP)));
    }

    /** Start of the time range in milliseconds, inclusive. */
    OptionalLong fromMs() {
        return TimeBound.parseMs(getString(FROM));
    }

    /** End of the time range in milliseconds, exclusive. */
    OptionalLong toMs() {
        return TimeBound.parseMs(getString(TO));
    }

    /** Text of the partition filter, empty for all partitions. */
    String filter() {
        return getString(FILTER).trim();
    }

    /** Bounded or continuous. */
    Mode mode() {
        return ConfigRules.choice(Mode.class, getString(MODE));
    }

    /** What a failed look at the target topics means. */
    Preflight preflight() {
        return ConfigRules.choice(Preflight.class, getString(PREFLIGHT));
    }

    /** Settings of the admin client that looks at the target topics; empty when no servers are named. */
    Map<String, Object> targetClient() {
        if (getString(TARGET_SERVERS).isBlank()) {
            return Map.of();
        }
        return new HashMap<>(originalsWithPrefix(TARGET_PREFIX));
    }

    /** Most records of one poll, which is one transaction under {@code transaction.boundary=connector}. */
    int pollMaxRecords() {
        return getInt(MAX_RECORDS);
    }

    /** Most bytes of keys, values and headers of one poll; a larger record is polled alone. */
    long pollMaxBytes() {
        return getLong(MAX_BYTES);
    }

    /** Files, time and read-ahead of the tables. */
    TableEnvironment environment() {
        return TableEnvironment.system().withReadAheadBytes(getLong(READ_AHEAD));
    }

    /** Most memory that the cursors of one task hold. */
    long memoryBytes() {
        return getLong(MEMORY);
    }

    /** How often a continuous replay looks for new lanes. */
    long discoveryIntervalMs() {
        return getLong(DISCOVERY);
    }

    private static ConfigDef define() {
        ConfigDef def = new ConfigDef();
        defineArchive(def);
        SourceAccess.define(def, "Archive", 3);
        defineSelection(def);
        defineTimeRange(def);
        defineTarget(def);
        defineBatches(def);
        TopicOptions.define(def);
        CreationOptions.define(def);
        PartitionOptions.define(def);
        RecordOptions.define(def);
        OrderOptions.define(def);
        PaceOptions.define(def);
        RemapOptions.define(def);
        return def;
    }

    private static void defineArchive(ConfigDef def) {
        def.define(
                PATH,
                ConfigDef.Type.STRING,
                ConfigDef.NO_DEFAULT_VALUE,
                ConfigRules.absolutePath(),
                Importance.HIGH,
                "Archive root: the absolute path of the directory that holds a table per directory. Every worker that"
                        + " runs tasks of this connector must see the same files there.",
                "Archive",
                1,
                Width.LONG,
                "Archive root");
        def.define(
                TABLE,
                ConfigDef.Type.STRING,
                "*",
                SourceRules.notBlank("use '*' for every table below " + PATH),
                Importance.MEDIUM,
                "Name or pattern (* and ?) of the tables below the archive root to read.",
                "Archive",
                2,
                Width.MEDIUM,
                "Tables");
    }

    private static void defineSelection(ConfigDef def) {
        String group = SELECTION;
        def.define(
                TOPICS,
                ConfigDef.Type.LIST,
                "*",
                SourceRules.notEmptyList("use '*' for every archived topic"),
                Importance.HIGH,
                "Names or patterns (* and ?) of the archived topics to replay.",
                group,
                1,
                Width.LONG,
                "Topics");
        def.define(
                FILTER,
                ConfigDef.Type.STRING,
                "",
                Importance.MEDIUM,
                "Replay only partitions that match, for example dt >= '2001-01-02' and origin = 'ATL'. Partitions that"
                        + " do not match are never opened. Empty: all partitions.",
                group,
                4,
                Width.LONG,
                "Partition filter");
        def.define(
                MODE,
                ConfigDef.Type.STRING,
                "bounded",
                ConfigRules.choices(Mode.class),
                Importance.HIGH,
                "bounded: replay what is committed when a task starts, then idle. continuous: go on with what is"
                        + " committed later, new topics and Kafka partitions included.",
                group,
                5,
                Width.SHORT,
                "Mode");
        def.define(
                DISCOVERY,
                ConfigDef.Type.LONG,
                30_000L,
                Range.between(1_000L, 86_400_000L),
                Importance.LOW,
                "How often a continuous replay looks for topics and Kafka partitions that are new in the archive.",
                group,
                6,
                Width.SHORT,
                "Discovery interval (ms)");
    }

    private static void defineTimeRange(ConfigDef def) {
        String group = SELECTION;
        def.define(
                FROM,
                ConfigDef.Type.STRING,
                "",
                SourceRules.timeBound(),
                Importance.MEDIUM,
                "Replay records with this timestamp or a later one: milliseconds since the epoch, an ISO-8601 time with"
                        + " zone, or a date (its midnight in UTC). Empty: from the beginning.",
                group,
                2,
                Width.MEDIUM,
                "From (inclusive)");
        def.define(
                TO,
                ConfigDef.Type.STRING,
                "",
                SourceRules.timeBound(),
                Importance.MEDIUM,
                "Replay records with an earlier timestamp than this. Same forms as " + FROM + ". Empty: to the end.",
                group,
                3,
                Width.MEDIUM,
                "To (exclusive)");
    }

    private static void defineTarget(ConfigDef def) {
        String group = "Target";
        def.define(
                TOPIC_MAP,
                ConfigDef.Type.LIST,
                "",
                SourceRules.topicMap(),
                Importance.HIGH,
                "Names in the target cluster: archived:target, separated by commas. The archived name may be a pattern"
                        + " (* and ?); an entry with the exact name comes first. A topic that no entry fits is named by"
                        + " restore.topic.template.",
                group,
                1,
                Width.LONG,
                "Topic map");
        def.define(
                TARGET_SERVERS,
                ConfigDef.Type.STRING,
                "",
                Importance.MEDIUM,
                "Brokers of the cluster that the worker writes to (host:port, separated by commas), so that the"
                        + " connector can look at the target topics before the first record. Other settings of that"
                        + " client (security and the like) take the same prefix: " + TARGET_PREFIX
                        + "security.protocol. Empty: the topics are not looked at; a Kafka partition that the target"
                        + " lacks then blocks the producer without an error.",
                group,
                2,
                Width.LONG,
                "Target brokers");
        def.define(
                PREFLIGHT,
                ConfigDef.Type.STRING,
                "strict",
                ConfigRules.choices(Preflight.class),
                Importance.MEDIUM,
                "What to do when a target topic is missing, has too few partitions, or would delete, compact, restamp"
                        + " or refuse the archived records, or would be created so: strict fails at start, warn logs,"
                        + " off does not look.",
                group,
                3,
                Width.SHORT,
                "Preflight");
    }

    private static void defineBatches(ConfigDef def) {
        String group = "Batches";
        def.define(
                MAX_RECORDS,
                ConfigDef.Type.INT,
                20_000,
                Range.between(1, 1_000_000),
                Importance.LOW,
                "Most records of one poll. With exactly-once support one poll is one transaction, and a transaction"
                        + " costs some milliseconds whatever its size.",
                group,
                1,
                Width.SHORT,
                "Records per poll");
        def.define(
                MAX_BYTES,
                ConfigDef.Type.LONG,
                16 * MIB,
                Range.between(1L, 1024 * MIB),
                Importance.LOW,
                "Most bytes of keys, values and headers of one poll. A larger record is polled alone.",
                group,
                2,
                Width.SHORT,
                "Bytes per poll");
        def.define(
                MEMORY,
                ConfigDef.Type.LONG,
                ScanOptions.ALL.memoryBytes(),
                Range.between(MIB, 1L << 40),
                Importance.LOW,
                "Most memory that the cursors of one task hold, however many files overlap. Default: a quarter of the"
                        + " worker's heap, at most 256 MiB; give less to each when many tasks run in one worker.",
                group,
                3,
                Width.SHORT,
                "Cursor memory (bytes)");
        def.define(
                READ_AHEAD,
                ConfigDef.Type.LONG,
                TableEnvironment.defaultReadAheadBytes(),
                Range.between(0L, 1L << 40),
                Importance.LOW,
                "Bytes that a task reads ahead on spare cores (compressed files decompressed, sealed ones checked),"
                        + " beside the memory of its cursors; 0 for none. Default: 32 MiB, at most a sixteenth of the"
                        + " worker's heap.",
                group,
                4,
                Width.SHORT,
                "Read-ahead (bytes)");
    }
}
