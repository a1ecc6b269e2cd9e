package io.firn.flink.table;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;
import org.apache.flink.table.api.DataTypes;
import org.apache.flink.table.types.DataType;

/** What SQL can read of a record beside its value, and which of it a sink can write. Thread-safe. */
enum RecordMetadata {
    /** Timestamp of the record in milliseconds; of a record in nanoseconds what is left of them. */
    TIMESTAMP("timestamp", DataTypes.TIMESTAMP_LTZ(3), true),
    /** The same in nanoseconds since the epoch. */
    TIMESTAMP_NS("timestamp_ns", DataTypes.BIGINT(), true),
    /** The key. */
    KEY("key", DataTypes.BYTES(), true),
    /** The headers in order; an array, because their names may repeat. */
    HEADERS(
            "headers",
            DataTypes.ARRAY(DataTypes.ROW(
                    DataTypes.FIELD("key", DataTypes.STRING()), DataTypes.FIELD("value", DataTypes.BYTES()))),
            true),
    /** The application's type id. */
    TYPE("type", DataTypes.INT(), true),
    /** Name of the writer that appended the record. */
    WRITER("writer", DataTypes.STRING(), false),
    /** The record's number of its writer. */
    SEQUENCE("sequence", DataTypes.BIGINT(), false),
    /** The partition's directory. */
    PARTITION("partition", DataTypes.STRING(), false),
    /** How the file is stored that the record was read from: hot or cold. */
    TIER("tier", DataTypes.STRING(), false),
    /** Path of that file below the table's directory. */
    SEGMENT("segment", DataTypes.STRING(), false);

    private final String key;

    @SuppressWarnings("ImmutableEnumChecker") // a DataType never changes
    private final DataType type;

    private final boolean writable;

    RecordMetadata(String key, DataType type, boolean writable) {
        this.key = key;
        this.type = type;
        this.writable = writable;
    }

    /** The name in {@code METADATA FROM}. */
    String key() {
        return key;
    }

    DataType type() {
        return type;
    }

    /** The metadata of a name. */
    static RecordMetadata of(String key) {
        return Arrays.stream(values())
                .filter(metadata -> metadata.key.equals(key))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no metadata '" + key + "'"));
    }

    /** What a source offers. */
    static Map<String, DataType> readable() {
        return types(metadata -> true);
    }

    /** What a sink takes. */
    static Map<String, DataType> writable() {
        return types(metadata -> metadata.writable);
    }

    private static Map<String, DataType> types(Predicate<RecordMetadata> wanted) {
        Map<String, DataType> types = new LinkedHashMap<>();
        Arrays.stream(values()).filter(wanted).forEach(metadata -> types.put(metadata.key, metadata.type));
        return types;
    }
}
