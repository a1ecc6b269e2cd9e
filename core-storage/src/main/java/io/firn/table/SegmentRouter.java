package io.firn.table;

import io.firn.error.ConfigException;
import io.firn.log.TableLayout;
import io.firn.partition.PartitionMapping;
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
    private final @Nullable String partition;
    private final RecordOrigin origin;

    private SegmentRouter(
            WriterOptions options, Path directory, @Nullable PartitionMapping mapping, @Nullable String partition) {
        this.writerName = options.name();
        this.directory = directory;
        this.mapping = mapping;
        this.partition = partition;
        this.origin = options.origin();
    }

    static SegmentRouter of(Table table, WriterOptions options) {
        TableLayout layout = table.layout();
        if (options.mapping().isPresent()) {
            PartitionMapping mapping = options.mapping().get();
            if (!mapping.scheme().equals(table.scheme())) {
                throw new ConfigException("The mapping of writer '" + options.name() + "' makes partitions ["
                        + mapping.scheme() + "], but the table " + table.path() + " has [" + table.scheme() + "]");
            }
            return new SegmentRouter(options, layout.hot(), mapping, null);
        }
        Optional<String> partition = options.partition().map(values -> values.toPath());
        if (partition.isEmpty() && !table.scheme().fields().isEmpty()) {
            throw new ConfigException("The table " + table.path() + " is partitioned by [" + table.scheme()
                    + "]: give writer '" + options.name() + "' a mapping or one partition");
        }
        String path = partition.orElse("");
        Path directory = path.isEmpty() ? layout.hot() : layout.root().resolve(path);
        return new SegmentRouter(options, directory, null, path);
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
            throw new IllegalStateException(
                    "Writer '" + writerName + "' routes by the record's fields; append a StreamRecord, not bare bytes");
        }
        return partition;
    }

    String partitionOf(StreamRecord record) {
        return mapping == null ? onlyPartition() : mapping.pathFor(record, origin);
    }
}
