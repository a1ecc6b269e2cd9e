package io.firn.flink.testing;

import java.nio.file.Path;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.source.util.ratelimit.RateLimiterStrategy;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.connector.datagen.source.DataGeneratorSource;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.jspecify.annotations.Nullable;

/**
 * A job that sends the numbers from 0 into a sink, each at its number of milliseconds since the epoch.
 *
 * @param numbers how many numbers
 * @param perSecond how many each second
 * @param parallelism of source and sink
 * @param checkpointMs time between checkpoints
 * @param savepoint where to begin, null at the beginning
 * @param shared whether all subtasks of the sink get numbers, also where those of the source have none
 */
public record NumberJob(
        long numbers,
        double perSecond,
        int parallelism,
        long checkpointMs,
        @Nullable String savepoint,
        boolean shared) {
    /** So that a savepoint of one parallelism can be restored with another one. */
    private static final int MAX_PARALLELISM = 8;

    /** Numbers at a rate, in two subtasks with four checkpoints a second. */
    public static NumberJob of(long numbers, double perSecond) {
        return new NumberJob(numbers, perSecond, 2, 250, null, false);
    }

    /** The same at another rate. */
    public NumberJob atRate(double numbersPerSecond) {
        return new NumberJob(numbers, numbersPerSecond, parallelism, checkpointMs, savepoint, shared);
    }

    /** The same with another parallelism. */
    public NumberJob inParallel(int subtasks) {
        return new NumberJob(numbers, perSecond, subtasks, checkpointMs, savepoint, shared);
    }

    /** The same with another time between checkpoints. */
    public NumberJob checkpointEvery(long millis) {
        return new NumberJob(numbers, perSecond, parallelism, millis, savepoint, shared);
    }

    /** The same from a savepoint. */
    public NumberJob from(String path) {
        return new NumberJob(numbers, perSecond, parallelism, checkpointMs, path, shared);
    }

    /** The same with all numbers shared out among the subtasks of the sink. */
    public NumberJob sharedOut() {
        return new NumberJob(numbers, perSecond, parallelism, checkpointMs, savepoint, true);
    }

    /** The job, ready to be executed. */
    public StreamExecutionEnvironment into(Sink<Long> sink, Path directory) {
        Configuration configuration = Restarts.atOnce();
        configuration.set(
                CheckpointingOptions.CHECKPOINTS_DIRECTORY,
                directory.resolve("checkpoints").toUri().toString());
        if (savepoint != null) {
            configuration.addAll(Savepoints.restoring(savepoint));
        }
        StreamExecutionEnvironment job = StreamExecutionEnvironment.getExecutionEnvironment(configuration);
        job.enableCheckpointing(checkpointMs);
        job.setParallelism(parallelism);
        job.setMaxParallelism(MAX_PARALLELISM);
        DataStream<Long> mapped = job.fromSource(
                        new DataGeneratorSource<>(
                                number -> number, numbers, RateLimiterStrategy.perSecond(perSecond), Types.LONG),
                        WatermarkStrategy.<Long>forMonotonousTimestamps()
                                .withTimestampAssigner((number, unused) -> number),
                        "numbers")
                .uid("numbers")
                .map(number -> {
                    FailurePoint.MAP.arrive();
                    return number;
                })
                .returns(Types.LONG)
                .uid("map");
        (shared ? mapped.rebalance() : mapped).sinkTo(sink).uid("firn");
        return job;
    }
}
