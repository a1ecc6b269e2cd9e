package io.firn.flink.table;

import io.firn.partition.PartitionField;
import io.firn.partition.PartitionType;
import io.firn.partition.PartitionValues;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Writes conditions on partition fields as {@link io.firn.partition.PartitionFilter#parse} reads them. No state. */
final class FilterText {
    /** A filter of eight such lists stays below the limit of a filter's text. */
    private static final int MAX_LIST_CHARS = 4000;

    private FilterText() {}

    /** A field compared to a value. */
    static String comparison(PartitionField field, String operator, Object value) {
        return field.name() + " " + operator + " " + quoted(field.type(), value);
    }

    /** A field that is null. */
    static String isNull(PartitionField field) {
        return field.name() + " is null";
    }

    /** A field with one of some values. */
    static String in(PartitionField field, Collection<?> values) {
        return values.stream()
                .map(value -> quoted(field.type(), value))
                .collect(Collectors.joining(", ", field.name() + " in (", ")"));
    }

    /** For each field a condition that its values in some partitions meet: a list, or a range if that is too long. */
    static List<String> around(List<PartitionField> fields, Collection<PartitionValues> partitions) {
        List<String> conditions = new ArrayList<>();
        for (PartitionField field : fields) {
            List<@Nullable Object> values = new ArrayList<>();
            partitions.forEach(partition -> values.add(partition.get(field.name())));
            if (values.stream().allMatch(Objects::isNull)) {
                conditions.add(isNull(field));
            } else if (values.stream().noneMatch(Objects::isNull)) {
                conditions.add(around(field, new TreeSet<>(values)));
            }
        }
        return conditions;
    }

    private static String around(PartitionField field, SortedSet<?> values) {
        String list = in(field, values);
        return list.length() <= MAX_LIST_CHARS
                ? list
                : field.name() + " between " + quoted(field.type(), values.first()) + " and "
                        + quoted(field.type(), values.last());
    }

    private static String quoted(PartitionType type, Object value) {
        return "'" + type.format(value).replace("'", "''") + "'";
    }
}
