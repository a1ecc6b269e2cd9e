package io.firn.examples.flink;

import io.firn.connect.testing.Waiting;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.flink.api.common.JobID;

/**
 * The cluster of {@code flink-cluster/cluster.sh}: a ZooKeeper server, a JobManager that finds its jobs there again,
 * and TaskManagers with two slots each, all in processes of their own. Firn's fat jar lies in {@code lib}; memory is what
 * Flink's own scripts would set, with the default {@code task.off-heap.size} of 0. It goes down with this JVM.
 *
 * <p>Confined to one thread.
 */
final class FlinkProcesses implements AutoCloseable {
    private static final Path SCRIPT = Path.of("flink-cluster", "cluster.sh").toAbsolutePath();
    private static final Duration SCRIPT_TIMEOUT = Duration.ofMinutes(2);
    private static final Duration JOB_TIMEOUT = Duration.ofMinutes(3);
    private static final int LOG_LINES = 30;
    /** Below the ports that the system gives out: what is free now is bound later, by another process. */
    private static final int FIRST_PORT = 20_000;

    private static final int PORTS = 12_000;
    /** Other test JVMs begin elsewhere. */
    private static final AtomicInteger NEXT_PORT =
            new AtomicInteger(ThreadLocalRandom.current().nextInt(PORTS));

    private final Path work;
    private final Map<String, String> environment;
    private final int restPort = freePort();
    private final FlinkRest rest = new FlinkRest(restPort);
    private final Process guard;

    private FlinkProcesses(Path work) throws IOException {
        this.work = work;
        this.environment = Map.of(
                "FLINK_WORK",
                work.toString(),
                "FLINK_LIB",
                ClusterLibrary.link(work.resolve("lib")).toString(),
                "FLINK_CONFIG",
                configuration().toString(),
                "FLINK_JVM_OPTIONS",
                // a collection frees what only caches (soft references) hold, so that the rest is a leak
                "-XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xshare:auto -XX:SoftRefLRUPolicyMSPerMB=0",
                "FLINK_REST_PORT",
                Integer.toString(restPort),
                "FLINK_ZOOKEEPER_PORT",
                Integer.toString(freePort()),
                "JAVA_HOME",
                System.getProperty("java.home"));
        // when this JVM ends, however it ends, so does the pipe
        this.guard = process("sh", "-c", "read -r line; exec \"$0\" down", SCRIPT.toString());
    }

    /** Starts everything and waits until both TaskManagers have registered. */
    static FlinkProcesses start(Path directory) throws IOException {
        FlinkProcesses cluster = new FlinkProcesses(Files.createDirectories(directory));
        try {
            cluster.script("up", "--ha");
            return cluster;
        } catch (RuntimeException failed) {
            cluster.close();
            throw failed;
        }
    }

    /** Port of the JobManager, also of the next one. */
    int restPort() {
        return restPort;
    }

    FlinkRest rest() {
        return rest;
    }

    /** Runs the script to its end and gives what it says. */
    String script(String... arguments) {
        try {
            Path out = Files.createTempFile(work, "script", ".log");
            Process process = process(out, Stream.concat(Stream.of(SCRIPT.toString()), Stream.of(arguments)));
            if (!process.waitFor(SCRIPT_TIMEOUT.toSeconds(), TimeUnit.SECONDS) || process.exitValue() != 0) {
                process.destroyForcibly();
                throw new IllegalStateException(
                        "cluster.sh " + List.of(arguments) + " failed: " + Files.readString(out) + logs());
            }
            return Files.readString(out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    /** Id of a process, for example {@code taskmanager-1}. */
    long pid(String name) {
        try {
            return Long.parseLong(
                    Files.readString(work.resolve("run").resolve(name)).strip());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** {@code kill -9}, and a new process of the same name. */
    void killAndStart(String name) {
        script("kill", name);
        Waiting.until(
                "the end of " + name,
                JOB_TIMEOUT,
                () -> !ProcessHandle.of(pid(name)).map(ProcessHandle::isAlive).orElse(false));
        script("start", name);
    }

    /** Waits until all tasks of a job run and it has completed so many checkpoints under the present JobManager. */
    void awaitCheckpoints(JobID job, int count) {
        await(count + " checkpoints of " + job, () -> rest.runs(job) && rest.checkpoints(job) >= count);
    }

    /** Waits for something that a job does; an exception of the condition counts as "not yet". */
    void await(String what, Callable<Boolean> condition) {
        Waiting.until(what, JOB_TIMEOUT, condition, this::logs);
    }

    /** Waits until a job has ended well. */
    void awaitFinished(JobID job) {
        await("the end of " + job, () -> {
            String state = rest.state(job);
            if (state.equals("FAILED") || state.equals("CANCELED")) {
                throw new AssertionError("the job is " + state + ": " + rest.exceptions(job));
            }
            return state.equals("FINISHED");
        });
    }

    /** The last lines of every log. */
    String logs() {
        try (Stream<Path> files = Files.list(work.resolve("log"))) {
            return files.sorted().map(FlinkProcesses::end).collect(Collectors.joining("\n", "\n", "\n"));
        } catch (IOException e) {
            return "no logs: " + e;
        }
    }

    private static String end(Path log) {
        try {
            List<String> lines = Files.readAllLines(log);
            List<String> last = lines.subList(Math.max(0, lines.size() - LOG_LINES), lines.size());
            return "== " + log.getFileName() + "\n" + String.join("\n", last);
        } catch (IOException e) {
            return "no log: " + e;
        }
    }

    /**
     * The user's configuration with shorter delays. A killed TaskManager is found by two heartbeats that do not reach
     * it, a killed JobManager by ZooKeeper; the timeout is for processes that are alive, but slow.
     */
    private Path configuration() throws IOException {
        String text = Files.readString(SCRIPT.resolveSibling("config.yaml"))
                .replace("heartbeat.interval: 1000", "heartbeat.interval: 500")
                .replace("heartbeat.timeout: 5000", "heartbeat.timeout: 30000")
                .replace("fixed-delay.delay: 1 s", "fixed-delay.delay: 200 ms")
                .concat("web.refresh-interval: 100\n");
        return Files.writeString(work.resolve("config.yaml"), text);
    }

    private Process process(String... command) throws IOException {
        return process(work.resolve("guard.log"), Stream.of(command));
    }

    private Process process(Path out, Stream<String> command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command.toList())
                .directory(work.toFile())
                .redirectErrorStream(true)
                .redirectOutput(out.toFile());
        builder.environment().putAll(environment);
        return builder.start();
    }

    /** A port that nobody listens at; another one each time. */
    private static int freePort() {
        for (int tries = 0; tries < PORTS; tries++) {
            int port = FIRST_PORT + NEXT_PORT.getAndIncrement() % PORTS;
            if (isFree(port)) {
                return port;
            }
        }
        throw new IllegalStateException("no free port from " + FIRST_PORT + " to " + (FIRST_PORT + PORTS - 1));
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.isBound();
        } catch (BindException taken) {
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            guard.getOutputStream().close();
            if (!guard.waitFor(SCRIPT_TIMEOUT.toSeconds(), TimeUnit.SECONDS)) {
                throw new IllegalStateException("the cluster does not go down" + logs());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}
