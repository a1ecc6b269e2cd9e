package io.firn.flink.lifecycle;

import io.firn.error.ConfigException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.api.common.JobExecutionResult;
import org.apache.flink.api.common.RuntimeExecutionMode;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * The lifecycle of all tables of an archive as a bounded job, spread over the TaskManagers: one subtask does the work
 * of a table, partition after partition, and several tables are worked on side by side.
 *
 * <p>Arguments: {@code --path <archive> --steps expire,settle,compact,compress,verify}. Every host must see the archive
 * at that path. A job that is cancelled or fails leaves every table as if the piece at hand had not been begun; start
 * it again.
 */
public final class FirnLifecycleJob {
    /** Accumulator: how many pieces of work failed, or were left to another maintainer. */
    public static final String ERRORS = "firn.lifecycle.errors";

    private static final String PATH = "--path";
    private static final String STEPS = "--steps";
    private static final String ALL_STEPS = "settle,compress";

    private FirnLifecycleJob() {}

    /**
     * Runs the job and prints a line for each piece of work.
     *
     * @throws IllegalStateException when a piece failed, after all others were done
     */
    public static void main(String[] arguments) throws Exception {
        Map<String, String> options = options(arguments);
        String path = options.get(PATH);
        if (path == null) {
            throw new ConfigException("--path is missing: give the directory of the archive");
        }
        StreamExecutionEnvironment job = StreamExecutionEnvironment.getExecutionEnvironment();
        job.setRuntimeMode(RuntimeExecutionMode.BATCH);
        build(job, path, options.getOrDefault(STEPS, ALL_STEPS)).print();
        JobExecutionResult result = job.execute("firn lifecycle of " + path);
        Integer errors = result.getAccumulatorResult(ERRORS);
        if (errors != null && errors > 0) {
            throw new IllegalStateException(errors + " pieces of work failed; the job's output names them");
        }
    }

    /**
     * Adds the work to a job.
     *
     * @param path the archive
     * @param steps a list of {@link LifecycleStep}s
     * @return a line for each piece of work
     */
    public static DataStream<String> build(StreamExecutionEnvironment job, String path, String steps) {
        LifecycleWork work = new LifecycleWork(path, LifecycleStep.parse(steps));
        return job.fromData(path)
                .flatMap(new ListTables())
                .returns(Types.STRING)
                .name("tables")
                .rebalance()
                .flatMap(new LifecycleTask(work))
                .returns(Types.STRING)
                .name("lifecycle");
    }

    private static Map<String, String> options(String[] arguments) {
        Map<String, String> options = new TreeMap<>();
        for (int i = 0; i < arguments.length; i += 2) {
            if (!List.of(PATH, STEPS).contains(arguments[i]) || i + 1 == arguments.length) {
                throw new ConfigException("Unknown or incomplete argument '" + arguments[i]
                        + "'; use --path <archive> [--steps expire,settle,compact,compress,verify]");
            }
            options.put(arguments[i], arguments[i + 1]);
        }
        return options;
    }
}
