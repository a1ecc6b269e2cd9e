package io.firn.flink.series;

import io.firn.flink.TableLocation;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
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
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.expressions.ResolvedExpression;
import org.apache.flink.table.types.DataType;

/** {@code SELECT} from series: a {@link FirnSeriesSource} of what was pushed down. Planner's thread only. */
final class SeriesTableSource implements ScanTableSource, SupportsProjectionPushDown, SupportsFilterPushDown {
    private static final String OPERATOR = "firn-series";

    private final Declaration declaration;
    private List<SeriesColumn> columns;
    private DataType producedType;
    private SeriesChoice choice = SeriesChoice.ALL;

    /**
     * What {@code CREATE TABLE} says.
     *
     * @param location the stores
     * @param splitSamples size of a split
     * @param parallelism of the scan, if set
     * @param zone the session's
     * @param row the columns
     */
    record Declaration(
            TableLocation location, long splitSamples, Optional<Integer> parallelism, ZoneId zone, DataType row) {}

    SeriesTableSource(Declaration declaration) {
        this.declaration = declaration;
        this.columns = SeriesColumn.of(declaration.row());
        this.producedType = declaration.row();
    }

    @Override
    public ChangelogMode getChangelogMode() {
        return ChangelogMode.insertOnly();
    }

    @Override
    public boolean supportsNestedProjection() {
        return false;
    }

    @Override
    public void applyProjection(int[][] fields, DataType type) {
        columns = Arrays.stream(fields).map(path -> columns.get(path[0])).toList();
        producedType = type;
    }

    @Override
    public Result applyFilters(List<ResolvedExpression> filters) {
        SeriesFilters translator = new SeriesFilters(columns, declaration.zone());
        filters.forEach(translator::add);
        choice = translator.restrict(choice);
        return Result.of(translator.accepted(), translator.remaining());
    }

    @Override
    public ScanRuntimeProvider getScanRuntimeProvider(ScanContext context) {
        FirnSeriesSource<RowData> source = new FirnSeriesSource<>(
                new SeriesSettings(declaration.location(), choice, declaration.splitSamples()),
                new SeriesRows(columns, context.createTypeInformation(producedType)));
        String name = asSummaryString();
        Optional<Integer> parallelism = declaration.parallelism();
        return new DataStreamScanProvider() {
            @Override
            public DataStream<RowData> produceDataStream(ProviderContext provided, StreamExecutionEnvironment job) {
                DataStreamSource<RowData> rows = job.fromSource(source, WatermarkStrategy.noWatermarks(), name);
                provided.generateUid(OPERATOR).ifPresent(rows::uid);
                return rows;
            }

            @Override
            public boolean isBounded() {
                return true;
            }

            @Override
            public Optional<Integer> getParallelism() {
                return parallelism;
            }
        };
    }

    @Override
    public DynamicTableSource copy() {
        SeriesTableSource copy = new SeriesTableSource(declaration);
        copy.columns = columns;
        copy.producedType = producedType;
        copy.choice = choice;
        return copy;
    }

    @Override
    public String asSummaryString() {
        String where = choice.conditions().stream()
                .map(condition -> condition.matcher().toString())
                .collect(Collectors.joining(","));
        return "Firn series " + declaration.location().path() + "/"
                + declaration.location().table() + (where.isEmpty() ? "" : " {" + where + "}")
                + (choice.fromNs() == Long.MIN_VALUE ? "" : ", from " + choice.fromNs() + " ns")
                + (choice.toNs() == Long.MAX_VALUE ? "" : ", to " + choice.toNs() + " ns");
    }
}
