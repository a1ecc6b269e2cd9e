package io.firn.flink.table;

import io.firn.error.ConfigException;
import io.firn.flink.sink.FirnSink;
import io.firn.flink.sink.FirnSinkBuilder;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.flink.api.common.serialization.SerializationSchema;
import org.apache.flink.configuration.ReadableConfig;
import org.apache.flink.table.connector.ChangelogMode;
import org.apache.flink.table.connector.format.EncodingFormat;
import org.apache.flink.table.connector.sink.DynamicTableSink;
import org.apache.flink.table.connector.sink.abilities.SupportsPartitioning;
import org.apache.flink.table.connector.sink.abilities.SupportsWritingMetadata;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.factories.FactoryUtil;
import org.apache.flink.table.types.DataType;
import org.apache.flink.table.types.logical.LogicalType;
import org.apache.flink.table.types.logical.RowType;

/** {@code INSERT INTO} a SQL table: a {@link FirnSink} of rows. Confined to the planner's thread. */
final class FirnTableSink implements DynamicTableSink, SupportsPartitioning, SupportsWritingMetadata {
    private final TableDeclaration declaration;
    private final ReadableConfig options;
    private final EncodingFormat<SerializationSchema<RowData>> format;
    private List<String> metadataKeys = List.of();

    FirnTableSink(
            TableDeclaration declaration, ReadableConfig options, EncodingFormat<SerializationSchema<RowData>> format) {
        this.declaration = declaration;
        this.options = options;
        this.format = format;
    }

    @Override
    public ChangelogMode getChangelogMode(ChangelogMode requested) {
        return format.getChangelogMode();
    }

    @Override
    public SinkRuntimeProvider getSinkRuntimeProvider(Context context) {
        String sinkId = sinkId(context.isBounded());
        FirnSinkBuilder<RowData> builder = FirnSink.<RowData>builder()
                .path(declaration.location().path())
                .table(declaration.location().table())
                .archiveId(declaration.location().archiveId())
                .option(FirnTableOptions.IO_MODE.key(), declaration.location().ioMode())
                .option(FirnTableOptions.SHARED_FS.key(), declaration.location().sharedFs())
                .sinkId(sinkId)
                .deliveryGuarantee(options.get(FirnTableOptions.SINK_DELIVERY_GUARANTEE))
                .restoreOlder(options.get(FirnTableOptions.RESTORE_OLDER))
                .serializer(serializer(context));
        FirnTableOptions.tableOptions(options).forEach(builder::option);
        if (!declaration.partitionColumns().isEmpty()) {
            builder.partitioner(declaration.describeScheme(), new RowPartitioner(declaration.partitionColumns()));
        }
        if (options.get(FirnTableOptions.LIFECYCLE_MODE) == LifecycleMode.ON_COMMIT) {
            builder.lifecycle(FirnTableOptions.lifecycle(options));
        }
        String name = declaration.location().table() + "-" + sinkId;
        return new SinkOfRows(builder.build(), name, options.getOptional(FactoryUtil.SINK_PARALLELISM));
    }

    private String sinkId(boolean bounded) {
        return options.getOptional(FirnTableOptions.SINK_ID).orElseGet(() -> {
            if (bounded) {
                return "sql-" + UUID.randomUUID();
            }
            throw new ConfigException("'sink.id' is missing: an INSERT in streaming mode into " + declaration.name()
                    + " needs a name that stays the same when the job is started again. Set it in CREATE TABLE, or for"
                    + " one INSERT: INSERT INTO t /*+ OPTIONS('sink.id'='...') */ SELECT ...");
        });
    }

    private RowRecordSerializer serializer(Context context) {
        RowType row = (RowType) declaration.physicalType().getLogicalType();
        List<RowData.FieldGetter> fields = declaration.valueFields().stream()
                .map(field -> getter(row, field))
                .toList();
        boolean wholeRow = declaration.isWholeRowInValue() && metadataKeys.isEmpty();
        Map<RecordMetadata, Integer> metadata = new EnumMap<>(RecordMetadata.class);
        for (int i = 0; i < metadataKeys.size(); i++) {
            metadata.put(RecordMetadata.of(metadataKeys.get(i)), row.getFieldCount() + i);
        }
        return new RowRecordSerializer(
                format.createRuntimeEncoder(context, declaration.valueType()), wholeRow ? List.of() : fields, metadata);
    }

    private static RowData.FieldGetter getter(RowType row, int field) {
        LogicalType type = row.getTypeAt(field);
        return RowData.createFieldGetter(type, field);
    }

    /** Rows carry the values of a static partition like any other. */
    @Override
    public void applyStaticPartition(Map<String, String> partition) {}

    @Override
    public Map<String, DataType> listWritableMetadata() {
        return RecordMetadata.writable();
    }

    @Override
    public void applyWritableMetadata(List<String> keys, DataType consumedType) {
        this.metadataKeys = List.copyOf(keys);
    }

    @Override
    public DynamicTableSink copy() {
        FirnTableSink copy = new FirnTableSink(declaration, options, format);
        copy.metadataKeys = metadataKeys;
        return copy;
    }

    @Override
    public String asSummaryString() {
        return "Firn " + declaration.location().path() + "/"
                + declaration.location().table();
    }
}
