package io.firn.flink.table;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.flink.table.expressions.AggregateExpression;
import org.apache.flink.table.expressions.FieldReferenceExpression;

/** An aggregate that the logs and footers of a table answer. Thread-safe. */
enum AggregateAnswer {
    /** Number of rows. */
    COUNT,
    /** Lowest timestamp. */
    MIN_TIMESTAMP,
    /** Highest timestamp. */
    MAX_TIMESTAMP;

    /**
     * The answer to an aggregate of a query; empty when records have to be read for it.
     *
     * @param timestampColumns names of the columns that show the timestamp
     */
    static Optional<AggregateAnswer> of(AggregateExpression aggregate, Set<String> timestampColumns) {
        if (aggregate.isDistinct() || aggregate.getFilterExpression().isPresent()) {
            return Optional.empty();
        }
        List<FieldReferenceExpression> arguments = aggregate.getArgs();
        boolean ofTimestamp = arguments.size() == 1
                && timestampColumns.contains(arguments.get(0).getName());
        // The planner's own classes are out of reach of a connector; their names are not.
        String function = aggregate.getFunctionDefinition().getClass().getName();
        if (arguments.isEmpty() && function.endsWith(".Count1AggFunction")) {
            return Optional.of(COUNT);
        }
        if (!ofTimestamp) {
            return Optional.empty();
        }
        if (function.endsWith(".CountAggFunction")) {
            return Optional.of(COUNT); // every record has a timestamp
        }
        if (function.contains(".MinAggFunction")) {
            return Optional.of(MIN_TIMESTAMP);
        }
        return function.contains(".MaxAggFunction") ? Optional.of(MAX_TIMESTAMP) : Optional.empty();
    }

    /**
     * Whether grouping and aggregates are surely of columns of the scan. The planner pushes a count past expressions
     * that it has not pushed, and then gives their positions for those of columns, which is wrong. Where one aggregate
     * is no count, it first makes sure for the whole query that there are columns only; and where there is no position,
     * none can be wrong (decision D90).
     *
     * @param grouping positions of what is grouped by
     */
    static boolean areOfColumns(int[] grouping, List<AggregateExpression> aggregates, List<AggregateAnswer> answers) {
        boolean namesNothing = grouping.length == 0
                && aggregates.stream().allMatch(each -> each.getArgs().isEmpty());
        return namesNothing || answers.stream().anyMatch(answer -> answer != COUNT);
    }
}
