package io.firn.connect.sink;

import io.firn.connect.common.AdminReply;
import io.firn.topic.CapturedTopic;
import io.firn.topic.CapturedTopic.Setting;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.ConfigEntry.ConfigSource;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;

/** Asks a cluster how its topics are configured. Thread-safe. */
final class ClusterTopics implements TopicSource {
    private static final Duration TIMEOUT = Duration.ofSeconds(20);
    private static final int TOPICS_PER_REQUEST = 100;

    private final Admin admin;
    private final InstantSource clock;

    ClusterTopics(Admin admin, InstantSource clock) {
        this.admin = admin;
        this.clock = clock;
    }

    @Override
    public Answers describe(Set<String> topics) throws InterruptedException {
        Map<String, CapturedTopic> found = new HashMap<>();
        Map<String, String> problems = new HashMap<>();
        List<String> rest = new ArrayList<>(topics);
        while (!rest.isEmpty()) {
            List<String> some = rest.subList(0, Math.min(TOPICS_PER_REQUEST, rest.size()));
            new Request(some).answer(found, problems);
            some.clear();
        }
        return new Answers(found, problems);
    }

    /** One request for some topics; each has an answer of its own. */
    private final class Request {
        private final List<String> topics;
        private final KafkaFuture<String> clusterId;
        private final Map<String, KafkaFuture<TopicDescription>> descriptions;
        private final Map<ConfigResource, KafkaFuture<Config>> configs;

        Request(List<String> topics) {
            this.topics = List.copyOf(topics);
            this.clusterId = admin.describeCluster().clusterId();
            this.descriptions = admin.describeTopics(this.topics).topicNameValues();
            this.configs = admin.describeConfigs(
                            this.topics.stream().map(Request::resource).toList())
                    .values();
        }

        private static ConfigResource resource(String topic) {
            return new ConfigResource(ConfigResource.Type.TOPIC, topic);
        }

        void answer(Map<String, CapturedTopic> found, Map<String, String> problems) throws InterruptedException {
            for (String topic : topics) {
                try {
                    TopicDescription description = AdminReply.await(descriptions.get(topic), TIMEOUT);
                    Config config = AdminReply.await(configs.get(resource(topic)), TIMEOUT);
                    found.put(topic, captured(AdminReply.await(clusterId, TIMEOUT), description, config));
                } catch (ExecutionException e) {
                    problems.put(topic, String.valueOf(e.getCause()));
                } catch (TimeoutException | KafkaException e) {
                    problems.put(topic, e.toString());
                }
            }
        }

        private CapturedTopic captured(String cluster, TopicDescription description, Config config) {
            return new CapturedTopic(
                    description.name(),
                    cluster,
                    description.topicId().toString(),
                    clock.millis(),
                    description.partitions().size(),
                    description.partitions().get(0).replicas().size(),
                    config.entries().stream()
                            .filter(Request::isChosen)
                            .map(entry -> new Setting(
                                    entry.name(), entry.value(), entry.source().name()))
                            .toList());
        }

        /** Whether somebody has chosen the value; the software's own defaults are not worth keeping. */
        private static boolean isChosen(ConfigEntry entry) {
            return entry.source() != ConfigSource.DEFAULT_CONFIG && entry.value() != null;
        }
    }
}
