package io.firn.connect.sink;

import io.firn.connect.testing.TopicFeed;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.RangeAssignor;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.connect.connector.Task;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.runtime.TargetState;
import org.apache.kafka.connect.sink.SinkConnector;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.sink.SinkTask;
import org.apache.kafka.connect.sink.SinkTaskContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connector, whose task is told to run, as by a user who resumes it, in every rebalance: right before the worker
 * commits the offsets of what it takes away, while new records come; or, with {@link WakingAssignor}, right before the
 * worker asks where to read what it was given. For worker processes of tests with one task.
 */
public final class WokenSinkConnector extends SinkConnector {
    static final int NEW_RECORDS = 20;
    /** Whether the task is woken in the commit. */
    static final String WAKE_IN_COMMIT = "wake.in.commit";

    private static final Logger LOG = LoggerFactory.getLogger(WokenSinkConnector.class);
    private static final AtomicReference<@Nullable Runnable> WAKER = new AtomicReference<>();

    private final FirnSinkConnector connector = new FirnSinkConnector();

    /** Creates one. */
    public WokenSinkConnector() {}

    @Override
    public void start(Map<String, String> properties) {
        connector.start(properties);
    }

    @Override
    public Class<? extends Task> taskClass() {
        return WokenTask.class;
    }

    @Override
    public List<Map<String, String>> taskConfigs(int maxTasks) {
        return connector.taskConfigs(maxTasks);
    }

    @Override
    public void stop() {
        connector.stop();
    }

    @Override
    public ConfigDef config() {
        return connector.config();
    }

    @Override
    public String version() {
        return connector.version();
    }

    /** The task, and who wakes its consumer. */
    public static final class WokenTask extends SinkTask {
        private final FirnSinkTask task = new FirnSinkTask();
        private @Nullable TopicFeed feed;
        private long delivered;

        /** Creates one. */
        public WokenTask() {}

        @Override
        public void initialize(SinkTaskContext workers) {
            super.initialize(workers);
            task.initialize(workers);
        }

        @Override
        public void start(Map<String, String> properties) {
            if (Boolean.parseBoolean(properties.get(WAKE_IN_COMMIT))) {
                feed = TopicFeed.open(properties.getOrDefault("source.bootstrap.servers", ""));
            }
            WAKER.set(this::resume);
            task.start(properties);
        }

        @Override
        public void open(Collection<TopicPartition> partitions) {
            task.open(partitions);
        }

        @Override
        public void put(Collection<SinkRecord> records) {
            task.put(records);
            delivered += records.size();
            LOG.info("delivered={}", delivered);
        }

        @Override
        public Map<TopicPartition, OffsetAndMetadata> preCommit(Map<TopicPartition, OffsetAndMetadata> offsets) {
            return task.preCommit(offsets);
        }

        @Override
        public void close(Collection<TopicPartition> partitions) {
            task.close(partitions);
            if (feed != null && !context.assignment().isEmpty()) {
                sendNew(feed, partitions);
                resume();
                LOG.info("woken partitions={}", partitions);
            }
        }

        private static void sendNew(TopicFeed feed, Collection<TopicPartition> partitions) {
            for (TopicPartition partition : partitions) {
                for (int i = 0; i < NEW_RECORDS; i++) {
                    feed.send(new ProducerRecord<>(partition.topic(), partition.partition(), 0L, null, new byte[] {1}));
                }
            }
            feed.flush();
        }

        /** The same call that the worker makes when a user resumes or pauses the connector. */
        private void resume() {
            try {
                Field field = context.getClass().getDeclaredField("sinkTask");
                field.setAccessible(true);
                Object workerTask = field.get(context);
                Method method = workerTask.getClass().getDeclaredMethod("transitionTo", TargetState.class);
                method.setAccessible(true);
                method.invoke(workerTask, TargetState.STARTED);
            } catch (ReflectiveOperationException e) {
                throw new ConnectException("the worker's task is another one", e);
            }
        }

        @Override
        public void stop() {
            task.stop();
            if (feed != null) {
                feed.close();
            }
        }

        @Override
        public String version() {
            return task.version();
        }
    }

    /** Wakes the task when its consumer has a new assignment, before the worker is told. */
    public static final class WakingAssignor extends RangeAssignor {
        /** Creates one. */
        public WakingAssignor() {}

        @Override
        public void onAssignment(Assignment assignment, ConsumerGroupMetadata metadata) {
            super.onAssignment(assignment, metadata);
            Runnable waker = WAKER.get();
            if (waker != null) {
                waker.run();
            }
            LOG.info("woken assignment={}", assignment.partitions());
        }
    }
}
