package io.firn.flink.table;

import io.firn.error.ConfigException;
import io.firn.partition.PartitionField;
import io.firn.partition.PartitionType;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.apache.flink.table.expressions.CallExpression;
import org.apache.flink.table.expressions.FieldReferenceExpression;
import org.apache.flink.table.expressions.ResolvedExpression;
import org.apache.flink.table.expressions.ValueLiteralExpression;
import org.apache.flink.table.functions.BuiltInFunctionDefinitions;
import org.apache.flink.table.functions.FunctionDefinition;
import org.apache.flink.table.types.logical.LocalZonedTimestampType;
import org.apache.flink.table.types.logical.LogicalType;
import org.apache.flink.table.types.logical.LogicalTypeRoot;
import org.jspecify.annotations.Nullable;

/**
 * Finds the filters of a query that a scan applies exactly: comparisons of partition columns and of the timestamp with
 * literals. Confined to one thread.
 *
 * <p>Texts in ranges are left to Flink: it orders them by bytes, partitions by UTF-16 code units. Hours and minutes are
 * texts to SQL; equality with one only prunes as well.
 */
final class FilterTranslator {
    private static final Map<FunctionDefinition, String> OPERATORS = Map.of(
            BuiltInFunctionDefinitions.EQUALS, "=",
            BuiltInFunctionDefinitions.LESS_THAN, "<",
            BuiltInFunctionDefinitions.LESS_THAN_OR_EQUAL, "<=",
            BuiltInFunctionDefinitions.GREATER_THAN, ">",
            BuiltInFunctionDefinitions.GREATER_THAN_OR_EQUAL, ">=");
    private static final Map<String, String> MIRRORED = Map.of("=", "=", "<", ">", "<=", ">=", ">", "<", ">=", "<=");

    /** The partition fields of columns, by column name. */
    private final Map<String, PartitionField> fields;

    private final Map<String, PartitionColumnType> columns;
    private final Set<String> timestampColumns;
    private final ZoneId zone;

    private final List<ResolvedExpression> accepted = new ArrayList<>();
    private final List<ResolvedExpression> remaining = new ArrayList<>();
    private final List<String> conditions = new ArrayList<>();
    private TimestampRange range = TimestampRange.ALL;

    /**
     * Creates a translator.
     *
     * @param timestampColumns names of the columns that show the timestamp
     * @param zone the session's
     */
    FilterTranslator(
            Map<String, PartitionField> fields,
            Map<String, PartitionColumnType> columns,
            Set<String> timestampColumns,
            ZoneId zone) {
        this.fields = fields;
        this.columns = columns;
        this.timestampColumns = timestampColumns;
        this.zone = zone;
    }

    private record Comparison(String column, String operator, ValueLiteralExpression literal) {}

    void add(ResolvedExpression filter) {
        boolean exact = filter instanceof CallExpression call && (isTime(call) || isPartition(call));
        (exact ? accepted : remaining).add(filter);
    }

    List<ResolvedExpression> accepted() {
        return accepted;
    }

    List<ResolvedExpression> remaining() {
        return remaining;
    }

    ScanChoice restrict(ScanChoice choice) {
        return choice.and(conditions, range.fromNs(), range.toNs());
    }

    private boolean isTime(CallExpression call) {
        Optional<TimestampRange> found = comparison(call)
                .filter(comparison -> timestampColumns.contains(comparison.column()))
                .flatMap(comparison -> instant(comparison.literal())
                        .flatMap(instant -> TimestampRange.of(comparison.operator(), instant)));
        found.ifPresent(more -> range = range.and(more));
        return found.isPresent();
    }

    /** A timestamp without a zone is one of the session's zone, in gaps and overlaps as {@link java.time} has it. */
    private Optional<Instant> instant(ValueLiteralExpression literal) {
        return literal.getOutputDataType().getLogicalType().is(LogicalTypeRoot.TIMESTAMP_WITHOUT_TIME_ZONE)
                ? literal.getValueAs(LocalDateTime.class)
                        .map(time -> time.atZone(zone).toInstant())
                : literal.getValueAs(Instant.class);
    }

    private boolean isPartition(CallExpression call) {
        Optional<String> condition = nullCondition(call);
        if (condition.isEmpty()) {
            condition = comparisonCondition(call);
        }
        if (condition.isEmpty()) {
            condition = listCondition(call);
        }
        if (condition.isPresent()) {
            conditions.add(condition.get());
            if (FilterText.fits(conditions)) {
                return true;
            }
            conditions.remove(conditions.size() - 1);
        }
        return false;
    }

    private Optional<String> nullCondition(CallExpression call) {
        if (call.getFunctionDefinition() != BuiltInFunctionDefinitions.IS_NULL) {
            return Optional.empty();
        }
        return field(call.getResolvedChildren().get(0)).map(FilterText::isNull);
    }

    private Optional<String> comparisonCondition(CallExpression call) {
        return comparison(call)
                .filter(comparison -> comparison.operator().equals("=") || isOrderedAlike(comparison.column()))
                .flatMap(comparison -> value(comparison).map(value -> {
                    PartitionField field = Objects.requireNonNull(fields.get(comparison.column()));
                    return FilterText.comparison(field, comparison.operator(), value);
                }));
    }

