package io.firn.flink.lifecycle;

import io.firn.error.FirnException;
import java.util.List;
import org.apache.flink.api.common.accumulators.IntCounter;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.functions.RichFlatMapFunction;
import org.apache.flink.util.Collector;

/** Does the work of a table, piece after piece, and reports each by a line. */
final class LifecycleTask extends RichFlatMapFunction<String, String> {
    private static final long serialVersionUID = 1L;

    private final LifecycleWork work;
    private final IntCounter errors = new IntCounter();

    LifecycleTask(LifecycleWork work) {
        this.work = work;
    }

    @Override
    public void open(OpenContext context) {
        getRuntimeContext().addAccumulator(FirnLifecycleJob.ERRORS, errors);
    }

    @Override
    public void flatMap(String table, Collector<String> lines) {
        run(work.beforePartitions(table), lines);
        runOfPartitions(table, lines);
        run(work.afterPartitions(table), lines);
    }

    /** A table that cannot be read fails for itself; the others are done. */
    private void runOfPartitions(String table, Collector<String> lines) {
        List<LifecycleUnit> units;
        try {
            units = work.ofPartitions(table);
        } catch (FirnException unreadable) {
            report(LifecycleWork.unreadable(table, unreadable), lines);
            return;
        }
        run(units, lines);
    }

    private void run(List<LifecycleUnit> units, Collector<String> lines) {
        units.forEach(unit -> report(work.run(unit), lines));
    }

    private void report(LifecycleWork.Outcome outcome, Collector<String> lines) {
        errors.add(outcome.errors());
        lines.collect(outcome.line());
    }
}
