package io.firn.connect.sink;

import io.firn.lifecycle.LifecycleManager;
import io.firn.partition.PartitionMapping;
import io.firn.table.LaneInfo;
import io.firn.table.Table;
import io.firn.table.TableWriter;
import io.firn.table.WriterOptions;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A table that the task has open, with its mapping and its lifecycle.
 *
 * <p>Confined to the task's thread.
 */
final class TableHandle implements AutoCloseable {
    private final Table table;
    private final PartitionMapping mapping;
    private final Optional<LifecycleManager> lifecycle;

    TableHandle(Table table, PartitionMapping mapping, Optional<LifecycleManager> lifecycle) {
        this.table = table;
        this.mapping = mapping;
        this.lifecycle = lifecycle;
    }

    Path path() {
        return table.path();
    }

    List<LaneInfo> lanes() {
        return table.lanes();
    }

    TableWriter writer(WriterOptions.Builder options) {
        return table.writer(options.mapping(mapping).takeOver(true).build());
    }

    /** Tells the lifecycle that there was a commit; returns at once. */
    void notifyCommit() {
        lifecycle.ifPresent(LifecycleManager::notifyCommit);
    }

    @Override
    public void close() {
        lifecycle.ifPresent(LifecycleManager::close);
        table.close();
    }
}
