package io.firn.connect.sink;

import io.firn.connect.common.AdminReply;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.errors.ConnectException;
import org.jspecify.annotations.Nullable;

/**
 * What the cluster says of a topic, when {@code source.bootstrap.servers} is set: Connect itself tells a task neither
 * the topic's id nor where its log begins and ends.
 *
 * <p>Confined to the task's thread.
 */
final class SourceCluster implements AutoCloseable {
    private static final Duration TIMEOUT = Duration.ofSeconds(20);

    private final @Nullable Admin admin;

    private SourceCluster(@Nullable Admin admin) {
        this.admin = admin;
    }

    /**
     * Opens a client.
     *
     * @param client settings of the admin client, empty when the cluster is not to be asked
     */
    static SourceCluster open(Map<String, Object> client) {
        return new SourceCluster(client.isEmpty() ? null : Admin.create(client));
    }

    /** The client, for those who ask for more; empty when the cluster is not to be asked. */
    Optional<Admin> admin() {
        return Optional.ofNullable(admin);
    }

    /**
     * A partition as the cluster has it now.
     *
     * @param clusterId id of the cluster
     * @param topicId id of the topic, another one when the topic was deleted and made again
     * @param logStart the first offset that can be read
     * @param logEnd the offset after the last record
     */
    record Log(String clusterId, String topicId, long logStart, long logEnd) {}

    /** Asks for one partition; empty when the cluster is not to be asked. */
    Optional<Log> describe(TopicPartition partition) {
        Admin client = admin;
        if (client == null) {
            return Optional.empty();
        }
        try {
            String topic = partition.topic();
            return Optional.of(new Log(
                    AdminReply.await(client.describeCluster().clusterId(), TIMEOUT),
                    AdminReply.await(
                                    client.describeTopics(List.of(topic))
                                            .topicNameValues()
                                            .get(topic),
                                    TIMEOUT)
                            .topicId()
                            .toString(),
                    offset(client, partition, OffsetSpec.earliest()),
                    offset(client, partition, OffsetSpec.latest())));
        } catch (ExecutionException | TimeoutException e) {
            throw new ConnectException(
                    "Cannot ask the cluster about " + partition + ": " + e.getMessage()
                            + ". Check " + FirnSinkConfig.SOURCE_SERVERS + " and the other "
                            + FirnSinkConfig.SOURCE_PREFIX
                            + "* settings (they need DESCRIBE on the topic), or remove them.",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ConnectException("Interrupted while asking the cluster about " + partition, e);
        }
    }

    private static long offset(Admin client, TopicPartition partition, OffsetSpec spec)
            throws ExecutionException, TimeoutException, InterruptedException {
        ListOffsetsResult offsets = client.listOffsets(Map.of(partition, spec));
        return AdminReply.await(offsets.partitionResult(partition), TIMEOUT).offset();
    }

    @Override
    public void close() {
        if (admin != null) {
            admin.close(Duration.ZERO);
        }
    }
}
