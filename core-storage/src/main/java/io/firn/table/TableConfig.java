package io.firn.table;

import io.firn.error.ConfigException;
import io.firn.partition.MissingFieldPolicy;
import io.firn.partition.PartitionMapping;
import io.firn.partition.PartitionScheme;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The options of a table, stored with it; {@link TableOption} documents each.
 *
 * <p>Options that a newer version stored and this one does not know are kept. Immutable; thread-safe.
 */
public final class TableConfig {
    private static final String OVERRIDE_PREFIX = "firn.table.";

    private final Map<TableOption, Object> values;
    private final CompressionPolicy compressionPolicy;
    private final LateDataPolicy lateDataPolicy;
    private final MissingFieldPolicy missingField;
    private final @Nullable PartitionMapping partitionMapping;
    private final Map<String, String> unknown;

    private TableConfig(Builder builder) {
        this.values = new EnumMap<>(TableOption.class);
        for (TableOption option : TableOption.values()) {
            Object given = builder.values.get(option);
            values.put(option, given == null ? option.parse(option.defaultText()) : given);
        }
        this.unknown = Collections.unmodifiableMap(new TreeMap<>(builder.unknown));
        boolean trackReads = flag(TableOption.COMPRESSION_TRACK_READS);
        if (!trackAccess() && builder.values.get(TableOption.COMPRESSION_TRACK_READS) == null) {
            trackReads = false;
            values.put(TableOption.COMPRESSION_TRACK_READS, false);
        }
        CompressionPolicy given = builder.policy;
        this.compressionPolicy = given == null ? TablePolicies.fromOptions(values, trackReads) : given;
        this.lateDataPolicy = readLateDataPolicy();
        this.missingField = MissingFieldPolicy.parse((String) value(TableOption.PARTITION_MISSING_FIELD));
        String mapping = (String) value(TableOption.PARTITION_FIELDS);
        this.partitionMapping =
                mapping.isEmpty() ? null : PartitionMapping.parse(mapping).withMissingField(missingField);
        refuseReadsWithoutTracking();
    }

    private void refuseReadsWithoutTracking() {
        if (compressionPolicy instanceof CompressionPolicy.IdleAfter idle && idle.trackReads() && !trackAccess()) {
            throw new ConfigException(
                    "Invalid value 'true' for 'compression.track.reads': reads are not recorded because"
                            + " 'track.access' is false; set track.access=true or compression.track.reads=false.");
        }
    }

    /** The defaults. */
    public static TableConfig defaults() {
        return builder().build();
    }

    /** Starts from the defaults. */
    public static Builder builder() {
        return new Builder();
    }

    /** Starts from this configuration. */
    public Builder toBuilder() {
        Builder builder = new Builder();
        builder.values.putAll(values);
        builder.unknown.putAll(unknown);
        return builder.compressionPolicy(compressionPolicy);
    }

    /**
     * Reads the options of one table from the properties of a connector, a job or a command line. Keys that are no
     * table options are left alone; {@code firn.table.<table>.<option>} goes before {@code <option>}.
     *
     * @throws ConfigException when a value is invalid, or a {@code firn.table.} key names no option
     */
    public static TableConfig fromProperties(Map<String, String> properties, String table) {
        return new Builder().setAll(properties, table).build();
    }

    /**
     * This configuration with the options that the properties of a connector, a job or a command line name; those that
     * they do not name stay as they are. Keys as in {@link #fromProperties(Map, String)}.
     *
     * @throws ConfigException when a value is invalid, or a {@code firn.table.} key names no option
     */
    public TableConfig withProperties(Map<String, String> properties, String table) {
        Builder builder = toBuilder().setAll(properties, table);
        boolean namesReads = text(properties, table, TableOption.COMPRESSION_TRACK_READS) != null;
        if (!namesReads && text(properties, table, TableOption.TRACK_ACCESS) != null) {
            builder.values.remove(TableOption.COMPRESSION_TRACK_READS); // its default follows track.access
        }
        return builder.build();
    }

    private static @Nullable String text(Map<String, String> properties, String table, TableOption option) {
        String override = properties.get(OVERRIDE_PREFIX + table + "." + option.key());
        return override == null ? properties.get(option.key()) : override;
    }

    /** Reads options that belong to no table in particular; see {@link #fromProperties(Map, String)}. */
    public static TableConfig fromProperties(Map<String, String> properties) {
        return fromProperties(properties, "");
    }

    private static void checkOverride(String key) {
        if (!key.startsWith(OVERRIDE_PREFIX)) {
            return;
        }
        for (TableOption option : TableOption.values()) {
            if (key.length() > OVERRIDE_PREFIX.length() + option.key().length() + 1
                    && key.endsWith("." + option.key())) {
                return;
            }
        }
        throw new ConfigException(
                "Unknown option '" + key + "'; write firn.table.<table>.<option> with one of the table"
                        + " options, for example firn.table.flights.segment.size.");
    }

