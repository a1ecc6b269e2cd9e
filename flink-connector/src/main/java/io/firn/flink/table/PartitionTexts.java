package io.firn.flink.table;

import io.firn.partition.PartitionField;
import io.firn.partition.PartitionValues;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Partition values as the texts that Flink's planner and catalogs use. Thread-safe; no state. */
final class PartitionTexts {
    /** What {@code SHOW PARTITIONS} says for null, as in Hive and in the directory's name. */
    static final String NULL = "__HIVE_DEFAULT_PARTITION__";

    private PartitionTexts() {}

    /** The texts by name in the order of the scheme; null for null. */
    static Map<String, @Nullable String> of(PartitionValues values) {
        Map<String, @Nullable String> texts = new LinkedHashMap<>();
        for (PartitionField field : values.scheme().fields()) {
            Object value = values.get(field.name());
            texts.put(field.name(), value == null ? null : field.type().format(value));
        }
        return texts;
    }
}
