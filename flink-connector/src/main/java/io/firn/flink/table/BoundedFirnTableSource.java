package io.firn.flink.table;

import io.firn.partition.PartitionValues;
import io.firn.table.PartitionSummary;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.connector.source.lib.NumberSequenceSource;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.table.connector.source.DynamicTableSource;
import org.apache.flink.table.connector.source.abilities.SupportsAggregatePushDown;
import org.apache.flink.table.connector.source.abilities.SupportsLimitPushDown;
import org.apache.flink.table.connector.source.abilities.SupportsPartitionPushDown;
import org.apache.flink.table.connector.source.abilities.SupportsStatisticReport;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.expressions.AggregateExpression;
import org.apache.flink.table.plan.stats.TableStats;
import org.apache.flink.table.types.DataType;
import org.jspecify.annotations.Nullable;

/**
 * A scan that ends, of which more can be pushed down: what is there when the query is planned is all there will be, so
 * partitions can be listed, rows counted, and a limit ends the reading. Planner's thread only.
 */
final class BoundedFirnTableSource extends FirnTableSource
        implements SupportsPartitionPushDown,
                SupportsLimitPushDown,
                SupportsStatisticReport,
                SupportsAggregatePushDown {
    private static final String COUNTING = "firn-count";

    private @Nullable Aggregation aggregation;

    private record Aggregation(List<PartitionColumn> grouping, List<AggregateAnswer> answers, DataType producedType) {}

    BoundedFirnTableSource(SourceDeclaration declaration) {
        super(declaration);
    }

    private BoundedFirnTableSource(BoundedFirnTableSource original) {
        super(original);
        this.aggregation = original.aggregation;
    }

    @Override
    public Optional<List<Map<String, String>>> listPartitions() {
        return Optional.of(List.copyOf(bySpec().keySet()));
    }

    /** Several partitions have one spec where the SQL table has fewer partition columns than the archive. */
    private Map<Map<String, String>, List<PartitionValues>> bySpec() {
        Map<Map<String, String>, List<PartitionValues>> specs = new LinkedHashMap<>();
        for (PartitionSummary partition : declaration().partitions().list()) {
            specs.computeIfAbsent(declaration().partitions().spec(partition.values()), spec -> new ArrayList<>())
                    .add(partition.values());
        }
        return specs;
    }

    @Override
    public void applyPartitions(List<Map<String, String>> remaining) {
        Map<Map<String, String>, List<PartitionValues>> specs = bySpec();
        List<PartitionValues> left = new ArrayList<>();
        remaining.forEach(spec -> left.addAll(specs.getOrDefault(spec, List.of())));
        choose(declaration().partitions().restrict(choice(), left));
    }

    /** Rows that later ones take back are none of the first ones: where there are such, Flink counts alone. */
    @Override
    public void applyLimit(long rows) {
        if (!declaration().makesChanges()) {
            choose(choice().withLimit(rows));
        }
    }

    @Override
    public TableStats reportStatistics() {
        boolean countable = choice().isOfWholePartitions() && declaration().rowsPerRecord() == RowsPerRecord.ONE;
        if (!countable || !declaration().location().isReadable()) {
            return TableStats.UNKNOWN;
        }
        return new TableStats(declaration().partitions().summarize(choice()).stream()
                .mapToLong(PartitionSummary::records)
                .sum());
    }

    @Override
    public boolean applyAggregates(
            List<int[]> groupingSets, List<AggregateExpression> aggregates, DataType producedType) {
        boolean countable = choice().isOfWholePartitions()
                && declaration().rowsPerRecord() == RowsPerRecord.ONE
                && !hasWatermarks()
                && groupingSets.size() == 1;
        if (!countable) {
            return false;
        }
        Optional<List<PartitionColumn>> grouping = columns().partitionColumns(groupingSets.get(0));
        List<AggregateAnswer> answers = aggregates.stream()
                .flatMap(
                        aggregate -> AggregateAnswer.of(aggregate, declaration().timestampColumns()).stream())
                .toList();
        boolean answered = answers.size() == aggregates.size()
                && AggregateAnswer.areOfColumns(groupingSets.get(0), aggregates, answers);
        if (grouping.isEmpty() || !answered || isSaturated()) {
            return false;
        }
        aggregation = new Aggregation(grouping.get(), answers, producedType);
        return true;
    }

    private boolean isSaturated() {
        return declaration().partitions().summarize(choice()).stream().anyMatch(PartitionSummary::isSaturated);
    }

    @Override
    public ScanRuntimeProvider getScanRuntimeProvider(ScanContext context) {
        return aggregation == null ? super.getScanRuntimeProvider(context) : counting(context, aggregation);
    }

    private ScanRuntimeProvider counting(ScanContext context, Aggregation asked) {
        TypeInformation<RowData> type = context.createTypeInformation(asked.producedType());
        CountedRows rows = new CountedRows(declaration().location(), choice(), asked.grouping(), asked.answers());
        String name = asSummaryString();
        return provider(true, (provided, job) -> {
            SingleOutputStreamOperator<RowData> counted = job.fromSource(
                            new NumberSequenceSource(0, 0), WatermarkStrategy.noWatermarks(), name)
                    .setParallelism(1)
                    .flatMap(rows)
                    .returns(type)
                    .setParallelism(1);
            provided.generateUid(COUNTING).ifPresent(counted::uid);
            return counted;
        });
    }

    @Override
    public DynamicTableSource copy() {
        return new BoundedFirnTableSource(this);
    }
}
