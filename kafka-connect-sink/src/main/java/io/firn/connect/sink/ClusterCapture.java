package io.firn.connect.sink;

import io.firn.connect.sink.CaptureJob.Watched;
import io.firn.table.KafkaOrigin;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Captures what the source cluster knows of the topics that a task archives, in a thread of its own: records and
 * commits never wait for it. The task that archives partition 0 of a topic captures it.
 *
 * <p>Thread-safe.
 */
final class ClusterCapture implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ClusterCapture.class);
    private static final Duration CLOSE_TIMEOUT = Duration.ofMillis(500);

    private final Map<String, Watched> topics = new ConcurrentHashMap<>();
    private final Map<CaptureJob, Duration> jobs;
    private final ScheduledExecutorService executor;
    private final AtomicBoolean asked = new AtomicBoolean();

    /**
     * Creates a capture.
     *
     * @param jobs what is captured, and how often
     */
    ClusterCapture(Map<CaptureJob, Duration> jobs) {
        this.jobs = new LinkedHashMap<>(jobs);
        this.executor = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "firn-cluster-capture");
            thread.setDaemon(true);
            return thread;
        });
    }

    /** What a configuration wants to have captured; nothing where the cluster cannot be asked. */
    static ClusterCapture start(FirnSinkConfig config, SourceCluster cluster, InstantSource clock) {
        Map<CaptureJob, Duration> jobs = new LinkedHashMap<>();
        cluster.admin().ifPresent(admin -> {
            CaptureOptions.topicConfigInterval(config)
                    .ifPresent(interval -> jobs.put(new TopicConfigCapture(new ClusterTopics(admin, clock)), interval));
            CaptureOptions.groups(config)
                    .ifPresent(groups -> jobs.put(
                            new GroupOffsetCapture(new ClusterGroups(admin), groups),
                            CaptureOptions.groupsInterval(config)));
        });
        return new ClusterCapture(jobs).start();
    }

    @SuppressWarnings("FutureReturnValueIgnored") // a job reports its failures itself
    private ClusterCapture start() {
        jobs.forEach((job, interval) -> executor.scheduleWithFixedDelay(
                () -> run(job), interval.toMillis(), interval.toMillis(), TimeUnit.MILLISECONDS));
        return this;
    }

    /** Watches the topic of a lane that the task has opened. */
    void opened(LaneHome home, KafkaOrigin origin) {
        if (origin.partition() == 0) {
            home.topics().ifPresent(files -> topics.put(origin.topic(), new Watched(files, origin.topicId())));
        }
    }

    /** Does not watch the topic of a lane any more. */
    void closed(TopicPartition partition) {
        if (partition.partition() == 0) {
            topics.remove(partition.topic());
        }
    }

    /** Captures at the next opportunity; returns at once. */
    void soon() {
        if (!jobs.isEmpty() && asked.compareAndSet(false, true)) {
            executor.execute(() -> {
                asked.set(false);
                jobs.keySet().forEach(this::run);
            });
        }
    }

    private void run(CaptureJob job) {
        try {
            job.run(Map.copyOf(topics));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException | LinkageError e) { // an older worker may have an older client
            LOG.warn("capture failed and is tried again: topics={}", topics.keySet(), e);
        }
    }

    /** Ends; what is being captured has half a second to become durable. */
    @Override
    public void close() {
        executor.shutdown();
        try {
            if (!executor.awaitTermination(CLOSE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
                executor.shutdownNow();
            }
        } catch (InterruptedException e) {
            executor.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }
}
