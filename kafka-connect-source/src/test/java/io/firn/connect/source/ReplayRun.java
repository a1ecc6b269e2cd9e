package io.firn.connect.source;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.metrics.PluginMetrics;
import org.apache.kafka.connect.source.SourceConnectorContext;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.storage.OffsetStorageReader;
import org.jspecify.annotations.Nullable;

/**
 * The connector and its tasks over an archive on disk, with a clock that moves only when a task waits, and with the
 * offsets that a worker would store. It goes on after {@link #restart}.
 *
 * <p>Confined to one thread.
 */
final class ReplayRun implements AutoCloseable {
    static final long WALL_MS = Instant.parse("2026-11-21T00:00:00Z").toEpochMilli();

    private static final int MAX_POLLS = 1_000_000;

    private final Map<String, String> config;
    private final Map<Map<String, ?>, Map<String, ?>> offsets = new HashMap<>();
    private final List<FirnSourceTask> tasks = new ArrayList<>();
    private int maxTasks = 2;
    private long nowNs = 7;
    private long longestWaitNs;

    private ReplayRun(Map<String, String> config) {
        this.config = config;
    }

    /** Starts a replay of everything below a root, with more options as pairs of name and value. */
    static ReplayRun start(Path root, String... options) {
        Map<String, String> config = new HashMap<>();
        for (String part : List.of("key", "value", "header")) {
            config.put(part + ".converter", "org.apache.kafka.connect.converters.ByteArrayConverter");
        }
        config.put("name", "run");
        config.put("firn.path", root.toString());
        config.put("restore.preflight", "off");
        for (int i = 0; i < options.length; i += 2) {
            config.put(options[i], options[i + 1]);
        }
        ReplayRun run = new ReplayRun(config);
        run.startTasks();
        return run;
    }

    /** Changes an option; it counts from the next restart on. */
    ReplayRun with(String option, String value) {
        config.put(option, value);
        return this;
    }

    /** Changes the number of tasks; it counts from the next restart on. */
    ReplayRun withTasks(int most) {
        maxTasks = most;
        return this;
    }

    /** Ends the tasks and starts them again from the offsets of the records that were taken. */
    void restart() {
        close();
        startTasks();
    }

    /** Number of tasks. */
    int tasks() {
        return tasks.size();
    }

    /** The offsets that a worker would have stored. */
    Map<Map<String, ?>, Map<String, ?>> offsets() {
        return offsets;
    }

    /** The longest time that one poll waited. */
    long longestWaitMs() {
        return TimeUnit.NANOSECONDS.toMillis(longestWaitNs);
    }

    /** Time on the clock since the start. */
    long nowMs() {
        return TimeUnit.NANOSECONDS.toMillis(nowNs);
    }

    /** Lets time go by without a poll, as a paused worker does. */
    void passMs(long ms) {
        nowNs += TimeUnit.MILLISECONDS.toNanos(ms);
    }

    /** Polls the tasks in turn until they gave at least so many records. */
    List<Taken> take(int count) {
        List<Taken> taken = new ArrayList<>();
        for (int i = 0; taken.size() < count; i++) {
            if (i == MAX_POLLS) {
                throw new AssertionError("only " + taken.size() + " of " + count + " records came");
            }
            taken.addAll(poll());
        }
        return taken;
    }

    /** Polls until no task gives a record for some polls. */
    List<Taken> takeAll() {
        List<Taken> taken = new ArrayList<>();
        for (int idle = 0; idle < 50; idle++) {
            for (FirnSourceTask task : tasks) {
                List<Taken> polled = poll(task);
                taken.addAll(polled);
                idle = polled.isEmpty() ? idle : 0;
            }
        }
        return taken;
    }

    /** Polls each task once. */
    List<Taken> poll() {
        return tasks.stream().flatMap(task -> poll(task).stream()).toList();
    }

    private List<Taken> poll(FirnSourceTask task) {
        try {
            List<SourceRecord> records = task.poll();
            if (records == null) {
                return List.of();
            }
            for (SourceRecord record : records) {
                offsets.put(record.sourcePartition(), record.sourceOffset());
                task.commitRecord(record, null);
            }
            long atMs = nowMs();
            return records.stream().map(record -> new Taken(record, atMs)).toList();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    private void startTasks() {
        FirnSourceConnector connector = new FirnSourceConnector();
        connector.initialize(new NoWorker());
        connector.start(config);
        try {
            for (Map<String, String> task : connector.taskConfigs(maxTasks)) {
                FirnSourceTask started = new FirnSourceTask(SourceAccess.OF_PROCESS, clock());
                started.initialize(new FreshContext(offsets));
                started.start(task);
                tasks.add(started);
            }
        } finally {
            connector.stop();
        }
    }

    private ReplayClock clock() {
        return new ReplayClock(() -> nowNs, () -> Instant.ofEpochMilli(WALL_MS + nowMs()), (stopped, timeoutNs) -> {
            nowNs += timeoutNs;
            longestWaitNs = Math.max(longestWaitNs, timeoutNs);
            return false;
        });
    }

    @Override
    public void close() {
        tasks.forEach(FirnSourceTask::stop);
        tasks.clear();
    }

    /** Takes no notice of a connector's wishes. */
    private static final class NoWorker implements SourceConnectorContext {
        @Override
        public OffsetStorageReader offsetStorageReader() {
            return new FreshContext().offsetStorageReader();
        }

        @Override
        public void requestTaskReconfiguration() {
            // the tasks stay
        }

        @Override
        public void raiseError(Exception e) {
            throw new AssertionError(e);
        }

        @Override
        public @Nullable PluginMetrics pluginMetrics() {
            return null;
        }
    }

    /**
     * A record that a poll gave.
     *
     * @param record the record
     * @param atMs the time on the clock
     */
    record Taken(SourceRecord record, long atMs) {
        String value() {
            return new String((byte[]) record.value(), StandardCharsets.UTF_8);
        }

        @Nullable
        String header(String name) {
            var header = record.headers().lastWithName(name);
            return header == null ? null : new String((byte[]) header.value(), StandardCharsets.UTF_8);
        }
    }
}