    private boolean isOrderedAlike(String column) {
        PartitionField field = fields.get(column);
        return field != null && (field.type() == PartitionType.INT || field.type() == PartitionType.DATE);
    }

    /** {@code a = 1 or a = 2}, which is what the planner makes of {@code a in (1, 2)}. */
    private Optional<String> listCondition(CallExpression call) {
        List<Object> values = new ArrayList<>();
        String column = collect(call, values);
        PartitionField field = column == null ? null : fields.get(column);
        return field == null ? Optional.empty() : Optional.of(FilterText.in(field, values));
    }

    /** The only column that the alternatives compare, null when they do anything else. */
    private @Nullable String collect(ResolvedExpression expression, List<Object> values) {
        if (!(expression instanceof CallExpression call)) {
            return null;
        }
        if (call.getFunctionDefinition() == BuiltInFunctionDefinitions.OR) {
            String only = null;
            for (ResolvedExpression child : call.getResolvedChildren()) {
                String column = collect(child, values);
                if (column == null || (only != null && !only.equals(column))) {
                    return null;
                }
                only = column;
            }
            return only;
        }
        Optional<Comparison> equality =
                comparison(call).filter(comparison -> comparison.operator().equals("="));
        Optional<Object> value = equality.flatMap(this::value);
        value.ifPresent(values::add);
        return value.isPresent() ? equality.get().column() : null;
    }

    private Optional<PartitionField> field(ResolvedExpression expression) {
        return expression instanceof FieldReferenceExpression reference
                ? Optional.ofNullable(fields.get(reference.getName()))
                : Optional.empty();
    }

    private Optional<Comparison> comparison(CallExpression call) {
        String operator = OPERATORS.get(call.getFunctionDefinition());
        List<ResolvedExpression> operands = call.getResolvedChildren();
        if (operator == null || operands.size() != 2) {
            return Optional.empty();
        }
        ResolvedExpression left = plain(operands.get(0));
        ResolvedExpression right = plain(operands.get(1));
        if (left instanceof FieldReferenceExpression column && right instanceof ValueLiteralExpression literal) {
            return comparison(column, operator, literal);
        }
        if (left instanceof ValueLiteralExpression literal && right instanceof FieldReferenceExpression column) {
            return comparison(column, Objects.requireNonNull(MIRRORED.get(operator)), literal);
        }
        return Optional.empty();
    }

    /** A watermark makes a time attribute of its column, which changes no value; nor does more precision. */
    private static ResolvedExpression plain(ResolvedExpression expression) {
        boolean isCast = expression instanceof CallExpression call
                && (call.getFunctionDefinition() == BuiltInFunctionDefinitions.CAST
                        || call.getFunctionDefinition() == BuiltInFunctionDefinitions.REINTERPRET_CAST);
        if (!isCast) {
            return expression;
        }
        ResolvedExpression inner = plain(expression.getResolvedChildren().get(0));
        LogicalType from = inner.getOutputDataType().getLogicalType();
        LogicalType to = expression.getOutputDataType().getLogicalType();
        return from instanceof LocalZonedTimestampType narrow
                        && to instanceof LocalZonedTimestampType wide
                        && narrow.getPrecision() <= wide.getPrecision()
                ? inner
                : expression;
    }

    private static Optional<Comparison> comparison(
            FieldReferenceExpression column, String operator, ValueLiteralExpression literal) {
        LogicalType one = column.getOutputDataType().getLogicalType();
        LogicalType other = literal.getOutputDataType().getLogicalType();
        boolean comparable = family(one) == family(other);
        return literal.isNull() || !comparable
                ? Optional.empty()
                : Optional.of(new Comparison(column.getName(), operator, literal));
    }

    private static LogicalTypeRoot family(LogicalType type) {
        return switch (type.getTypeRoot()) {
            case CHAR -> LogicalTypeRoot.VARCHAR;
            case TIMESTAMP_WITHOUT_TIME_ZONE -> LogicalTypeRoot.TIMESTAMP_WITH_LOCAL_TIME_ZONE;
            default -> type.getTypeRoot();
        };
    }

    /** The literal as a value of the partition field; empty when it cannot be one. */
    private Optional<Object> value(Comparison comparison) {
        PartitionColumnType column = columns.get(comparison.column());
        PartitionField field = fields.get(comparison.column());
        if (column == null || field == null) {
            return Optional.empty();
        }
        ValueLiteralExpression literal = comparison.literal();
        return switch (column) {
            case INT, BIGINT -> literal.getValueAs(Number.class).map(Number::longValue);
            case DATE -> literal.getValueAs(LocalDate.class).map(Object.class::cast);
            case STRING -> literal.getValueAs(String.class).flatMap(text -> parse(field.type(), text));
        };
    }

    private static Optional<Object> parse(PartitionType type, String text) {
        try {
            return Optional.of(type.parseValue(text));
        } catch (ConfigException noSuchValue) {
            return Optional.empty();
        }
    }
}
