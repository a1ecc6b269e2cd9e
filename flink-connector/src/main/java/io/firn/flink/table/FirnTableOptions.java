package io.firn.flink.table;

import static org.apache.flink.configuration.ConfigOptions.key;

import io.firn.flink.sink.LifecycleSettings;
import io.firn.flink.sink.RestoreOlder;
import io.firn.table.TableOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ReadableConfig;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.table.factories.FactoryUtil;

/** The options of a SQL table, beside those that a table stores ({@link TableOption}). Thread-safe; no state. */
public final class FirnTableOptions {
    /** The archive's root. */
    public static final ConfigOption<String> PATH = key("path")
            .stringType()
            .noDefaultValue()
            .withDescription("Root of the archive: an absolute path or a file: URI, the same on every host.");

    /** The archived table. */
    public static final ConfigOption<String> TABLE = key("table")
            .stringType()
            .noDefaultValue()
            .withDescription("Name of the table below the root; default the name of the SQL table.");

    /** The archive's identity. */
    public static final ConfigOption<String> ARCHIVE_ID = key("archive.id")
            .stringType()
            .defaultValue("")
            .withDescription("Id that the archive must have, so that a host with an empty disk fails.");

    /** How files are accessed. */
    public static final ConfigOption<String> IO_MODE = key("io.mode")
            .stringType()
            .defaultValue("auto")
            .withDescription(
                    "How files are accessed: auto (written from a buffer, read memory-mapped on local file systems),"
                            + " mmap (mapped for both) or channel (never mapped, for network file systems).");

    /** What is known of a network file system. */
    public static final ConfigOption<String> SHARED_FS = key("shared.fs")
            .stringType()
            .defaultValue("")
            .withDescription("coherent: several hosts may write to this network file system.");

    /** Which columns are in the value. */
    public static final ConfigOption<ValueFields> VALUE_FIELDS_INCLUDE = key("value.fields-include")
            .enumType(ValueFields.class)
            .noDefaultValue()
            .withDescription("Columns that the format finds in a record's value: all, or except-partition."
                    + " Default all, for format raw except-partition.");

    /** Whether a scan ends. */
    public static final ConfigOption<ScanMode> SCAN_MODE = key("scan.mode")
            .enumType(ScanMode.class)
            .defaultValue(ScanMode.BOUNDED)
            .withDescription("bounded: a scan ends with what is committed when it starts; unbounded: it goes on.");

    /** How many rows a record makes. */
    public static final ConfigOption<RowsPerRecord> SCAN_ROWS_PER_RECORD = key("scan.rows-per-record")
            .enumType(RowsPerRecord.class)
            .noDefaultValue()
            .withDescription("one: every record is a row, so that rows are counted without reading them; any: what the"
                    + " format makes. Default one, for formats of changes and with ignore-parse-errors any.");

    /** The sink's identity. */
    public static final ConfigOption<String> SINK_ID = key("sink.id")
            .stringType()
            .noDefaultValue()
            .withDescription("Names the sink: the same whenever the job is started again, used by no other INSERT."
                    + " Needed in streaming mode; in batch mode each INSERT gets one of its own.");

    /** The sink's promise. */
    public static final ConfigOption<DeliveryGuarantee> SINK_DELIVERY_GUARANTEE = key("sink.delivery-guarantee")
            .enumType(DeliveryGuarantee.class)
            .defaultValue(DeliveryGuarantee.EXACTLY_ONCE)
            .withDescription("What is promised of every row: exactly-once, at-least-once or none.");

    /** Restores from old checkpoints. */
    public static final ConfigOption<RestoreOlder> RESTORE_OLDER = key("restore.older")
            .enumType(RestoreOlder.class)
            .defaultValue(RestoreOlder.APPEND)
            .withDescription(
                    "After a restore from an older checkpoint than the latest: append, fail or rollback (the last two"
                            + " under exactly-once only).");

    /** Rewriting by the job. */
    public static final ConfigOption<LifecycleMode> LIFECYCLE_MODE = key("lifecycle.mode")
            .enumType(LifecycleMode.class)
            .defaultValue(LifecycleMode.OFF)
            .withDescription("on-commit: the job settles and compresses after completed checkpoints; or off.");

    /** Rewrites at a time. */
    public static final ConfigOption<Integer> LIFECYCLE_THREADS = key("lifecycle.threads")
            .intType()
            .defaultValue(LifecycleSettings.defaults().threads())
            .withDescription("Rewrites at a time.");

    /** Time between looks. */
    public static final ConfigOption<Long> LIFECYCLE_INTERVAL_MS = key("lifecycle.interval.ms")
            .longType()
            .defaultValue(LifecycleSettings.defaults().interval().toMillis())
            .withDescription("Milliseconds between looks at the table without a checkpoint.");

    /** Limit of rewriting. */
    public static final ConfigOption<String> LIFECYCLE_BYTES_PER_SECOND = key("lifecycle.bytes.per.second")
            .stringType()
            .defaultValue("")
            .withDescription("Limit of bytes that are read and written each second, for example 20MiB; default none.");

    private static final List<ConfigOption<String>> TABLE_OPTIONS = Arrays.stream(TableOption.values())
            .map(option -> key(option.key()).stringType().noDefaultValue().withDescription(option.documentation()))
            .toList();

    private FirnTableOptions() {}

    /** The text of an option's value: {@code on-commit} for {@code ON_COMMIT}. */
    static String text(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Every option that may be left out. */
    static Set<ConfigOption<?>> optional() {
        Set<ConfigOption<?>> options = new LinkedHashSet<>(List.of(
                TABLE,
                ARCHIVE_ID,
                IO_MODE,
                SHARED_FS,
                VALUE_FIELDS_INCLUDE,
                SCAN_MODE,
                SCAN_ROWS_PER_RECORD,
                FactoryUtil.SOURCE_PARALLELISM,
                SINK_ID,
                SINK_DELIVERY_GUARANTEE,
                RESTORE_OLDER,
                FactoryUtil.SINK_PARALLELISM,
                LIFECYCLE_MODE,
                LIFECYCLE_THREADS,
                LIFECYCLE_INTERVAL_MS,
                LIFECYCLE_BYTES_PER_SECOND));
        options.addAll(TABLE_OPTIONS);
        return options;
    }

    /** The options of the archived table that are set. */
    static Map<String, String> tableOptions(ReadableConfig config) {
        Map<String, String> set = new HashMap<>();
        for (ConfigOption<String> option : TABLE_OPTIONS) {
            config.getOptional(option).ifPresent(value -> set.put(option.key(), value));
        }
        return set;
    }

    /** How the job rewrites. */
    static LifecycleSettings lifecycle(ReadableConfig config) {
        return LifecycleSettings.defaults()
                .withThreads(config.get(LIFECYCLE_THREADS))
                .withInterval(Duration.ofMillis(config.get(LIFECYCLE_INTERVAL_MS)))
                .withBytesPerSecond(config.get(LIFECYCLE_BYTES_PER_SECOND));
    }
}
