package io.firn.partition;

import io.firn.error.ConfigException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Chooses partitions by their values, before any of their files is opened.
 *
 * <p>Values have the Java types of {@link PartitionValues#get} (whole numbers of any width are taken). A field that the
 * table does not have is a {@link ConfigException}. Immutable; thread-safe.
 */
public sealed interface PartitionFilter {
    /** Whether the partition is chosen. */
    boolean matches(PartitionValues values);

    /** Checks that every field exists in a scheme and that the values have its type. */
    void validate(PartitionScheme scheme);

    /** Whether the partition with a path (as {@link PartitionValues#toPath} writes it) can be left unopened. */
    default boolean prunes(PartitionScheme scheme, String path) {
        return !matches(scheme.parsePath(path));
    }

    /** Chooses every partition. */
    static PartitionFilter all() {
        return new All();
    }

    /** Chooses the partitions where a field has a value; null chooses those where it is null. */
    static PartitionFilter exact(String field, @Nullable Object value) {
        return new Exact(field, value);
    }

    /** Chooses the partitions where a field has one of some values. */
    static PartitionFilter in(String field, List<?> values) {
        return new In(field, List.copyOf(values));
    }

    /** Chooses the partitions where a field is at least {@code from} and less than {@code to}; null is no bound. */
    static PartitionFilter range(String field, @Nullable Object from, @Nullable Object to) {
        return new Range(field, Bound.inclusive(from), Bound.exclusive(to));
    }

    /** Chooses the partitions that every one of the filters chooses. */
    static PartitionFilter and(PartitionFilter... filters) {
        return new And(List.of(filters));
    }

    /**
     * Reads a condition such as {@code dt >= '2001-01-02' and origin in ('ATL', 'LAX')}.
     *
     * <p>Operators: {@code = < <= > >=}, {@code in (...)}, {@code between x and y} (both inclusive), {@code is null},
     * and {@code and}. Values stand in single quotes ({@code ''} for a quote inside); bare words, numbers and dates may
     * stand without. Empty text chooses everything.
     *
     * @throws ConfigException naming the position and the remedy when the text, a field or a value is wrong
     */
    static PartitionFilter parse(String text, PartitionScheme scheme) {
        return new FilterParser(text, scheme).parse();
    }

    /** Every partition. */
    record All() implements PartitionFilter {
        @Override
        public boolean matches(PartitionValues values) {
            return true;
        }

        @Override
        public void validate(PartitionScheme scheme) {
            // fits every scheme
        }
    }

    /**
     * A field has a value.
     *
     * @param field name of the field
     * @param value the value, null for the null partition
     */
    record Exact(String field, @Nullable Object value) implements PartitionFilter {
        @Override
        public boolean matches(PartitionValues values) {
            int index = values.scheme().indexOf(field);
            Object actual = values.get(index);
            if (value == null || actual == null) {
                return value == actual;
            }
            return actual.equals(values.scheme().fields().get(index).type().normalize(value));
        }

        @Override
        public void validate(PartitionScheme scheme) {
            scheme.checkValue(field, value);
        }
    }

    /**
     * A field has one of some values.
     *
     * @param field name of the field
     * @param values the values; none chooses nothing
     */
    record In(String field, List<?> values) implements PartitionFilter {
        /** Copies the values. */
        public In {
            values = List.copyOf(values);
        }

        @Override
        public boolean matches(PartitionValues partition) {
            int index = partition.scheme().indexOf(field);
            Object actual = partition.get(index);
            if (actual == null) {
                return false;
            }
            PartitionType type = partition.scheme().fields().get(index).type();
            return values.stream().anyMatch(value -> actual.equals(type.normalize(value)));
        }

        @Override
        public void validate(PartitionScheme scheme) {
            values.forEach(value -> scheme.checkValue(field, value));
        }
    }

    /**
     * One end of a range.
     *
     * @param value the bound, null for none
     * @param inclusive whether the bound itself is inside
     */
    record Bound(@Nullable Object value, boolean inclusive) {
        /** A bound that is inside. */
        public static Bound inclusive(@Nullable Object value) {
            return new Bound(value, true);
        }

        /** A bound that is outside. */
        public static Bound exclusive(@Nullable Object value) {
            return new Bound(value, false);
        }
    }

    /**
     * A field lies between two bounds: ints by number, strings by UTF-16 code unit, times by time. Null never does.
     *
     * @param field name of the field
     * @param from lower bound
     * @param to upper bound
     */
    record Range(String field, Bound from, Bound to) implements PartitionFilter {
        @Override
        public boolean matches(PartitionValues values) {
            int index = values.scheme().indexOf(field);
            Object actual = values.get(index);
            if (actual == null) {
                return false;
            }
            PartitionType type = values.scheme().fields().get(index).type();
            return isAbove(type, actual) && isBelow(type, actual);
        }

        private boolean isAbove(PartitionType type, Object actual) {
            if (from.value() == null) {
                return true;
            }
            int order = type.compare(actual, type.normalize(from.value()));
            return from.inclusive() ? order >= 0 : order > 0;
        }

        private boolean isBelow(PartitionType type, Object actual) {
            if (to.value() == null) {
                return true;
            }
            int order = type.compare(actual, type.normalize(to.value()));
            return to.inclusive() ? order <= 0 : order < 0;
        }

        @Override
        public void validate(PartitionScheme scheme) {
            scheme.checkValue(field, from.value());
            scheme.checkValue(field, to.value());
        }
    }

    /**
     * All of some filters.
     *
     * @param filters none chooses everything
     */
    record And(List<PartitionFilter> filters) implements PartitionFilter {
        /** Copies the list. */
        public And {
            filters = List.copyOf(filters);
        }

        @Override
        public boolean matches(PartitionValues values) {
            return filters.stream().allMatch(filter -> filter.matches(values));
        }

        @Override
        public void validate(PartitionScheme scheme) {
            filters.forEach(filter -> filter.validate(scheme));
        }
    }
}