    /** Reads what {@link #toProperties} wrote, also by a newer version. */
    static TableConfig fromStored(Map<String, String> stored) {
        Builder builder = new Builder();
        stored.forEach((key, text) -> TableOption.find(key)
                .ifPresentOrElse(option -> builder.set(option, text), () -> builder.unknown.put(key, text)));
        return builder.build();
    }

    /** Every option with its value as text, in the order of {@link TableOption}, unknown ones last. */
    public Map<String, String> toProperties() {
        Map<TableOption, Object> all = new EnumMap<>(values);
        TablePolicies.toOptions(compressionPolicy, all);
        Map<String, String> texts = new LinkedHashMap<>();
        all.forEach((option, value) -> texts.put(option.key(), option.format(value)));
        texts.putAll(unknown);
        return texts;
    }

    /** Refuses a change of options that can never be changed. */
    void checkChangeTo(TableConfig next) {
        for (TableOption option : TableOption.values()) {
            if (!option.isMutable() && !value(option).equals(next.value(option))) {
                throw new ConfigException("Option '" + option.key() + "' cannot be changed from '" + value(option)
                        + "' to '" + next.value(option) + "' after the table was created; create another table.");
            }
        }
    }

    /** Refuses options that need partitions where there are none. */
    void checkFits(PartitionScheme scheme) {
        if (scheme.isUnpartitioned() && validatePartitionOrder() && lateDataPolicy != LateDataPolicy.ALLOW) {
            throw TableOption.LATE_DATA_POLICY.invalid(
                    lateDataPolicy.text(),
                    "a table without partition fields has no order in which a record could be late; divide it by a"
                            + " date, hour or minute field, or leave the option out");
        }
    }

    /** What is allowed but probably not meant; for {@code validate} and logs. */
    public List<String> warnings() {
        List<String> warnings = new ArrayList<>();
        if (compressionPolicy instanceof CompressionPolicy.SizeThreshold size
                && size.thresholdBytes() > segmentSizeBytes()) {
            warnings.add("'compression.threshold.bytes' " + size.thresholdBytes() + " is larger than 'segment.size' "
                    + segmentSizeBytes() + ": no segment will ever be compressed");
        }
        if (!validatePartitionOrder() && lateDataPolicy != LateDataPolicy.ALLOW) {
            warnings.add("'late.data.policy' " + lateDataPolicy.text() + " has no effect: 'validate.partition.order' is"
                    + " false, so that no record is late");
        }
        return warnings;
    }

    /** Size at which a segment rolls, bytes. */
    public long segmentSizeBytes() {
        return number(TableOption.SEGMENT_SIZE);
    }

    /** Records per entry of the sparse index. */
    public int indexStride() {
        return (int) number(TableOption.INDEX_STRIDE);
    }

    /** Whether writers look for records of an earlier partition than their newest one. */
    public boolean validatePartitionOrder() {
        return flag(TableOption.VALIDATE_PARTITION_ORDER);
    }

    /** When sealed segments are compressed. */
    public CompressionPolicy compressionPolicy() {
        return compressionPolicy;
    }

    /** Level of zstd, 1 to 22. */
    public int compressionLevel() {
        return (int) number(TableOption.COMPRESSION_LEVEL);
    }

    /** Uncompressed size of a compressed block, bytes. */
    public int compressionBlockSizeBytes() {
        return (int) number(TableOption.COMPRESSION_BLOCK_SIZE);
    }

    /** Whether reads are recorded. */
    public boolean trackAccess() {
        return flag(TableOption.TRACK_ACCESS);
    }

    /** What becomes of late records. */
    public LateDataPolicy lateDataPolicy() {
        return lateDataPolicy;
    }

    private LateDataPolicy readLateDataPolicy() {
        String text = (String) value(TableOption.LATE_DATA_POLICY);
        try {
            return LateDataPolicy.parse(text);
        } catch (ConfigException unknownPolicy) {
            throw TableOption.LATE_DATA_POLICY.invalid(text, "use allow, reject or route");
        }
    }

    /** Small files of a partition from which they are compacted by themselves; 0 for never. */
    public int compactMinFiles() {
        return (int) number(TableOption.COMPACT_MIN_FILES);
    }

    /** Hot bytes of a partition from which they are settled. */
    public long settleMinBytes() {
        return number(TableOption.SETTLE_MIN_BYTES);
    }

