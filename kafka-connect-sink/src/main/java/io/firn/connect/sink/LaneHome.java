package io.firn.connect.sink;

import io.firn.table.KafkaOrigin;
import io.firn.topic.TableTopics;
import java.nio.file.Path;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;

/** Where the lanes of a topic lie: a table, or a directory of series stores. Confined to the task's thread. */
interface LaneHome extends AutoCloseable {
    /**
     * A lane that is there.
     *
     * @param origin which topic, partition and generation it holds
     * @param position the offset that follows what it holds
     */
    record Known(KafkaOrigin origin, long position) {}

    /** What is there, looked at once for many partitions. */
    interface Lanes {
        /** The newest generation of a partition. */
        Optional<Known> newest(TopicPartition partition);
    }

    Path path();

    /** What is kept of the topics; empty where nothing is kept. */
    Optional<TableTopics> topics();

    Lanes lanes();

    /** Opens a lane; every earlier owner is fenced. */
    LaneWriter writer(KafkaOrigin origin, String owner);

    /** Who opened a lane last, for people. */
    String holder(KafkaOrigin origin);

    /** Tells the lifecycle that there was a commit; returns at once. */
    void notifyCommit();

    @Override
    void close();
}
