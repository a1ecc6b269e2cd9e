package io.firn.flink.table;

import io.firn.flink.source.FirnSource;
import io.firn.flink.source.FirnSourceBuilder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.serialization.DeserializationSchema;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.DataStreamSource;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.table.connector.ChangelogMode;
import org.apache.flink.table.connector.ProviderContext;
import org.apache.flink.table.connector.source.DataStreamScanProvider;
import org.apache.flink.table.connector.source.DynamicTableSource;
import org.apache.flink.table.connector.source.ScanTableSource;
import org.apache.flink.table.connector.source.abilities.SupportsFilterPushDown;
import org.apache.flink.table.connector.source.abilities.SupportsProjectionPushDown;
import org.apache.flink.table.connector.source.abilities.SupportsReadingMetadata;
import org.apache.flink.table.connector.source.abilities.SupportsWatermarkPushDown;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.expressions.ResolvedExpression;
import org.apache.flink.table.types.DataType;
import org.jspecify.annotations.Nullable;

/** {@code SELECT} from a SQL table: a {@link FirnSource} of what the planner has pushed down. Planner's thread only. */
class FirnTableSource
        implements ScanTableSource,
                SupportsReadingMetadata,
                SupportsProjectionPushDown,
                SupportsFilterPushDown,
                SupportsWatermarkPushDown {
    private static final String OPERATOR = "firn";

    private final SourceDeclaration declaration;
    private ScanColumns columns;
    private ScanChoice choice = ScanChoice.ALL;
    private @Nullable WatermarkStrategy<RowData> watermarks;

    FirnTableSource(SourceDeclaration declaration) {
        this.declaration = declaration;
        this.columns = ScanColumns.all(declaration.table());
    }

    /** Another one of which the same was pushed down. */
    FirnTableSource(FirnTableSource original) {
        this.declaration = original.declaration;
        this.columns = original.columns;
        this.choice = original.choice;
        this.watermarks = original.watermarks;
    }

    final SourceDeclaration declaration() {
        return declaration;
    }

    final ScanColumns columns() {
        return columns;
    }

    final ScanChoice choice() {
        return choice;
    }

    final void choose(ScanChoice narrower) {
        choice = narrower;
    }

    final boolean hasWatermarks() {
        return watermarks != null;
    }

    @Override
    public ChangelogMode getChangelogMode() {
        return declaration.format().getChangelogMode();
    }

    @Override
    public Map<String, DataType> listReadableMetadata() {
        return RecordMetadata.readable();
    }

    @Override
    public void applyReadableMetadata(List<String> keys, DataType producedType) {
        columns = columns.withMetadata(keys, producedType);
    }

    @Override
    public boolean supportsNestedProjection() {
        return false;
    }

    @Override
    public void applyProjection(int[][] fields, DataType producedType) {
        columns = columns.project(Arrays.stream(fields).map(path -> path[0]).toList(), producedType);
    }

    @Override
    public Result applyFilters(List<ResolvedExpression> filters) {
        FilterTranslator translator = declaration.filters();
        filters.forEach(translator::add);
        choice = translator.restrict(choice);
        return Result.of(translator.accepted(), translator.remaining());
    }

    @Override
    public void applyWatermark(WatermarkStrategy<RowData> strategy) {
        this.watermarks = strategy;
    }

    @Override
    public ScanRuntimeProvider getScanRuntimeProvider(ScanContext context) {
        FirnSource<RowData> source = source(context);
        WatermarkStrategy<RowData> strategy = watermarks == null ? WatermarkStrategy.noWatermarks() : watermarks;
        boolean bounded = declaration.mode() == ScanMode.BOUNDED;
        String name = asSummaryString();
        return provider(bounded, (provided, job) -> {
            DataStreamSource<RowData> rows = job.fromSource(source, strategy, name);
            provided.generateUid(OPERATOR).ifPresent(rows::uid);
            return rows;
        });
    }

    /** The part of a provider that differs. */
    interface Rows {
        DataStream<RowData> produce(ProviderContext context, StreamExecutionEnvironment job);
    }

    final DataStreamScanProvider provider(boolean bounded, Rows rows) {
        Optional<Integer> parallelism = declaration.parallelism();
        return new DataStreamScanProvider() {
            @Override
            public DataStream<RowData> produceDataStream(ProviderContext context, StreamExecutionEnvironment job) {
                return rows.produce(context, job);
            }

            @Override
            public boolean isBounded() {
                return bounded;
            }

            @Override
            public Optional<Integer> getParallelism() {
                return parallelism;
            }
        };
    }

    private FirnSource<RowData> source(ScanContext context) {
        FirnSourceBuilder<RowData> builder = FirnSource.<RowData>builder()
                .path(declaration.location().path())
                .table(declaration.location().table())
                .archiveId(declaration.location().archiveId())
                .option(FirnTableOptions.IO_MODE.key(), declaration.location().ioMode())
                .option(FirnTableOptions.SHARED_FS.key(), declaration.location().sharedFs())
                .deserializer(deserializer(context));
        if (choice.isEmpty()) {
            builder.fromNs(0).toNs(0);
        } else {
            builder.where(choice.where()).fromNs(choice.fromNs()).toNs(choice.toNs());
        }
        if (declaration.mode() == ScanMode.UNBOUNDED) {
            builder.unbounded();
        } else if (isOrdered()) {
            builder.ordered();
        }
        return builder.build();
    }

    /**
     * Whether a scan that ends reads each writer in its order: of ranges that are read one after the other the later
     * ones would come too late for a watermark, and of those that are read side by side a change would pass the one
     * before it.
     */
    private boolean isOrdered() {
        return hasWatermarks() || declaration.makesChanges();
    }

    private RowDeserializer deserializer(ScanContext context) {
        TypeInformation<RowData> type = context.createTypeInformation(columns.producedType());
        ScanColumns.Decoding decoding = columns.decoding(declaration.canProject(), declaration.rowsPerRecord());
        DeserializationSchema<RowData> format =
                decoding.isNeeded() ? decoding.create(declaration.format(), context) : null;
        return new RowDeserializer(
                format,
                columns.layout(decoding, declaration.partitions().scheme()),
                declaration.rowsPerRecord(),
                choice,
                type);
    }

    @Override
    public DynamicTableSource copy() {
        return new FirnTableSource(this);
    }

    @Override
    public String asSummaryString() {
        String where = choice.where();
        List<String> parts = new ArrayList<>();
        parts.add("Firn " + declaration.location().path() + "/"
                + declaration.location().table());
        if (!where.isEmpty()) {
            parts.add("where " + where);
        }
        if (choice.fromNs() != Long.MIN_VALUE) {
            parts.add("from " + choice.fromNs() + " ns");
        }
        if (choice.toNs() != Long.MAX_VALUE) {
            parts.add("to " + choice.toNs() + " ns");
        }
        return String.join(", ", parts);
    }
}
