package io.firn.flink.table;

import io.firn.error.ConfigException;
import io.firn.flink.TableLocation;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.flink.configuration.ReadableConfig;
import org.apache.flink.table.connector.Projection;
import org.apache.flink.table.factories.DynamicTableFactory;
import org.apache.flink.table.factories.FactoryUtil;
import org.apache.flink.table.types.DataType;
import org.apache.flink.table.types.logical.RowType;

/**
 * What {@code CREATE TABLE} says, as source and sink need it.
 *
 * @param name the SQL table, for messages
 * @param location the archived table
 * @param physicalType the physical columns
 * @param partitionColumns the columns of {@code PARTITIONED BY} in that order
 * @param valueFields positions of the physical columns that the format encodes
 */
record TableDeclaration(
        String name,
        TableLocation location,
        DataType physicalType,
        List<PartitionColumn> partitionColumns,
        List<Integer> valueFields) {
    private static final String RAW = "raw";

    /** Copies the lists. */
    TableDeclaration {
        partitionColumns = List.copyOf(partitionColumns);
        valueFields = List.copyOf(valueFields);
    }

    static TableDeclaration of(DynamicTableFactory.Context context, ReadableConfig options) {
        String table = options.getOptional(FirnTableOptions.TABLE)
                .orElse(context.getObjectIdentifier().getObjectName());
        TableLocation location = new TableLocation(
                options.get(FirnTableOptions.PATH),
                table,
                options.get(FirnTableOptions.ARCHIVE_ID),
                options.get(FirnTableOptions.IO_MODE),
                options.get(FirnTableOptions.SHARED_FS));
        DataType physical = context.getPhysicalRowDataType();
        List<PartitionColumn> partitions =
                partitionColumns(context.getCatalogTable().getPartitionKeys(), physical);
        return new TableDeclaration(
                context.getObjectIdentifier().asSummaryString(),
                location,
                physical,
                partitions,
                valueFields(options, physical, partitions));
    }

    private static List<PartitionColumn> partitionColumns(List<String> names, DataType physical) {
        RowType row = (RowType) physical.getLogicalType();
        return names.stream()
                .map(name -> {
                    int position = row.getFieldIndex(name);
                    return new PartitionColumn(name, position, PartitionColumnType.of(name, row.getTypeAt(position)));
                })
                .toList();
    }

    private static List<Integer> valueFields(
            ReadableConfig options, DataType physical, List<PartitionColumn> partitions) {
        boolean isRaw = RAW.equals(options.get(FactoryUtil.FORMAT));
        ValueFields include = options.getOptional(FirnTableOptions.VALUE_FIELDS_INCLUDE)
                .orElse(isRaw ? ValueFields.EXCEPT_PARTITION : ValueFields.ALL);
        List<Integer> fields = IntStream.range(0, DataType.getFieldCount(physical))
                .filter(field -> include == ValueFields.ALL
                        || partitions.stream().noneMatch(partition -> partition.position() == field))
                .boxed()
                .toList();
        if (fields.isEmpty()) {
            throw new ConfigException("No column is left for the records' values: all columns are partition columns and"
                    + " 'value.fields-include' is except-partition; use all");
        }
        return fields;
    }

    /** The columns that the format encodes. */
    DataType valueType() {
        return Projection.of(valueFields.stream().mapToInt(Integer::intValue).toArray())
                .project(physicalType);
    }

    /** Whether the format encodes whole rows. */
    boolean isWholeRowInValue() {
        return valueFields.size() == DataType.getFieldCount(physicalType);
    }

    /** The scheme of {@code PARTITIONED BY}, as the builder of the sink takes it. */
    String describeScheme() {
        return partitionColumns.stream().map(PartitionColumn::describeField).collect(Collectors.joining(","));
    }
}
