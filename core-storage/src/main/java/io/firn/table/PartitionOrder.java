package io.firn.table;

import io.firn.error.ConfigException;
import io.firn.error.InvalidRecordException;
import io.firn.partition.PartitionField;
import io.firn.partition.PartitionScheme;
import io.firn.partition.PartitionValues;
import io.firn.record.StreamRecord;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The newest partition that a writer has begun, and what becomes of records of earlier ones.
 *
 * <p>The date, hour and minute fields of the scheme make the order; without any, all fields do. A record of a partition
 * that has a null among them is never late. Confined to its writer's monitor.
 */
final class PartitionOrder {
    private static final int MAX_KNOWN = 4_096;

    private final PartitionScheme scheme;
    private final List<PartitionField> fields;
    private final LateDataPolicy policy;
    private final String writerName;
    private final Map<String, Optional<PartitionRank>> known = new LinkedHashMap<>();
    private @Nullable String newestPath;
    private @Nullable PartitionRank newest;
    private @Nullable String lastPath;
    private @Nullable String lastPlace;

    PartitionOrder(PartitionScheme scheme, LateDataPolicy policy, String writerName) {
        List<PartitionField> times =
                scheme.fields().stream().filter(field -> field.type().isTime()).toList();
        this.scheme = scheme;
        this.fields = times.isEmpty() ? scheme.fields() : times;
        this.policy = policy;
        this.writerName = writerName;
    }

    /**
     * The order that the options of the writer, else those of the table ask for; empty when records of all partitions
     * are welcome at any time.
     *
     * @throws ConfigException when the scheme has no order that could be kept
     */
    static Optional<PartitionOrder> of(Table table, WriterOptions options) {
        TableConfig config = table.config();
        LateDataPolicy ofTable = config.validatePartitionOrder() ? config.lateDataPolicy() : LateDataPolicy.ALLOW;
        LateDataPolicy policy = options.lateData().orElse(ofTable);
        boolean routes = options.mapping().isPresent()
                || options.roller().isPresent()
                || options.givenScheme().isPresent();
        if (!routes || (policy == LateDataPolicy.ALLOW && options.roller().isEmpty())) {
            return Optional.empty();
        }
        if (options.roller().isEmpty()
                && table.scheme().fields().stream()
                        .noneMatch(field -> field.type().isTime())) {
            throw new ConfigException("late.data.policy=" + policy.text() + " of writer '" + options.name()
                    + "' needs a date, hour or minute field to know what is late, but " + table.path()
                    + " is partitioned by [" + table.scheme().describe() + "]; set late.data.policy=allow");
        }
        return Optional.of(new PartitionOrder(table.scheme(), policy, options.name()));
    }

    /** Forgets what was begun, and begins the newest of these partitions. */
    void restore(Collection<String> paths) {
        newest = null;
        newestPath = null;
        lastPath = null;
        paths.forEach(this::appended);
    }

    /** The newest partition that was begun; empty before the first. */
    Optional<String> newest() {
        return Optional.ofNullable(newestPath);
    }

    /** Whether a partition comes after all that were begun. */
    boolean isNewer(String path) {
        PartitionRank rank = rank(path).orElse(null);
        return rank != null && (newest == null || rank.order(newest) > 0);
    }

    /** Whether a partition comes before the newest one. */
    private boolean isLate(String path) {
        PartitionRank rank = rank(path).orElse(null);
        return rank != null && newest != null && rank.order(newest) < 0;
    }

    /**
     * The partition in which a record is stored that belongs to another or the same one.
     *
     * @throws InvalidRecordException when it is late and late records are refused
     */
    String place(String path, long sequence, StreamRecord record) {
        String place = lastPlace;
        if (place == null || !path.equals(lastPath)) {
            place = policy != LateDataPolicy.ALLOW && isLate(path) ? lateData(path, sequence, record) : path;
            lastPath = path;
            lastPlace = place;
        }
        return place;
    }

    /** A record was written to a partition. */
    void appended(String path) {
        if (!path.equals(newestPath) && isNewer(path)) {
            newest = rank(path).orElse(null);
            newestPath = path;
            lastPath = null;
        }
    }

    private String lateData(String path, long sequence, StreamRecord record) {
        String aside = withoutOrder(path);
        if (policy == LateDataPolicy.ROUTE) {
            return aside;
        }
        Instant time = record.inMillis()
                ? Instant.ofEpochMilli(record.timestamp())
                : Instant.ofEpochSecond(0, record.timestamp());
        throw new InvalidRecordException("Record " + sequence + " of writer '" + writerName + "' with timestamp " + time
                + " is late: it belongs to partition " + path + ", but " + newestPath
                + " was begun already; expected that partition or a later one. Store such records with"
                + " late.data.policy=allow, set them aside in " + aside + " with late.data.policy=route, or switch"
                + " the check off with validate.partition.order=false.");
    }

    /** The partition for late data: the same values, but null where the order is. */
    private String withoutOrder(String path) {
        PartitionValues values = scheme.parsePath(path);
        @Nullable Object[] aside = new @Nullable Object[scheme.fields().size()];
        for (int i = 0; i < aside.length; i++) {
            PartitionField field = scheme.fields().get(i);
            aside[i] = fields.contains(field) ? null : values.get(field.name());
        }
        return PartitionValues.of(scheme, aside).toPath();
    }

    private Optional<PartitionRank> rank(String path) {
        Optional<PartitionRank> rank = known.get(path);
        if (rank == null) {
            if (known.size() >= MAX_KNOWN) {
                known.clear();
            }
            rank = fields.isEmpty() ? Optional.empty() : PartitionRank.of(scheme.parsePath(path), fields);
            known.put(path, rank);
        }
        return rank;
    }
}
