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
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The scheme of the archived table, checked against the columns of {@code PARTITIONED BY}, and what its partitions
 * hold. Thread-safe.
 */
final class ArchivedPartitions {
    private static final int LAST_YEAR_OF_SQL = 9999;

    private final TableLocation location;
    private final PartitionScheme scheme;
    private final List<PartitionColumn> columns;
    private final Map<String, PartitionField> fields = new LinkedHashMap<>();
    private @Nullable List<PartitionSummary> listed;

    private ArchivedPartitions(TableDeclaration declaration, PartitionScheme scheme) {
        this.location = declaration.location();
        this.scheme = scheme;
        this.columns = declaration.partitionColumns();
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

    /** What the partitions hold, all of them listed once for a query. */
    synchronized List<PartitionSummary> list() {
        List<PartitionSummary> all = listed;
        if (all == null) {
            all = summarize(ScanChoice.ALL);
            listed = all;
        }
        return all;
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

    /**
     * Whether Flink's planner can prune partitions: it reads their values from texts, and takes a day outside of the
     * years 1 to 9999 for null.
     */
    boolean canBePruned() {
        boolean hasDays = columns.stream().anyMatch(column -> column.type() == PartitionColumnType.DATE);
        return !hasDays || !location.isReadable() || list().stream().allMatch(partition -> isPlain(partition.values()));
    }

    private boolean isPlain(PartitionValues values) {
        return columns.stream()
                .map(column -> values.get(column.name()))
                .noneMatch(value ->
                        value instanceof LocalDate day && (day.getYear() < 1 || day.getYear() > LAST_YEAR_OF_SQL));
    }

    /**
     * The columns' values of a partition as Flink's planner writes them.
     *
     * @throws ConfigException when a column cannot hold its value
     */
    Map<String, String> spec(PartitionValues values) {
        columns.forEach(column -> RowDeserializer.columnOf(values, column));
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
