package io.firn.connect.sink;

import io.firn.connect.common.ConfigRules;
import io.firn.connect.common.RegistryConfig;
import io.firn.lifecycle.LifecycleOptions;
import io.firn.partition.MissingFieldPolicy;
import io.firn.partition.PartitionMapping;
import io.firn.series.SeriesOption;
import io.firn.table.TableEnvironment;
import io.firn.table.TableOption;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Validator;
import org.apache.kafka.common.config.ConfigDef.Width;
import org.jspecify.annotations.Nullable;

/**
 * The definitions of the sink's options: documentation, defaults, checks, groups.
 *
 * <p>Thread-safe.
 */
final class SinkOptions {
    private static final long MIN_COMMIT_INTERVAL_MS = 10;
    private static final long MIN_LIFECYCLE_INTERVAL_MS = 100;
    private static final int MAX_LIFECYCLE_THREADS = 64;
    private static final long MIN_ROTATE_INTERVAL_MS = 1_000;

    private static final Pattern TABLE_TEMPLATE = Pattern.compile("[A-Za-z0-9._-]*(\\$\\{topic}[A-Za-z0-9._-]*)?");

    private final ConfigDef def = new ConfigDef();
    private String group = "";
    private int order;

    private SinkOptions() {}

    static ConfigDef define() {
        SinkOptions options = new SinkOptions();
        options.archive();
        ArchiveAccess.define(options.def, options.group, ++options.order);
        options.files();
        options.partitions();
        NullValues.define(options.def, options.group, ++options.order);
        options.commits();
        options.kafka();
        options.registry();
        options.series();
        options.lifecycle();
        options.tables();
        options.internal();
        return options.def;
    }

    private void archive() {
        begin("Archive");
        add(
                FirnSinkConfig.PATH,
                ConfigDef.Type.STRING,
                ConfigDef.NO_DEFAULT_VALUE,
                ConfigRules.absolutePath(),
                Importance.HIGH,
                "Absolute path of the archive: a directory with one table per topic. Every worker must see the same"
                        + " directory under this path; a task that sees another one refuses to start.");
        add(
                FirnSinkConfig.TABLE,
                ConfigDef.Type.STRING,
                "${topic}",
                tableTemplate(),
                Importance.MEDIUM,
                "Name of the table of a topic. ${topic} is the topic's name as it was before any transformation."
                        + " firn.table.<table>.<option> sets a table option for one table.");
        add(
                FirnSinkConfig.RECORD_FORMAT,
                ConfigDef.Type.STRING,
                "raw",
                ConfigRules.choices(FirnSinkConfig.RecordFormat.class),
                Importance.MEDIUM,
                "raw keeps key, value and headers as the bytes they are; partition fields are read from JSON and, with"
                        + " schema.registry.url, from Avro."
                        + " structured keeps what the converters make of them, with its schema, whatever converters"
                        + " they are. series makes samples of numeric series of them, as the options series.* say. raw"
                        + " and series need ByteArrayConverter as key.converter, value.converter and"
                        + " header.converter. A table has one format for ever.");
    }

    private void files() {
        add(
                FirnSinkConfig.IO_MODE,
                ConfigDef.Type.STRING,
                "auto",
                ConfigRules.parsedBy("one of [auto, mmap, channel]", TableEnvironment::ofIoMode),
                Importance.LOW,
                "How files are accessed: auto writes records from a buffer by position and reads memory-mapped on local"
                        + " file systems; mmap maps files for writing, too, which costs more CPU but shows each record"
                        + " at once to readers of what is not committed; channel maps nothing, for network file"
                        + " systems.");
        add(
                FirnSinkConfig.SHARED_FS,
                ConfigDef.Type.STRING,
                "",
                ConfigRules.parsedBy("coherent, or empty", TableEnvironment.system()::withSharedFs),
                Importance.LOW,
                "coherent says that a network file system (NFS, SMB, CephFS, FUSE, ...) shows every host at once what"
                        + " another one creates, renames and writes. Without it more than one task is refused there.");
    }

