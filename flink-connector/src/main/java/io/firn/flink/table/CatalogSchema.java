package io.firn.flink.table;

import io.firn.flink.TableLocation;
import io.firn.partition.PartitionField;
import io.firn.partition.PartitionScheme;
import io.firn.partition.PartitionType;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.flink.table.api.DataTypes;
import org.apache.flink.table.api.Schema;
import org.apache.flink.table.catalog.CatalogTable;
import org.apache.flink.table.factories.FactoryUtil;
import org.apache.flink.table.types.DataType;

/** The SQL table that a catalog shows of an archived table: partition columns, bytes and metadata. No state. */
final class CatalogSchema {
    private static final String VALUE = "value";
    private static final String RAW = "raw";

    private CatalogSchema() {}

    /** The SQL table of a scheme. */
    static CatalogTable of(TableLocation location, PartitionScheme scheme, String comment) {
        Schema.Builder columns = Schema.newBuilder();
        Set<String> names = new HashSet<>();
        for (PartitionField field : scheme.fields()) {
            columns.column(field.name(), columnType(field.type()));
            names.add(field.name());
        }
        columns.column(free(VALUE, names), DataTypes.BYTES());
        for (RecordMetadata metadata : RecordMetadata.values()) {
            String name = free(metadata.key(), names);
            String from = name.equals(metadata.key()) ? null : metadata.key();
            columns.columnByMetadata(name, metadata.type(), from, true);
        }
        return CatalogTable.newBuilder()
                .schema(columns.build())
                .comment(comment)
                .partitionKeys(
                        scheme.fields().stream().map(PartitionField::name).toList())
                .options(options(location))
                .build();
    }

    /** A partition field may have the name of another column, which then gets a longer one. */
    private static String free(String wanted, Set<String> taken) {
        String name = wanted;
        while (!taken.add(name)) {
            name += "_";
        }
        return name;
    }

    private static DataType columnType(PartitionType type) {
        return switch (type) {
            case STRING, HOUR, MINUTE -> DataTypes.STRING();
            case INT -> DataTypes.BIGINT();
            case DATE -> DataTypes.DATE();
        };
    }

    private static Map<String, String> options(TableLocation location) {
        Map<String, String> options = new HashMap<>();
        options.put(FactoryUtil.CONNECTOR.key(), FirnTableFactory.IDENTIFIER);
        options.put(FactoryUtil.FORMAT.key(), RAW);
        options.put(FirnTableOptions.PATH.key(), location.path());
        options.put(FirnTableOptions.TABLE.key(), location.table());
        options.put(FirnTableOptions.IO_MODE.key(), location.ioMode());
        List.of(
                        Map.entry(FirnTableOptions.ARCHIVE_ID.key(), location.archiveId()),
                        Map.entry(FirnTableOptions.SHARED_FS.key(), location.sharedFs()))
                .stream()
                .filter(option -> !option.getValue().isEmpty())
                .forEach(option -> options.put(option.getKey(), option.getValue()));
        return options;
    }
}
