package io.firn.connect.source;

import io.firn.connect.common.AdminReply;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.connect.errors.ConnectException;

/**
 * Looks at the topics of the cluster that the worker writes to, and creates some.
 *
 * <p>Thread-safe.
 */
final class TargetCluster {
    static final Duration TIMEOUT = Duration.ofSeconds(15);

    private final Map<String, Object> clientSettings;

    /** What is asked of an open client. */
    @FunctionalInterface
    private interface Request<T> {
        T send(Admin admin) throws InterruptedException, ExecutionException, TimeoutException;
    }

    /**
     * Creates a view of a cluster; nothing is opened yet.
     *
     * @param clientSettings settings of the admin client, with {@code bootstrap.servers}
     */
    TargetCluster(Map<String, Object> clientSettings) {
        this.clientSettings = Map.copyOf(clientSettings);
    }

    /**
     * The topics that exist among the named ones, with their settings.
     *
     * @throws ConnectException when the cluster does not answer
     */
    Map<String, TargetTopic> topics(Set<String> names) {
        return ask("look at the target topics", admin -> describe(admin, names));
    }

    /**
     * Creates topics, or tries to without creating them.
     *
     * @param onlyTry whether nothing is created and the target only says what would become of it
     * @return what became of each, by name
     * @throws ConnectException when the cluster does not answer
     */
    Map<String, TopicCreation> create(Collection<TopicToCreate> wanted, boolean onlyTry) {
        return wanted.isEmpty()
                ? Map.of()
                : ask(
                        onlyTry ? "try to create the target topics" : "create the target topics",
                        admin -> TopicCreation.all(admin, wanted, onlyTry));
    }

    private <T> T ask(String what, Request<T> request) {
        Map<String, Object> settings = new HashMap<>(clientSettings);
        settings.putIfAbsent(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, (int) TIMEOUT.toMillis() / 3);
        settings.putIfAbsent(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) TIMEOUT.toMillis());
        try (Admin admin = Admin.create(settings)) {
            return request.send(admin);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ConnectException("Interrupted in the attempt to " + what + ".", e);
        } catch (ExecutionException | TimeoutException | KafkaException e) {
            Throwable cause = e instanceof ExecutionException && e.getCause() != null ? e.getCause() : e;
            throw new ConnectException(
                    "Cannot " + what + " on "
                            + clientSettings.get(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG)
                            + ": " + cause + ". Correct '" + FirnSourceConfig.TARGET_SERVERS + "' and the other '"
                            + FirnSourceConfig.TARGET_PREFIX + "*' settings, or set " + FirnSourceConfig.PREFLIGHT
                            + "=off.",
                    cause);
        }
    }

    private static Map<String, TargetTopic> describe(Admin admin, Set<String> names)
            throws InterruptedException, ExecutionException, TimeoutException {
        Set<String> existing = new TreeSet<>(AdminReply.await(admin.listTopics().names(), TIMEOUT));
        existing.retainAll(names);
        Map<String, TopicDescription> descriptions =
                AdminReply.await(admin.describeTopics(existing).allTopicNames(), TIMEOUT);
        Map<String, Map<String, String>> settings = settings(admin, existing);
        Map<String, TargetTopic> topics = new HashMap<>();
        descriptions.forEach((name, description) -> topics.put(
                name, new TargetTopic(description.partitions().size(), settings.getOrDefault(name, Map.of()))));
        return topics;
    }

    private static Map<String, Map<String, String>> settings(Admin admin, Collection<String> topics)
            throws InterruptedException, ExecutionException, TimeoutException {
        List<ConfigResource> resources = topics.stream()
                .map(topic -> new ConfigResource(ConfigResource.Type.TOPIC, topic))
                .toList();
        Map<ConfigResource, Config> configs =
                AdminReply.await(admin.describeConfigs(resources).all(), TIMEOUT);
        Map<String, Map<String, String>> settings = new HashMap<>();
        configs.forEach((resource, config) -> settings.put(resource.name(), values(config)));
        return settings;
    }

    static Map<String, String> values(Config config) {
        return config.entries().stream()
                .filter(entry -> entry.value() != null)
                .collect(Collectors.toMap(ConfigEntry::name, ConfigEntry::value));
    }
}
