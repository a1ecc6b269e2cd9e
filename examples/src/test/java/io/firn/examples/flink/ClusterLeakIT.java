package io.firn.examples.flink;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.table.ScanOptions;
import io.firn.table.Table;
import io.firn.table.TableReader;
import io.firn.testing.TestProfile;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * What jobs leave behind in TaskManagers when the connector comes inside the user's jar, so that every job loads it in
 * a class loader of its own: nothing that grows, as soon as the engine's threads have been idle for half a minute.
 */
class ClusterLeakIT {
    private static final boolean STRESS = TestProfile.isStress();
    private static final int SUBMISSIONS = STRESS ? 20 : 6;
    private static final int RESTARTS = STRESS ? 50 : 10;
    /**
     * What the JDK keeps of the last loaders that it has seen, however many there were: for example
     * java.lang.runtime.ObjectMethods holds the type of the last record class whose equals() it has linked.
     */
    private static final long KEPT_BY_THE_JDK = 3;

    private static final Duration IDLE_TIMEOUT = Duration.ofMinutes(3);
    private static final String USER_CLASS_LOADER = "org.apache.flink.util.ChildFirstClassLoader";
    /** One for each class loader that has used a table. */
    private static final String SHARED_BY_A_LOADER = "io.firn.table.TableEnvironment";

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    static Path directory;

    private static FlinkProcesses cluster;

    @BeforeAll
    static void start() throws IOException {
        cluster = FlinkProcesses.start(directory.resolve("flink"));
    }

    @AfterAll
    static void stop() {
        if (cluster != null) {
            cluster.close();
        }
    }

    @Test
    void submissionsAndRestartsLeaveNoThreadMappingOrClassLoader() throws Exception {
        Path archive = directory.resolve("archive");
        Path jobJar = jobJar();
        run(jobJar, archive, "restarts", RESTARTS);
        for (int i = 0; i < SUBMISSIONS; i++) {
            run(jobJar, archive, "submissions", 0);
        }
        assertThat(records(archive.resolve("restarts"))).isEqualTo(2_000);
        assertThat(records(archive.resolve("submissions"))).isEqualTo(2_000L * SUBMISSIONS);
        for (String name : List.of("taskmanager-1", "taskmanager-2")) {
            JvmInspection jvm = new JvmInspection(cluster.pid(name));
            Awaitility.await(name)
                    .atMost(IDLE_TIMEOUT)
                    .pollInterval(Duration.ofSeconds(2))
                    .ignoreExceptionsInstanceOf(IOException.class) // of jcmd, when the JVM answers late
                    .untilAsserted(() -> {
                        assertThat(jvm.threads("firn")).isEmpty();
                        assertThat(jvm.mappings(archive)).isEmpty();
                        assertThat(jvm.instances(SHARED_BY_A_LOADER)).isLessThanOrEqualTo(KEPT_BY_THE_JDK);
                        assertThat(jvm.instances(USER_CLASS_LOADER)).isLessThanOrEqualTo(KEPT_BY_THE_JDK);
                    });
        }
    }

    private static void run(Path jobJar, Path archive, String table, int restarts) throws Exception {
        Configuration configuration = new Configuration();
        configuration.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, Duration.ofMillis(100));
        configuration.set(RestartStrategyOptions.RESTART_STRATEGY, "fixed-delay");
        configuration.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_ATTEMPTS, 2 * RESTARTS);
        configuration.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_DELAY, Duration.ofMillis(1));
        StreamExecutionEnvironment job = StreamExecutionEnvironment.createRemoteEnvironment(
                "127.0.0.1", cluster.restPort(), configuration, jobJar.toString(), ClusterLibrary.FAT_JAR.toString());
        job.setParallelism(2);
        RestartingJob.define(job, archive.toString(), table, restarts);
        JobClient client = job.executeAsync(table);
        cluster.awaitFinished(client.getJobID());
    }

    private static long records(Path directory) {
        try (Table table = Table.open(directory);
                TableReader reader = table.reader(ScanOptions.ALL)) {
            long count = 0;
            while (reader.next()) {
                count++;
            }
            return count;
        }
    }

    /** The classes of the job; the connector comes in the fat jar. */
    private static Path jobJar() throws IOException, URISyntaxException {
        Path jar = directory.resolve("job.jar");
        String prefix = RestartingJob.class.getSimpleName();
        Path classes =
                Path.of(RestartingJob.class.getResource(prefix + ".class").toURI());
        try (OutputStream file = Files.newOutputStream(jar);
                JarOutputStream out = new JarOutputStream(file);
                Stream<Path> siblings = Files.list(classes.resolveSibling(""))) {
            for (Path path : siblings.toList()) {
                String name = String.valueOf(path.getFileName());
                if (name.startsWith(prefix)) {
                    out.putNextEntry(
                            new JarEntry(RestartingJob.class.getPackageName().replace('.', '/') + "/" + name));
                    Files.copy(path, out);
                    out.closeEntry();
                }
            }
        }
        return jar;
    }
}
