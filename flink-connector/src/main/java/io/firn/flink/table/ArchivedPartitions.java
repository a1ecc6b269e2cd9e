package io.firn.flink.table;

import io.firn.error.ConfigException;
import io.firn.flink.TableLocation;
import io.firn.partition.PartitionField;
import io.firn.partition.PartitionFilter;
import io.firn.partition.PartitionScheme;
import io.firn.partition.PartitionType;
import io.firn.partition.PartitionValues;
import io.firn.table.PartitionSummary;
import io.firn.table.Table;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The scheme of the archived table, checked against the columns of {@code PARTITIONED BY}, and what its partitions
 * hold. Thread-safe.
 */
final class ArchivedPartitions {
    private final TableLocation location;
    private final PartitionScheme scheme;
    private final Map<String, PartitionField> fields = new LinkedHashMap<>();

    private ArchivedPartitions(TableDeclaration declaration, PartitionScheme scheme) {
        this.location = declaration.location();
        this.scheme = scheme;
        for (PartitionColumn column : declaration.partitionColumns()) {
            PartitionField field = scheme.fields().stream()
                    .filter(each -> each.name().equals(column.name()))
                    .findFirst()
                    .orElseThrow(() -> new ConfigException(declaration.name() + " is PARTITIONED BY '" + column.name()
                            + "', but " + location.path() + "/" + location.table() + " is partitioned by ["
                            + scheme.describe() + "]; declare columns with the names of its fields, or none"));
            if (!column.type().reads(field.type())) {
                throw new ConfigException("Partition column '" + column.name() + "' of " + declaration.name()
                        + " is " + column.type() + ", but the archived field is "
                        + field.type().text() + "; declare it as "
                        + suitable(field.type()));
            }
            fields.put(column.name(), field);
        }
    }

    /** Looks at the archived table; one that is not there yet will be as the columns say. */
    static ArchivedPartitions of(TableDeclaration declaration) {
        if (!declaration.location().isReadable()) {
            return new ArchivedPartitions(declaration, PartitionScheme.parse(declaration.describeScheme()));
        }
        try (Table table = declaration.location().open()) {
            return new ArchivedPartitions(declaration, table.scheme());
        }
    }

    private static String suitable(PartitionType type) {
        return switch (type) {
            case STRING, HOUR, MINUTE -> "STRING";
            case INT -> "BIGINT or INT";
            case DATE -> "DATE";
        };
    }

    PartitionScheme scheme() {
        return scheme;
    }

    /** The partition fields of the columns. */
    Map<String, PartitionField> fields() {
        return fields;
    }

    /** What the partitions of a choice hold. */
    List<PartitionSummary> summarize(ScanChoice choice) {
        return summarize(location, choice);
    }

    /** What the partitions of a choice hold that takes or leaves partitions as a whole. */
    static List<PartitionSummary> summarize(TableLocation location, ScanChoice choice) {
        try (Table table = location.open()) {
            PartitionFilter filter = PartitionFilter.parse(choice.where(), table.scheme());
            return table.summarize(filter).stream()
                    .filter(summary -> choice.partitions() == null
                            || choice.partitions().contains(summary.values().toPath()))
                    .toList();
        }
    }

    /** The columns' values of a partition as Flink's planner writes them. */
    Map<String, String> spec(PartitionValues values) {
        Map<String, String> texts = PartitionTexts.of(values);
        Map<String, String> spec = new LinkedHashMap<>();
        fields.keySet().forEach(name -> spec.put(name, texts.get(name)));
        return spec;
    }

    /** Restricts a choice to partitions that the planner has left. */
    ScanChoice restrict(ScanChoice choice, List<PartitionValues> partitions) {
        return choice.ofPartitions(
                partitions.stream().map(PartitionValues::toPath).collect(Collectors.toSet()),
                FilterText.around(List.copyOf(fields.values()), partitions));
    }
}
