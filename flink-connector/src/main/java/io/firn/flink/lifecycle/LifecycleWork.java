package io.firn.flink.lifecycle;

import io.firn.error.FirnException;
import io.firn.flink.TableLocation;
import io.firn.lifecycle.LifecycleManager;
import io.firn.lifecycle.LifecycleOptions;
import io.firn.lifecycle.LifecycleRequest;
import io.firn.lifecycle.LifecycleStats;
import io.firn.lifecycle.verify.TableVerifier;
import io.firn.lifecycle.verify.VerifyReport;
import io.firn.partition.PartitionFilter;
import io.firn.partition.PartitionValues;
import io.firn.table.PartitionInfo;
import io.firn.table.Table;
import java.io.Serializable;
import java.util.List;

/**
 * Does pieces of work with the engine.
 *
 * @param root the archive
 * @param steps what to do
 */
record LifecycleWork(String root, List<LifecycleStep> steps) implements Serializable {
    private static final long serialVersionUID = 1L;

    LifecycleWork {
        steps = List.copyOf(steps);
        TableLocation.of(root, "any");
    }

    /** What came of a piece: a line for people, and how much of it failed. */
    record Outcome(String line, int errors) {}

    /** The steps for the table as a whole that come before those of its partitions. */
    List<LifecycleUnit> beforePartitions(String table) {
        return steps.stream()
                .filter(step -> !step.isOfPartition() && step != LifecycleStep.VERIFY)
                .map(step -> new LifecycleUnit(table, "", step))
                .toList();
    }

    /**
     * The steps for the partitions that the table has now.
     *
     * @throws FirnException when the table cannot be read
     */
    List<LifecycleUnit> ofPartitions(String table) {
        try (Table opened = open(table)) {
            return opened.contents().partitions().stream()
                    .map(PartitionInfo::path)
                    .flatMap(partition -> steps.stream()
                            .filter(LifecycleStep::isOfPartition)
                            .map(step -> new LifecycleUnit(table, partition, step)))
                    .toList();
        }
    }

    /** What comes after everything else. */
    List<LifecycleUnit> afterPartitions(String table) {
        return steps.contains(LifecycleStep.VERIFY)
                ? List.of(new LifecycleUnit(table, "", LifecycleStep.VERIFY))
                : List.of();
    }

    /** Does one piece; what fails is in the outcome. */
    Outcome run(LifecycleUnit unit) {
        String what = unit + ": ";
        try (Table table = open(unit.table())) {
            return unit.step() == LifecycleStep.VERIFY ? verify(what, table) : rewrite(what, table, unit);
        } catch (FirnException failed) {
            return new Outcome(what + "failed: " + failed.getMessage(), 1);
        }
    }

    /** Says that the partitions of a table could not be listed. */
    static Outcome unreadable(String table, FirnException failed) {
        return new Outcome("list " + table + ": failed: " + failed.getMessage(), 1);
    }

    private Outcome rewrite(String what, Table table, LifecycleUnit unit) {
        LifecycleRequest request = unit.step().request();
        if (!unit.partition().isEmpty()) {
            PartitionValues values = table.scheme().parsePath(unit.partition());
            request = request.where(PartitionFilter.and(table.scheme().fields().stream()
                    .map(field -> PartitionFilter.exact(field.name(), values.get(field.name())))
                    .toArray(PartitionFilter[]::new)));
        }
        try (LifecycleManager manager = LifecycleManager.open(table, LifecycleOptions.defaults())) {
            LifecycleStats stats = manager.run(request);
            return new Outcome(
                    what + stats, stats.errors().size() + stats.skipped().size());
        }
    }

    private static Outcome verify(String what, Table table) {
        VerifyReport report = TableVerifier.verify(table);
        return new Outcome(what + (report.isSound() ? "sound" : report.toString()), report.isSound() ? 0 : 1);
    }

    private Table open(String table) {
        return TableLocation.of(root, table).open();
    }
}
