package io.firn.table;

import io.firn.error.ConfigException;
import java.util.Optional;

/**
 * Every option that belongs to a table: its name, type, default, limits and meaning. The one list from which parsers,
 * connector configurations and documentation are made. Thread-safe.
 */
public enum TableOption {
    /** Size of a segment. */
    SEGMENT_SIZE("segment.size", OptionType.SIZE, "64MiB", "4KiB", "2147483647", "Size of a segment before it rolls."),
    /** Records per index entry. */
    INDEX_STRIDE("index.stride", OptionType.COUNT, "100", "1", "1000000", "Records per entry of the sparse index."),
    /** Order of partitions. */
    VALIDATE_PARTITION_ORDER(
            "validate.partition.order",
            OptionType.FLAG,
            "true",
            "Whether writers look for records of an earlier partition than their newest one. A rolling writer then"
                    + " refuses them unless late.data.policy is route; other writers do what late.data.policy says."),
    /** Policy of compression. */
    COMPRESSION_POLICY(
            "compression.policy",
            OptionType.TEXT,
            "idle-after",
            "When a sealed segment is compressed: never, immediate, idle-after, age-after, size-threshold or a class."),
    /** Time of the policy. */
    COMPRESSION_AFTER(
            "compression.after",
            OptionType.DURATION,
            "7d",
            "How long idle-after and age-after wait, for example 7d, 12h, 30m, 10s or 500ms."),
    /** Size of the policy. */
    COMPRESSION_THRESHOLD_BYTES(
            "compression.threshold.bytes",
            OptionType.OPTIONAL_SIZE,
            "-1",
            "Size above which size-threshold compresses; needed for that policy."),
    /** Reads of the policy. */
    COMPRESSION_TRACK_READS(
            "compression.track.reads",
            OptionType.FLAG,
            "true",
            "Whether reading a segment starts the time of idle-after again; needs track.access."),
    /** Level of compression. */
    COMPRESSION_LEVEL("compression.level", OptionType.COUNT, "3", "1", "22", "Level of zstd: 1 is fast, 22 is small."),
    /** Blocks of compression. */
    COMPRESSION_BLOCK_SIZE(
            "compression.block.size",
            OptionType.SIZE,
            "1MiB",
            "4KiB",
            "256MiB",
            "Uncompressed bytes that are compressed together; a random read decompresses one block."),
    /** Access log. */
    TRACK_ACCESS("track.access", OptionType.FLAG, "true", "Whether reads are recorded in .access_log."),
    /** Late records. */
    LATE_DATA_POLICY(
            "late.data.policy",
            OptionType.TEXT,
            "allow",
            "Records of an earlier partition than the newest one of their writer: allow stores them in it, reject"
                    + " refuses them, route stores them in the partition that has null in its time fields."),
    /** Settling. */
    SETTLE_MIN_BYTES(
            "settle.min.bytes",
            OptionType.SIZE,
            "1MiB",
            "0",
            Long.MAX_VALUE + "",
            "Hot bytes of a partition, over all writers, from which they are settled into it."),
    /** Rolling by time. */
    HOT_ROLL_MS(
            "hot.roll.ms",
            OptionType.MILLIS,
            "600000",
            "1",
            Long.MAX_VALUE + "",
            "Age at which a hot segment with committed data rolls, also when idle: milliseconds, or 10m, 1h."),
    /** Unsettled bytes. */
    HOT_MAX_BYTES(
            "hot.max.bytes", OptionType.SIZE, "1GiB", "0", Long.MAX_VALUE + "", "Most bytes that stay unsettled."),
    /** Compaction by itself. */
    COMPACT_MIN_FILES(
            "compact.min.files",
            OptionType.COUNT,
            "0",
            "0",
            "64",
            "Small files of a partition from which the lifecycle makes one by itself, a file being small up to half a"
                    + " segment.size; 0 leaves it to firn compact."),
    /** Reserved bytes. */
    RESERVE_BYTES_MAX(
            "reserve.bytes.max",
            OptionType.SIZE,
            "1GiB",
            "64KiB",
            Long.MAX_VALUE + "",
            "Most bytes that are reserved ahead of the writers of this process."),
    /** Free space. */
    DISK_MIN_FREE_BYTES(
            "disk.min.free.bytes",
            OptionType.SIZE,
            "1GiB",
            "0",
            Long.MAX_VALUE + "",
            "Free space below which adapters pause and compression is deferred."),
    /** Retention by time. */
    RETENTION_MS(
            "retention.ms",
            OptionType.OPTIONAL_MILLIS,
            "-1",
            "Age at which data expires: milliseconds, or 30d, 12h; -1 keeps it."),
    /** Retention by size. */
    RETENTION_BYTES(
            "retention.bytes", OptionType.OPTIONAL_SIZE, "-1", "Size of the table above which the oldest expires."),
    /** Mapping. */
    PARTITION_FIELDS(
            "partition.fields",
            OptionType.TEXT,
            "",
            "Partition of a record: list of name:type=source. Cannot be changed later."),
    /** Missing fields. */
    PARTITION_MISSING_FIELD(
            "partition.missing.field",
            OptionType.TEXT,
            "fail",
            "Records without a partition field: null, errant or fail.");

    private final String key;
    private final OptionType type;
    private final String defaultText;
    private final String lowest;
    private final String highest;
    private final String documentation;

    TableOption(String key, OptionType type, String defaultText, String documentation) {
        this(key, type, defaultText, "-1", Long.MAX_VALUE + "", documentation);
    }

    TableOption(String key, OptionType type, String defaultText, String lowest, String highest, String documentation) {
        this.key = key;
        this.type = type;
        this.defaultText = defaultText;
        this.lowest = lowest;
        this.highest = highest;
        this.documentation = documentation;
    }

    /** The option's name, for example {@code segment.size}. */
    public String key() {
        return key;
    }

    /** The default as text. */
    public String defaultText() {
        return defaultText;
    }

    /** One sentence about it. */
    public String documentation() {
        return documentation;
    }

    /** Whether it can be changed after the table was created. */
    public boolean isMutable() {
        return this != PARTITION_FIELDS;
    }

    /** Finds an option by its name. */
    public static Optional<TableOption> find(String key) {
        for (TableOption option : values()) {
            if (option.key.equals(key)) {
                return Optional.of(option);
            }
        }
        return Optional.empty();
    }

    /**
     * Reads a value and checks its limits.
     *
     * @throws ConfigException quoting the value and naming the remedy
     */
    Object parse(String text) {
        try {
            Object value = type.parse(text.strip());
            if (value instanceof Long number) {
                checkLimits(number);
            }
            return value;
        } catch (ConfigException invalid) {
            throw invalid(text, String.valueOf(invalid.getMessage()));
        }
    }

    private void checkLimits(long number) {
        if (number < (Long) type.parse(lowest) || number > (Long) type.parse(highest)) {
            throw new ConfigException("use " + lowest + " to " + highest);
        }
    }

    ConfigException invalid(String text, String remedy) {
        return new ConfigException("Invalid value '" + text + "' for '" + key + "': " + remedy + " (default "
                + (defaultText.isEmpty() ? "none" : defaultText) + ").");
    }

    /** The text of a value, read back by {@link #parse}. */
    String format(Object value) {
        return type.format(value);
    }
}
