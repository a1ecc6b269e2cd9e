package io.firn.connect.testing;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;

/** A real single-node broker, wherever it runs. Thread-safe. */
public interface TestBroker extends AutoCloseable {
    /** How long an admin call may take. */
    Duration ADMIN_TIMEOUT = Duration.ofSeconds(60);

    /** {@code host:port} for clients in this JVM. */
    String bootstrapServers();

    /** {@code host:port} for workers: what belongs into the configuration of a connector. */
    default String workersBootstrapServers() {
        return bootstrapServers();
    }

    /** The cluster's id. */
    default String clusterId() {
        return call(admin -> admin.describeCluster().clusterId());
    }

    /** A new admin client; the caller closes it. */
    default Admin admin() {
        return Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers()));
    }

    /** Creates a topic and waits until it is usable. */
    default void createTopic(String name, int partitions, Map<String, String> config) {
        NewTopic topic = new NewTopic(name, Optional.of(partitions), Optional.of((short) 1)).configs(config);
        call(admin -> admin.createTopics(List.of(topic)).all());
        Waiting.until("topic " + name, ADMIN_TIMEOUT, () -> topicId(name) != null);
        awaitLeaders(name, partitions);
    }

    /**
     * Waits until the broker leads every partition. Metadata shows a topic a moment earlier: a producer that is told
     * "not the leader" for its first batch and not for its second is out of order for ever, because a partition
     * without producer state takes any first sequence.
     */
    private void awaitLeaders(String name, int partitions) {
        Map<TopicPartition, OffsetSpec> ends = new HashMap<>();
        for (int partition = 0; partition < partitions; partition++) {
            ends.put(new TopicPartition(name, partition), OffsetSpec.latest());
        }
        call(admin -> admin.listOffsets(ends).all());
    }

    /** Deletes a topic and waits until it is gone. */
    default void deleteTopic(String name) {
        call(admin -> admin.deleteTopics(List.of(name)).all());
        Waiting.until("the end of topic " + name, ADMIN_TIMEOUT, () -> !hasTopic(name));
    }

    /** Whether there is such a topic. */
    default boolean hasTopic(String name) {
        return call(admin -> admin.listTopics().names()).contains(name);
    }

    /** The topic's id, which differs when a topic was deleted and made again. */
    default Uuid topicId(String name) {
        TopicDescription description = call(admin ->
                        admin.describeTopics(List.of(name)).allTopicNames())
                .get(name);
        return Objects.requireNonNull(description, name).topicId();
    }

    /** Runs one admin call and waits for its result. */
    default <T> T call(Function<Admin, KafkaFuture<T>> request) {
        try (Admin admin = admin()) {
            return request.apply(admin).get(ADMIN_TIMEOUT.toSeconds(), TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new IllegalStateException("admin call failed: " + e, e);
        }
    }

    @Override
    void close();
}
