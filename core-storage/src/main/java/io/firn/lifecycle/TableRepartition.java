package io.firn.lifecycle;

import io.firn.error.ConfigException;
import io.firn.error.FirnException;
import io.firn.lifecycle.RepartitionReport.WriterReport;
import io.firn.partition.PartitionMapping;
import io.firn.table.LaneInfo;
import io.firn.table.Table;
import io.firn.table.TableConfig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Copies a table into a new one with another partition scheme, exactly once, as often as it is run.
 *
 * <p>Every writer of the old table has one of the same name in the new one, with the same properties, sequences and
 * gaps, so that positions of readers and of sinks mean the same in both. Its position says how far the copy is: records
 * and position become durable with the same commit. A run that was killed at any moment is simply run again, and a run
 * beside a writer of the old table brings what the one before could not see. The old table is only read. At the end of
 * each writer both tables are read and compared. Confined to one thread.
 */
public final class TableRepartition {
    private final Table from;
    private final Table to;
    private final PartitionMapping mapping;
    private final LifecycleOptions options;

    private TableRepartition(Table from, Table to, PartitionMapping mapping, LifecycleOptions options) {
        this.from = from;
        this.to = to;
        this.mapping = mapping;
        this.options = options;
    }

    /**
     * Prepares a repartition.
     *
     * @param from the old table; the caller closes it
     * @param to the new one; the caller closes it
     * @param mapping how records are divided in the new table, with its scheme
     * @param options how the new table is settled meanwhile
     * @throws ConfigException when both are the same table, or the new one has another scheme
     */
    public static TableRepartition of(Table from, Table to, PartitionMapping mapping, LifecycleOptions options) {
        if (from.id().equals(to.id())) {
            throw new ConfigException(to.path() + " is the table that is read; give the new one another directory");
        }
        if (!to.scheme().equals(mapping.scheme())) {
            throw new ConfigException("The table " + to.path() + " is partitioned by ["
                    + to.scheme().describe() + "], not by [" + mapping.scheme().describe() + "]");
        }
        return new TableRepartition(from, to, mapping, options);
    }

    /** Opens the new table, or creates it with the options of the old one but for the partition fields. */
    public static Table openTarget(Table from, Path to, PartitionMapping mapping) {
        TableConfig config = from.config().toBuilder().partitionFields(mapping).build();
        return Table.openOrCreate(to, mapping.scheme(), config, from.environment());
    }

    /** Brings what is missing into the new table. */
    public RepartitionReport run() {
        return run(writer -> {});
    }

    /**
     * Brings what is missing into the new table; a writer that fails does not stop the others.
     *
     * @param progress is told of each writer when it is done
     */
    public RepartitionReport run(Consumer<WriterReport> progress) {
        List<WriterReport> writers = new ArrayList<>();
        List<String> failures = new ArrayList<>();
        Map<String, LaneInfo> copied = new HashMap<>();
        to.lanes().forEach(lane -> copied.put(lane.writer(), lane));
        try (LifecycleManager lifecycle = LifecycleManager.open(to, options)) {
            List<LaneInfo> lanes = from.lanes();
            from.schemas().copyTo(to.schemas()); // what is committed by now refers to no later one
            from.topics().copyTo(to.topics());
            for (LaneInfo lane : lanes) {
                LaneCopy copy = new LaneCopy(from, to, mapping, lane);
                try {
                    copy.run(copied.get(lane.writer()), () -> lifecycle.run(LifecycleRequest.due()));
                } catch (FirnException failed) {
                    failures.add("writer '" + lane.writer() + "': " + failed.getMessage());
                }
                writers.add(copy.report());
                progress.accept(copy.report());
            }
            lifecycle.run(LifecycleRequest.due()).errors().forEach(failures::add);
        }
        return new RepartitionReport(writers, failures);
    }
}