    private void partitions() {
        begin("Partitions");
        add(
                FirnSinkConfig.PARTITION_FIELDS,
                ConfigDef.Type.STRING,
                "dt:date=timestamp",
                ConfigRules.parsedBy("name:type=source, ...", PartitionMapping::parse),
                Importance.HIGH,
                "How a record finds its partition: a list of name:type=source. Types: string, int, date, hour, minute."
                        + " Sources: value.a.b, key.a, header.h, topic, partition, timestamp, 'constant'. Empty: no"
                        + " partitions. Fixed when the table is made: with other fields the task fails.");
        add(
                FirnSinkConfig.PARTITION_ZONE,
                ConfigDef.Type.STRING,
                "UTC",
                ConfigRules.zone(),
                Importance.LOW,
                "Time zone of date, hour and minute fields. Fixed when the table is made.");
        add(
                FirnSinkConfig.MISSING_FIELD,
                ConfigDef.Type.STRING,
                null,
                ConfigRules.parsedBy("one of [null, errant, fail]", MissingFieldPolicy::parse),
                Importance.MEDIUM,
                "A record without a field that names its partition: null archives it in the null partition, errant"
                        + " reports it to the worker (errors.tolerance, errors.deadletterqueue.topic.name), fail ends"
                        + " the task. Default: errant where the worker reports such records, else fail.");
    }

    private void commits() {
        begin("Commits");
        add(
                FirnSinkConfig.COMMIT_INTERVAL,
                ConfigDef.Type.LONG,
                5_000L,
                ConfigRules.interval(MIN_COMMIT_INTERVAL_MS),
                Importance.MEDIUM,
                "Milliseconds between commits. A record is visible to readers after the commit that follows it."
                        + " Independent of the worker's offset.flush.interval.ms.");
        add(
                FirnSinkConfig.ROTATE_INTERVAL,
                ConfigDef.Type.LONG,
                3_600_000L,
                ConfigRules.interval(MIN_ROTATE_INTERVAL_MS),
                Importance.LOW,
                "Milliseconds after which a segment with data is sealed at the next commit, also when no more data"
                        + " arrives. Sealed segments are settled and compressed by the lifecycle.");
        add(
                FirnSinkConfig.MIN_FREE,
                ConfigDef.Type.STRING,
                TableOption.DISK_MIN_FREE_BYTES.defaultText(),
                TableOptions.check(TableOption.DISK_MIN_FREE_BYTES),
                Importance.MEDIUM,
                "Below this many free bytes on the archive's disk the task pauses its partitions. It goes on by itself"
                        + " when there is space again.");
    }

    private void kafka() {
        begin("Kafka");
        add(
                FirnSinkConfig.TOPIC_RECREATED,
                ConfigDef.Type.STRING,
                "fail",
                ConfigRules.choices(FirnSinkConfig.TopicRecreated.class),
                Importance.MEDIUM,
                "The topic was deleted and made again, or lost offsets that are archived: fail ends the task;"
                        + " new-generation archives the new topic beside the old one, from its beginning.");
        add(
                FirnSinkConfig.OFFSET_GAP,
                ConfigDef.Type.STRING,
                "record",
                ConfigRules.choices(FirnSinkConfig.OffsetGap.class),
                Importance.MEDIUM,
                "The broker deleted records before they were archived: record notes the gap in the archive and goes on;"
                        + " fail ends the task (needs " + FirnSinkConfig.SOURCE_SERVERS + ").");
        add(
                FirnSinkConfig.SOURCE_SERVERS,
                ConfigDef.Type.STRING,
                null,
                null,
                Importance.MEDIUM,
                "Brokers of the cluster that the records come from. Optional: Connect does not tell a task the ids of"
                        + " cluster and topic; with this the task asks for them, stores them with the archive, and"
                        + " sees a topic that was made again even when it has grown longer than the archive. Further"
                        + " settings of this client (security.protocol, sasl.*, ssl.*) take the same prefix source.");
        CaptureOptions.define(def, group, order + 1);
    }

