package io.firn.table;

import io.firn.error.ConfigException;
import io.firn.log.TableLayout;
import io.firn.partition.PartitionMapping;
import io.firn.partition.PartitionScheme;
import io.firn.partition.PartitionValues;
import io.firn.partition.RecordOrigin;
import io.firn.record.StreamRecord;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where a writer's records go: all into one segment of mixed partitions, or into the directory of one partition.
 *
 * <p>Confined to its writer's monitor.
 */
final class SegmentRouter {
    private final String writerName;
    private final Path directory;
    private final @Nullable PartitionMapping mapping;
    private final @Nullable Roller roller;
    private final @Nullable PartitionOrder order;
    private final @Nullable String partition;
    private final RecordOrigin origin;

    private SegmentRouter(
            WriterOptions options, Path directory, @Nullable PartitionOrder order, @Nullable String partition) {
        this.writerName = options.name();
        this.directory = directory;
        this.mapping = options.mapping().orElse(null);
        this.roller = options.roller().orElse(null);
        this.order = order;
        this.partition = partition;
        this.origin = options.origin();
    }

    static SegmentRouter of(Table table, WriterOptions options, @Nullable PartitionOrder order) {
        TableLayout layout = table.layout();
        Optional<PartitionScheme> made = options.mapping()
                .map(PartitionMapping::scheme)
                .or(() -> options.roller().map(Roller::scheme))
                .or(options::givenScheme);
        if (made.isPresent()) {
            requireScheme(table, made.get(), options);
            return new SegmentRouter(options, layout.hot(), order, null);
        }
        Optional<String> partition = options.partition().map(values -> values.toPath());
        if (partition.isEmpty() && !table.scheme().fields().isEmpty()) {
            throw new ConfigException("The table " + table.path() + " is partitioned by ["
                    + table.scheme().describe() + "]: give writer '" + options.name() + "' a mapping or one partition");
        }
        String path = partition.orElse("");
        Path directory = path.isEmpty() ? layout.hot() : layout.root().resolve(path);
        return new SegmentRouter(options, directory, null, path);
    }

    private static void requireScheme(Table table, PartitionScheme made, WriterOptions options) {
        if (!made.equals(table.scheme())) {
            throw new ConfigException("The " + kindOf(options) + " of writer '"
                    + options.name() + "' makes partitions [" + made.describe() + "], but the table "
                    + table.path() + " has [" + table.scheme().describe() + "]; write with those fields");
        }
    }

    private static String kindOf(WriterOptions options) {
        if (options.mapping().isPresent()) {
            return "mapping";
        }
        return options.roller().isPresent() ? "roller" : "given scheme";
    }

    String writerName() {
        return writerName;
    }

    /** The directory of the writer's segments. */
    Path directory() {
        return directory;
    }

    /** The one partition of all records; empty for a segment of mixed partitions. */
    Optional<String> fixedPartition() {
        return Optional.ofNullable(partition);
    }

    /** The partition of all records. */
    String onlyPartition() {
        if (partition == null) {
            throw new IllegalStateException("Writer '" + writerName
                    + "' writes to many partitions: append a StreamRecord, and its partition where no"
                    + " mapping says it");
        }
        return partition;
    }

    /** The partition that a record belongs to. */
    String partitionOf(StreamRecord record) {
        if (mapping != null) {
            return mapping.pathFor(record, origin);
        }
        return roller == null ? onlyPartition() : rolled(roller, record);
    }

    private String rolled(Roller given, StreamRecord record) {
        PartitionValues values = given.partitionOf(record);
        if (!values.scheme().equals(given.scheme())) {
            throw new ConfigException("The roller of writer '" + writerName + "' made " + values.toPath()
                    + ", which is not of its scheme [" + given.scheme().describe() + "]");
        }
        return values.toPath();
    }

    /** Refuses a partition that the caller gives where the writer itself says where its records go. */
    void requireGiven(PartitionValues given) {
        boolean decidesItself = mapping != null || roller != null || partition != null;
        if (decidesItself && !given.toPath().equals(partition)) {
            throw new ConfigException("Writer '" + writerName + "' says itself where its records go, but the partition "
                    + given.toPath() + " was given with one; open it with partitionsGiven");
        }
    }

    /** The partition in which a record of a partition is stored: another one when it is late. */
    String place(String partitionPath, long sequence, StreamRecord record) {
        return order == null ? partitionPath : order.place(partitionPath, sequence, record);
    }

    /** A record was written to a partition. */
    void appended(String partitionPath) {
        if (order != null) {
            order.appended(partitionPath);
        }
    }
}
