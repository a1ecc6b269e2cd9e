package io.firn.flink.series;

import io.firn.flink.series.SeriesChoice.Condition;
import io.firn.series.LabelMatcher;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.flink.table.expressions.CallExpression;
import org.apache.flink.table.expressions.FieldReferenceExpression;
import org.apache.flink.table.expressions.ResolvedExpression;
import org.apache.flink.table.expressions.ValueLiteralExpression;
import org.apache.flink.table.functions.BuiltInFunctionDefinitions;
import org.apache.flink.table.functions.FunctionDefinition;
import org.apache.flink.table.types.logical.LogicalTypeRoot;
import org.jspecify.annotations.Nullable;

/**
 * Finds the filters of a query that a selection applies exactly: a label that is one of some texts, absent or present,
 * and comparisons of the time with literals. Confined to one thread.
 */
final class SeriesFilters {
    private static final Map<FunctionDefinition, String> OPERATORS = Map.of(
            BuiltInFunctionDefinitions.EQUALS, "=",
            BuiltInFunctionDefinitions.LESS_THAN, "<",
            BuiltInFunctionDefinitions.LESS_THAN_OR_EQUAL, "<=",
            BuiltInFunctionDefinitions.GREATER_THAN, ">",
            BuiltInFunctionDefinitions.GREATER_THAN_OR_EQUAL, ">=");
    private static final Map<String, String> MIRRORED = Map.of("=", "=", "<", ">", "<=", ">=", ">", "<", ">=", "<=");
    private static final BigInteger NANOS_PER_SECOND = BigInteger.valueOf(1_000_000_000L);
    /** They stand for no limit in a {@link SeriesChoice}: stores in milliseconds have times beyond. */
    private static final BigInteger NO_LOWEST = BigInteger.valueOf(Long.MIN_VALUE);

    private static final BigInteger NO_END = BigInteger.valueOf(Long.MAX_VALUE);

    private final Map<String, SeriesColumn> columns = new HashMap<>();
    private final ZoneId zone;
    private final List<ResolvedExpression> accepted = new ArrayList<>();
    private final List<ResolvedExpression> remaining = new ArrayList<>();
    private final List<Condition> conditions = new ArrayList<>();
    private long fromNs = Long.MIN_VALUE;
    private long toNs = Long.MAX_VALUE;

    /**
     * Creates a translator.
     *
     * @param zone the session's
     */
    SeriesFilters(List<SeriesColumn> columns, ZoneId zone) {
        columns.forEach(column -> this.columns.put(column.name(), column));
        this.zone = zone;
    }

    private record Comparison(SeriesColumn column, String operator, ValueLiteralExpression literal) {}

    void add(ResolvedExpression filter) {
        boolean exact = filter instanceof CallExpression call && (isTime(call) || isLabel(call));
        (exact ? accepted : remaining).add(filter);
    }

    List<ResolvedExpression> accepted() {
        return accepted;
    }

    List<ResolvedExpression> remaining() {
        return remaining;
    }

    SeriesChoice restrict(SeriesChoice choice) {
        return choice.and(conditions, fromNs, toNs);
    }

    private boolean isLabel(CallExpression call) {
        Optional<Condition> condition = presence(call);
        if (condition.isEmpty()) {
            List<String> texts = new ArrayList<>();
            String name = collect(call, texts);
            condition = name == null ? Optional.empty() : oneOf(name, texts);
        }
        condition.ifPresent(conditions::add);
        return condition.isPresent();
    }

    private Optional<Condition> presence(CallExpression call) {
        boolean isNull = call.getFunctionDefinition() == BuiltInFunctionDefinitions.IS_NULL;
        boolean isNotNull = call.getFunctionDefinition() == BuiltInFunctionDefinitions.IS_NOT_NULL;
        if (!isNull && !isNotNull) {
            return Optional.empty();
        }
        return label(call.getResolvedChildren().get(0))
                .map(name -> isNull
                        ? new Condition(name, LabelMatcher.Kind.EQUAL, "")
                        : new Condition(name, LabelMatcher.Kind.NOT_EQUAL, ""));
    }

    private static Optional<Condition> oneOf(String name, List<String> texts) {
        if (texts.size() == 1) {
            return Optional.of(new Condition(name, LabelMatcher.Kind.EQUAL, texts.get(0)));
        }
        String expression = texts.stream().map(Pattern::quote).collect(Collectors.joining("|"));
        return expression.length() > LabelMatcher.MAX_PATTERN_LENGTH
                ? Optional.empty()
                : Optional.of(new Condition(name, LabelMatcher.Kind.REGEX, expression));
    }

