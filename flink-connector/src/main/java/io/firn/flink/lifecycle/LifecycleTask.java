package io.firn.flink.lifecycle;

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
        run(work.ofPartitions(table), lines);
        run(work.afterPartitions(table), lines);
    }

    private void run(List<LifecycleUnit> units, Collector<String> lines) {
        for (LifecycleUnit unit : units) {
            LifecycleWork.Outcome outcome = work.run(unit);
            errors.add(outcome.errors());
            lines.collect(outcome.line());
        }
    }
}
