package io.firn.flink.table;

import io.firn.error.ConfigException;
import io.firn.flink.TableLocation;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.flink.api.common.serialization.DeserializationSchema;
import org.apache.flink.configuration.ReadableConfig;
import org.apache.flink.table.api.config.TableConfigOptions;
import org.apache.flink.table.catalog.Column;
import org.apache.flink.table.connector.ChangelogMode;
import org.apache.flink.table.connector.format.DecodingFormat;
import org.apache.flink.table.connector.format.ProjectableDecodingFormat;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.factories.DynamicTableFactory;
import org.apache.flink.table.factories.FactoryUtil;

/**
 * What {@code CREATE TABLE} says about reading.
 *
 * @param table the table
 * @param mode whether a scan ends
 * @param rowsPerRecord how many rows a record makes
 * @param parallelism of the scan, if set
 * @param format decodes values
 * @param canProject whether the format can leave out columns
 * @param partitions the archived table's partitions
 * @param timestampColumns names of the columns that show the timestamp as it is
 * @param zone the session's, in which timestamps without a zone are meant
 */
record SourceDeclaration(
        TableDeclaration table,
        ScanMode mode,
        RowsPerRecord rowsPerRecord,
        Optional<Integer> parallelism,
        DecodingFormat<DeserializationSchema<RowData>> format,
        boolean canProject,
        ArchivedPartitions partitions,
        Set<String> timestampColumns,
        ZoneId zone) {
    private static final String IGNORES_ERRORS = ".ignore-parse-errors";
    /** Other formats claim it, too, but Avro's then reads bytes of one schema with another. */
    private static final Set<String> PROJECTING = Set.of("json", "csv");

    static SourceDeclaration of(
            DynamicTableFactory.Context context,
            ReadableConfig options,
            DecodingFormat<DeserializationSchema<RowData>> format) {
        TableDeclaration table = TableDeclaration.of(context, options);
        requireOneRowOfAPartition(table, options.get(FactoryUtil.FORMAT), format);
        return new SourceDeclaration(
                table,
                options.get(FirnTableOptions.SCAN_MODE),
                rowsPerRecord(context, options, format),
                options.getOptional(FactoryUtil.SOURCE_PARALLELISM),
                format,
                format instanceof ProjectableDecodingFormat && PROJECTING.contains(options.get(FactoryUtil.FORMAT)),
                ArchivedPartitions.of(table),
                timestampColumns(context),
                zone(context.getConfiguration()));
    }

    private static RowsPerRecord rowsPerRecord(
            DynamicTableFactory.Context context,
            ReadableConfig options,
            DecodingFormat<DeserializationSchema<RowData>> format) {
        Map<String, String> all = context.getCatalogTable().getOptions();
        String name = options.get(FactoryUtil.FORMAT);
        boolean changes = makesChanges(format);
        boolean drops = Boolean.parseBoolean(all.get(name + IGNORES_ERRORS));
        Optional<RowsPerRecord> set = options.getOptional(FirnTableOptions.SCAN_ROWS_PER_RECORD);
        if (changes && set.isPresent() && set.get() == RowsPerRecord.ONE) {
            throw new ConfigException("Invalid value 'one' for 'scan.rows-per-record': a record of format '" + name
                    + "' is a change, which is one row or two; leave the option out");
        }
        return set.orElse(changes || drops ? RowsPerRecord.ANY : RowsPerRecord.ONE);
    }

    /** A record stands in the partition of one row, but a change of a row is two, and their partitions may differ. */
    private static void requireOneRowOfAPartition(
            TableDeclaration table, String format, DecodingFormat<DeserializationSchema<RowData>> decoding) {
        if (makesChanges(decoding) && !table.partitionColumns().isEmpty()) {
            throw new ConfigException(
                    table.name() + " cannot be read with PARTITIONED BY: a record of format '" + format
                            + "' is a change, and the row before it may belong to another partition than the record;"
                            + " leave PARTITIONED BY out, then all columns come from the values");
        }
    }

    private static boolean makesChanges(DecodingFormat<DeserializationSchema<RowData>> format) {
        return !format.getChangelogMode().equals(ChangelogMode.insertOnly());
    }

    /** Whether the rows of a record may take back those of records before it. */
    boolean makesChanges() {
        return makesChanges(format);
    }

    TableLocation location() {
        return table.location();
    }

    /** Translates the filters of one query. */
    FilterTranslator filters() {
        Map<String, PartitionColumnType> types = new HashMap<>();
        table.partitionColumns().forEach(column -> types.put(column.name(), column.type()));
        return new FilterTranslator(partitions.fields(), types, timestampColumns, zone);
    }

    private static ZoneId zone(ReadableConfig session) {
        String zone = session.get(TableConfigOptions.LOCAL_TIME_ZONE);
        return TableConfigOptions.LOCAL_TIME_ZONE.defaultValue().equals(zone)
                ? ZoneId.systemDefault()
                : ZoneId.of(zone);
    }

    private static Set<String> timestampColumns(DynamicTableFactory.Context context) {
        RecordMetadata timestamp = RecordMetadata.TIMESTAMP;
        return context.getCatalogTable().getResolvedSchema().getColumns().stream()
                .filter(Column.MetadataColumn.class::isInstance)
                .map(Column.MetadataColumn.class::cast)
                .filter(column ->
                        column.getMetadataKey().orElse(column.getName()).equals(timestamp.key()))
                .map(Column::getName)
                .collect(Collectors.toSet());
    }
}