    /** The only label that the alternatives compare with texts, null when they do anything else. */
    private @Nullable String collect(ResolvedExpression expression, List<String> texts) {
        if (!(expression instanceof CallExpression call)) {
            return null;
        }
        if (call.getFunctionDefinition() == BuiltInFunctionDefinitions.OR) {
            String only = null;
            for (ResolvedExpression child : call.getResolvedChildren()) {
                String name = collect(child, texts);
                if (name == null || (only != null && !only.equals(name))) {
                    return null;
                }
                only = name;
            }
            return only;
        }
        if (call.getFunctionDefinition() != BuiltInFunctionDefinitions.EQUALS) {
            return null;
        }
        ResolvedExpression left = call.getResolvedChildren().get(0);
        ResolvedExpression right = call.getResolvedChildren().get(1);
        boolean mirrored = left instanceof ValueLiteralExpression;
        Optional<String> name = label(mirrored ? right : left);
        Optional<String> text = text(mirrored ? left : right);
        text.ifPresent(texts::add);
        return name.isPresent() && text.isPresent() ? name.get() : null;
    }

    /** A text that a label can have: not the empty one, which would stand for an absent label. */
    private static Optional<String> text(ResolvedExpression expression) {
        return expression instanceof ValueLiteralExpression literal
                ? literal.getValueAs(String.class).filter(text -> !text.isEmpty())
                : Optional.empty();
    }

    /** The label that a column shows; what is taken out of the map the planner does not hand over. */
    private Optional<String> label(ResolvedExpression expression) {
        return expression instanceof FieldReferenceExpression reference
                ? column(reference, SeriesColumn.Kind.LABEL).map(SeriesColumn::name)
                : Optional.empty();
    }

    private Optional<SeriesColumn> column(FieldReferenceExpression reference, SeriesColumn.Kind kind) {
        return Optional.ofNullable(columns.get(reference.getName())).filter(column -> column.kind() == kind);
    }

    private boolean isTime(CallExpression call) {
        Optional<Comparison> comparison = comparison(call);
        Optional<Instant> instant = comparison.flatMap(found -> instant(found.literal()));
        return instant.isPresent() && limit(comparison.get(), instant.get());
    }

    private Optional<Comparison> comparison(CallExpression call) {
        String operator = OPERATORS.get(call.getFunctionDefinition());
        if (operator == null || call.getResolvedChildren().size() != 2) {
            return Optional.empty();
        }
        ResolvedExpression left = call.getResolvedChildren().get(0);
        ResolvedExpression right = call.getResolvedChildren().get(1);
        if (left instanceof FieldReferenceExpression reference && right instanceof ValueLiteralExpression literal) {
            return column(reference, SeriesColumn.Kind.TIME).map(time -> new Comparison(time, operator, literal));
        }
        if (left instanceof ValueLiteralExpression literal && right instanceof FieldReferenceExpression reference) {
            return column(reference, SeriesColumn.Kind.TIME)
                    .map(time -> new Comparison(time, MIRRORED.getOrDefault(operator, operator), literal));
        }
        return Optional.empty();
    }

    /** A timestamp without a zone is one of the session's zone, in gaps and overlaps as {@link java.time} has it. */
    private Optional<Instant> instant(ValueLiteralExpression literal) {
        LogicalTypeRoot type = literal.getOutputDataType().getLogicalType().getTypeRoot();
        return switch (type) {
            case TIMESTAMP_WITHOUT_TIME_ZONE ->
                literal.getValueAs(LocalDateTime.class)
                        .map(time -> time.atZone(zone).toInstant());
            case TIMESTAMP_WITH_LOCAL_TIME_ZONE -> literal.getValueAs(Instant.class);
            default -> Optional.empty();
        };
    }

    /**
     * Limits the time to that which meets a comparison once the column has cut its digits off; false when a choice
     * cannot say that in 64 bits of nanoseconds.
     */
    private boolean limit(Comparison comparison, Instant instant) {
        BigInteger granule =
                BigInteger.valueOf(SeriesRows.granule(comparison.column().precision()));
        BigInteger exact = BigInteger.valueOf(instant.getEpochSecond())
                .multiply(NANOS_PER_SECOND)
                .add(BigInteger.valueOf(instant.getNano()));
        BigInteger floor = exact.subtract(exact.mod(granule));
        boolean isStep = floor.equals(exact);
        BigInteger behind = floor.add(granule);
        BigInteger ceiling = isStep ? floor : behind;
        if (floor.compareTo(NO_LOWEST) <= 0 || behind.compareTo(NO_END) >= 0) {
            return false;
        }
        switch (comparison.operator()) {
            case ">=" -> from(ceiling);
            case ">" -> from(behind);
            case "<" -> to(ceiling);
            case "<=" -> to(behind);
            default -> {
                from(ceiling);
                to(isStep ? behind : ceiling);
            }
        }
        return true;
    }

    private void from(BigInteger timestampNs) {
        fromNs = Math.max(fromNs, timestampNs.longValueExact());
    }

    private void to(BigInteger timestampNs) {
        toNs = Math.min(toNs, timestampNs.longValueExact());
    }
}
