package io.firn.table;

import io.firn.partition.PartitionField;
import io.firn.partition.PartitionValues;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Where a partition stands among the others of its table.
 *
 * <p>Time fields count as the instants that they may hold: a partition whose name a clock change uses twice reaches
 * from the first instant of the first time to the last one of the second, so that the repeated hour is never taken for
 * an hour of the past. Other fields count by their value. Immutable; thread-safe.
 */
final class PartitionRank {
    private final List<Part> parts;

    private PartitionRank(List<Part> parts) {
        this.parts = parts;
    }

    /** The rank by some fields; empty when one of them is null: such a partition is not in the order. */
    static Optional<PartitionRank> of(PartitionValues values, List<PartitionField> fields) {
        List<Part> parts = new ArrayList<>(fields.size());
        for (PartitionField field : fields) {
            Object value = values.get(field.name());
            if (value == null) {
                return Optional.empty();
            }
            parts.add(field.type().isTime() ? Span.of(field, value) : new Plain(value));
        }
        return Optional.of(new PartitionRank(parts));
    }

    /** Negative when this is before the other for certain, positive when it is after it, 0 when neither is. */
    int order(PartitionRank other) {
        for (int i = 0; i < parts.size(); i++) {
            if (!parts.get(i).equals(other.parts.get(i))) {
                return parts.get(i).order(other.parts.get(i));
            }
        }
        return 0;
    }

    private sealed interface Part {
        int order(Part other);
    }

    /** A text or a number. */
    private record Plain(Object value) implements Part {
        @Override
        public int order(Part other) {
            Object that = ((Plain) other).value;
            return value instanceof Long number && that instanceof Long thatNumber
                    ? number.compareTo(thatNumber)
                    : value.toString().compareTo(that.toString());
        }
    }

    /** The instants of a local date, hour or minute: seconds since 1970, the end exclusive. */
    private record Span(long fromSeconds, long toSeconds) implements Part {
        static Span of(PartitionField field, Object value) {
            LocalDateTime first = value instanceof LocalDate day ? day.atStartOfDay() : (LocalDateTime) value;
            LocalDateTime last = switch (field.type()) {
                case DATE -> first.withHour(23).withMinute(59).withSecond(59);
                case HOUR -> first.withMinute(59).withSecond(59);
                default -> first.withSecond(59);
            };
            ZoneRules rules = field.zone().getRules();
            return new Span(earliest(rules, first), latest(rules, last) + 1);
        }

        private static long earliest(ZoneRules rules, LocalDateTime local) {
            List<ZoneOffset> offsets = rules.getValidOffsets(local);
            return offsets.isEmpty() ? gap(rules, local) : local.toEpochSecond(offsets.get(0));
        }

        private static long latest(ZoneRules rules, LocalDateTime local) {
            List<ZoneOffset> offsets = rules.getValidOffsets(local);
            return offsets.isEmpty() ? gap(rules, local) : local.toEpochSecond(offsets.get(offsets.size() - 1));
        }

        /** A local time that the clock skips. */
        private static long gap(ZoneRules rules, LocalDateTime local) {
            ZoneOffsetTransition skipped = rules.getTransition(local);
            return skipped.toEpochSecond();
        }

        @Override
        public int order(Part other) {
            Span that = (Span) other;
            if (toSeconds <= that.fromSeconds) {
                return -1;
            }
            return fromSeconds >= that.toSeconds ? 1 : 0;
        }
    }
}
