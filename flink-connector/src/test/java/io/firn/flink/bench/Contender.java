package io.firn.flink.bench;

import java.nio.file.Path;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * A job that is timed as a whole.
 *
 * @param name what it is called in the results
 * @param perSecond about how many records it handles in a second, to choose their number; measured in the first round
 * @param job builds the job
 */
record Contender(String name, long perSecond, Job job) {
    /** Builds a job that handles so many records. */
    @FunctionalInterface
    interface Job {
        void build(StreamExecutionEnvironment environment, long records, Path directory);
    }

    Contender at(long measuredPerSecond) {
        return new Contender(name, Math.max(1, measuredPerSecond), job);
    }
}
