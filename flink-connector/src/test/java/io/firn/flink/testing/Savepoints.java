package io.firn.flink.testing;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.SavepointFormatType;

/** Savepoints of jobs, below the directory of a test. */
public final class Savepoints {
    private static final long PATIENCE_SECONDS = 60;

    private Savepoints() {}

    /** Stops a job; returns where its savepoint is. */
    public static String stop(JobClient job, Path directory) throws Exception {
        return job.stopWithSavepoint(false, below(directory), SavepointFormatType.CANONICAL)
                .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    /** Takes a savepoint of a job that goes on. */
    public static String take(JobClient job, Path directory) throws Exception {
        return job.triggerSavepoint(below(directory), SavepointFormatType.CANONICAL)
                .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    /** What a job is made with that is to go on from a savepoint. */
    public static Configuration restoring(String savepoint) {
        return new Configuration().set(StateRecoveryOptions.SAVEPOINT_PATH, savepoint);
    }

    private static String below(Path directory) {
        return directory.resolve("savepoints").toUri().toString();
    }
}
