package io.firn.lifecycle;

import io.firn.partition.PartitionField;
import io.firn.partition.PartitionScheme;
import io.firn.partition.PartitionType;
import io.firn.partition.PartitionValues;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.Optional;

/** Tells whether the day, hour or minute of a partition is over, so that little will still come for it. */
final class PeriodRule {
    private final PartitionScheme scheme;

    PeriodRule(PartitionScheme scheme) {
        this.scheme = scheme;
    }

    /** Whether any time field of the partition lies wholly in the past; false without a time field. */
    boolean isOver(String partitionPath, Instant now) {
        PartitionValues values = scheme.parsePath(partitionPath);
        return scheme.fields().stream()
                .filter(field -> field.type().isTime())
                .map(field -> end(field, values))
                .flatMap(Optional::stream)
                .anyMatch(end -> !end.isAfter(now));
    }

    private static Optional<Instant> end(PartitionField field, PartitionValues values) {
        Object value = values.get(field.name());
        LocalDateTime end;
        if (value instanceof LocalDate day) {
            end = day.plusDays(1).atStartOfDay();
        } else if (value instanceof LocalDateTime time) {
            end = field.type() == PartitionType.HOUR ? time.plusHours(1) : time.plusMinutes(1);
        } else {
            return Optional.empty();
        }
        return Optional.of(end.atZone(field.zone()).toInstant());
    }
}