    private void registry() {
        begin("Schema registry");
        order = RegistryConfig.define(def, Importance.MEDIUM, group, order);
        add(
                FirnSinkConfig.SCHEMA_CAPTURE,
                ConfigDef.Type.STRING,
                "both",
                ConfigRules.choices(FirnSinkConfig.SchemaCaptures.class),
                Importance.MEDIUM,
                "Where schema.registry.url is set: which parts of the records (both, key, value, off) have the schemas"
                        + " whose ids they carry kept with the archive, and what those refer to, before the records"
                        + " are committed. A source can then register them elsewhere (schema.id.remap).");
    }

    private void series() {
        begin("Series");
        for (SeriesOptions.Own own : SeriesOptions.Own.values()) {
            add(
                    own.key(),
                    ConfigDef.Type.STRING,
                    own.defaultText(),
                    SeriesOptions.check(own),
                    Importance.MEDIUM,
                    own.documentation());
        }
        for (SeriesOption option : SeriesOptions.ofStore()) {
            add(
                    SeriesOptions.PREFIX + option.key(),
                    ConfigDef.Type.STRING,
                    SeriesOptions.defaultText(option),
                    SeriesOptions.check(option),
                    Importance.LOW,
                    option.documentation());
        }
    }

    private void lifecycle() {
        begin("Lifecycle");
        add(
                FirnSinkConfig.LIFECYCLE_MODE,
                ConfigDef.Type.STRING,
                "on-commit",
                ConfigRules.choices(FirnSinkConfig.LifecycleMode.class),
                Importance.MEDIUM,
                "on-commit settles and compresses in the background after commits, one task at a time per table; off"
                        + " leaves that to another process (firn settle, firn compress). Records and commits never"
                        + " wait for it.");
        add(
                FirnSinkConfig.LIFECYCLE_THREADS,
                ConfigDef.Type.INT,
                1,
                ConfigRules.between(1, MAX_LIFECYCLE_THREADS),
                Importance.LOW,
                "Background threads of a table in a task.");
        add(
                FirnSinkConfig.LIFECYCLE_INTERVAL,
                ConfigDef.Type.LONG,
                60_000L,
                ConfigRules.interval(MIN_LIFECYCLE_INTERVAL_MS),
                Importance.LOW,
                "Milliseconds between two looks at a table without commits.");
        add(
                FirnSinkConfig.LIFECYCLE_RATE,
                ConfigDef.Type.STRING,
                "-1",
                ConfigRules.parsedBy("-1 or a size like 20MiB", LifecycleOptions.defaults()::withBytesPerSecond),
                Importance.LOW,
                "Bytes that settling and compressing of one table read and write in a second, for example 20MiB; -1 is"
                        + " no limit. What is read back to be verified and space that is reserved count, too.");
    }

    private void tables() {
        begin("Table");
        for (TableOption option : TableOptions.all()) {
            add(
                    option.key(),
                    ConfigDef.Type.STRING,
                    option.defaultText(),
                    TableOptions.check(option),
                    Importance.LOW,
                    option.documentation());
        }
    }

    private void internal() {
        for (String name : List.of(FirnSinkConfig.ARCHIVE_ID, FirnSinkConfig.CONNECTOR_HOST, FirnSinkConfig.TASK)) {
            def.defineInternal(name, ConfigDef.Type.STRING, "", Importance.LOW);
        }
        def.defineInternal(FirnSinkConfig.TASKS, ConfigDef.Type.INT, 1, Importance.LOW);
    }

    /** A table name, usually with the topic in it. */
    private static Validator tableTemplate() {
        return ConfigRules.rule(
                "a name with ${topic} in it",
                value -> TABLE_TEMPLATE.matcher(value.toString()).matches()
                        && !value.toString().matches("\\.{0,2}"),
                "use letters, digits, '.', '_', '-' and at most one ${topic}");
    }

    private void begin(String title) {
        group = title;
        order = 0;
    }

    private void add(
            String name,
            ConfigDef.Type type,
            @Nullable Object defaultValue,
            @Nullable Validator check,
            Importance importance,
            String documentation) {
        def.define(name, type, defaultValue, check, importance, documentation, group, ++order, Width.MEDIUM, name);
    }
}
