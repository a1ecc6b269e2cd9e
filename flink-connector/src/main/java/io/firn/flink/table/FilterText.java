package io.firn.flink.table;

import io.firn.partition.PartitionField;
import io.firn.partition.PartitionType;
import io.firn.partition.PartitionValues;
import java.nio.charset.StandardCharsets;
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
    /** Eight such lists, one for each field a scheme can have, are half of what a filter's text may hold. */
    private static final int MAX_LIST_BYTES = 4000;
    /** The other half is for the conditions of a query. */
    private static final int MAX_CONDITIONS_BYTES = 32_000;

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
        return bytes(list) <= MAX_LIST_BYTES
                ? list
                : field.name() + " between " + quoted(field.type(), values.first()) + " and "
                        + quoted(field.type(), values.last());
    }

    /** Whether conditions are short enough for a filter; Flink applies what is not. */
    static boolean fits(Collection<String> conditions) {
        return conditions.stream().mapToInt(FilterText::bytes).sum() <= MAX_CONDITIONS_BYTES;
    }

    private static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    private static String quoted(PartitionType type, Object value) {
        return "'" + type.format(value).replace("'", "''") + "'";
    }
}