    /** Age at which a hot segment with committed data rolls, milliseconds. */
    public long hotRollMs() {
        return number(TableOption.HOT_ROLL_MS);
    }

    /** Most bytes that stay unsettled. */
    public long hotMaxBytes() {
        return number(TableOption.HOT_MAX_BYTES);
    }

    /** Most bytes that are reserved ahead. */
    public long reserveBytesMax() {
        return number(TableOption.RESERVE_BYTES_MAX);
    }

    /** Free space below which adapters pause and compression is deferred. */
    public long diskMinFreeBytes() {
        return number(TableOption.DISK_MIN_FREE_BYTES);
    }

    /** Age at which data expires, empty when it is kept for ever. */
    public Optional<Duration> retention() {
        long ms = number(TableOption.RETENTION_MS);
        return ms < 0 ? Optional.empty() : Optional.of(Duration.ofMillis(ms));
    }

    /** Size of the table above which the oldest data expires, empty when there is no limit. */
    public OptionalLong retentionBytes() {
        long bytes = number(TableOption.RETENTION_BYTES);
        return bytes < 0 ? OptionalLong.empty() : OptionalLong.of(bytes);
    }

    /** The mapping that {@code firn append} and adapters use when they are given none; empty when there is none. */
    public Optional<PartitionMapping> partitionMapping() {
        return Optional.ofNullable(partitionMapping).map(PartitionMapping::copy);
    }

    /** What becomes of records without a partition field. */
    public MissingFieldPolicy missingField() {
        return missingField;
    }

    private Object value(TableOption option) {
        Object value = values.get(option);
        return value == null ? option.parse(option.defaultText()) : value;
    }

    private long number(TableOption option) {
        return (Long) value(option);
    }

    private boolean flag(TableOption option) {
        return (Boolean) value(option);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof TableConfig that && toProperties().equals(that.toProperties());
    }

    @Override
    public int hashCode() {
        return toProperties().hashCode();
    }

    @Override
    public String toString() {
        return "TableConfig" + toProperties();
    }

    /** Collects options; {@link #build} validates them together. Confined to one thread. */
    public static final class Builder {
        private final Map<TableOption, Object> values = new EnumMap<>(TableOption.class);
        private final Map<String, String> unknown = new TreeMap<>();
        private @Nullable CompressionPolicy policy;

        private Builder() {}

        /** Sets any option from its text. */
        public Builder set(TableOption option, String text) {
            values.put(option, option.parse(text));
            if (TablePolicies.isPolicyOption(option)) {
                policy = null;
            }
            return this;
        }

        private Builder setAll(Map<String, String> properties, String table) {
            for (TableOption option : TableOption.values()) {
                String text = text(properties, table, option);
                if (text != null) {
                    set(option, text);
                }
            }
            properties.keySet().forEach(TableConfig::checkOverride);
            return this;
        }

        /** Size at which a segment rolls, 4 KiB to 2 GiB - 1. */
        public Builder segmentSizeBytes(long bytes) {
            return set(TableOption.SEGMENT_SIZE, Long.toString(bytes));
        }

        /** Records per entry of the sparse index, 1 to 1,000,000. */
        public Builder indexStride(int records) {
            return set(TableOption.INDEX_STRIDE, Integer.toString(records));
        }

        /** Whether writers look for records of an earlier partition than their newest one. */
        public Builder validatePartitionOrder(boolean validate) {
            return set(TableOption.VALIDATE_PARTITION_ORDER, Boolean.toString(validate));
        }

        /** When sealed segments are compressed. */
        public Builder compressionPolicy(CompressionPolicy compressionPolicy) {
            TablePolicies.toOptions(compressionPolicy, values);
            this.policy = compressionPolicy;
            return this;
        }

        /** Level of zstd, 1 to 22. */
        public Builder compressionLevel(int level) {
            return set(TableOption.COMPRESSION_LEVEL, Integer.toString(level));
        }

        /** Uncompressed size of a compressed block, 4 KiB to 256 MiB. */
        public Builder compressionBlockSizeBytes(int bytes) {
            return set(TableOption.COMPRESSION_BLOCK_SIZE, Integer.toString(bytes));
        }

        /** Whether reads are recorded. */
        public Builder trackAccess(boolean track) {
            return set(TableOption.TRACK_ACCESS, Boolean.toString(track));
        }

        /** The mapping from records to partitions; the table's scheme must be the mapping's. */
        public Builder partitionFields(PartitionMapping mapping) {
            set(TableOption.PARTITION_FIELDS, mapping.describe());
            return set(
                    TableOption.PARTITION_MISSING_FIELD, mapping.missingField().text());
        }

        /** Builds the configuration. */
        public TableConfig build() {
            return new TableConfig(this);
        }
    }
}
