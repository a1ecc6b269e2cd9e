package io.firn.flink.table;

import io.firn.partition.PartitionScheme;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.flink.api.common.serialization.DeserializationSchema;
import org.apache.flink.table.connector.format.DecodingFormat;
import org.apache.flink.table.connector.format.ProjectableDecodingFormat;
import org.apache.flink.table.connector.source.DynamicTableSource;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.types.DataType;
import org.apache.flink.table.types.logical.RowType;

/**
 * The columns that a scan makes: physical ones, then metadata.
 *
 * @param table the table
 * @param physical positions of the physical columns
 * @param metadata keys of the metadata columns
 * @param producedType type of the rows
 */
record ScanColumns(TableDeclaration table, List<Integer> physical, List<String> metadata, DataType producedType) {
    /** Copies the lists. */
    ScanColumns {
        physical = List.copyOf(physical);
        metadata = List.copyOf(metadata);
    }

    static ScanColumns all(TableDeclaration table) {
        List<Integer> all = IntStream.range(0, DataType.getFieldCount(table.physicalType()))
                .boxed()
                .toList();
        return new ScanColumns(table, all, List.of(), table.physicalType());
    }

    ScanColumns project(List<Integer> fields, DataType type) {
        return new ScanColumns(table, fields, metadata, type);
    }

    ScanColumns withMetadata(List<String> keys, DataType type) {
        return new ScanColumns(table, physical, keys, type);
    }

    /** Where each column comes from; partition columns always from the directory. */
    RowLayout layout(Decoding decoding, PartitionScheme scheme) {
        List<RowLayout.Decoded> decoded = new ArrayList<>();
        List<RowLayout.Partition> partitions = new ArrayList<>();
        List<RowLayout.Metadata> others = new ArrayList<>();
        RowType row = (RowType) table.physicalType().getLogicalType();
        for (int target = 0; target < physical.size(); target++) {
            int position = physical.get(target);
            int column = target;
            Optional<PartitionColumn> partition = partitionColumn(position);
            partition.ifPresent(found -> partitions.add(new RowLayout.Partition(column, found)));
            if (partition.isEmpty()) {
                RowData.FieldGetter getter = RowData.createFieldGetter(
                        row.getTypeAt(position), decoding.fields().indexOf(position));
                decoded.add(new RowLayout.Decoded(target, getter));
            }
        }
        for (int i = 0; i < metadata.size(); i++) {
            others.add(new RowLayout.Metadata(physical.size() + i, RecordMetadata.of(metadata.get(i))));
        }
        return new RowLayout(physical.size() + metadata.size(), decoded, partitions, others, scheme.describe());
    }

    /** The partition columns at positions in a row of the scan; empty when one of them is another column. */
    Optional<List<PartitionColumn>> partitionColumns(int[] positions) {
        List<PartitionColumn> found = new ArrayList<>();
        for (int position : positions) {
            if (position >= physical.size()) {
                return Optional.empty();
            }
            partitionColumn(physical.get(position)).ifPresent(found::add);
        }
        return found.size() == positions.length ? Optional.of(found) : Optional.empty();
    }

    private Optional<PartitionColumn> partitionColumn(int position) {
        return table.partitionColumns().stream()
                .filter(partition -> partition.position() == position)
                .findFirst();
    }

    /**
     * Positions of the physical columns that a format is to decode, in the order of the decoded row: those that are
     * needed where it can leave others out, else all that a value holds.
     */
    Decoding decoding(boolean canProject, RowsPerRecord rowsPerRecord) {
        List<Integer> needed = physical.stream()
                .filter(position -> partitionColumn(position).isEmpty())
                .toList();
        if (needed.isEmpty()) {
            // The format alone knows how many rows there are where a record need not be one.
            return new Decoding(table, table.valueFields(), rowsPerRecord == RowsPerRecord.ANY);
        }
        return new Decoding(table, canProject ? needed : table.valueFields(), true);
    }

    /**
     * What is decoded of a value.
     *
     * @param table the table
     * @param fields positions of physical columns in the order of the decoded row
     * @param isNeeded whether values have to be decoded at all
     */
    record Decoding(TableDeclaration table, List<Integer> fields, boolean isNeeded) {
        DeserializationSchema<RowData> create(
                DecodingFormat<DeserializationSchema<RowData>> format, DynamicTableSource.Context context) {
            if (fields.equals(table.valueFields())) {
                return format.createRuntimeDecoder(context, table.valueType());
            }
            int[][] projection = fields.stream()
                    .map(field -> new int[] {table.valueFields().indexOf(field)})
                    .toArray(int[][]::new);
            return ((ProjectableDecodingFormat<DeserializationSchema<RowData>>) format)
                    .createRuntimeDecoder(context, table.valueType(), projection);
        }
    }
}
