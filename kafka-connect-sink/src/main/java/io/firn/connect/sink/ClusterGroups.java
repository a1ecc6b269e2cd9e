package io.firn.connect.sink;

import io.firn.connect.common.ConsumerGroups;
import io.firn.topic.GroupOffset;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;

/** Where the groups of a cluster stand, and which of them do not answer. Thread-safe. */
final class ClusterGroups implements GroupSource {
    private static final Duration TIMEOUT = Duration.ofSeconds(20);
    private static final String ALL = "all groups";

    private final ConsumerGroups cluster;

    ClusterGroups(Admin admin) {
        this.cluster = new ConsumerGroups(admin, TIMEOUT);
    }

    @Override
    public Answers offsets(Predicate<String> groups, Set<String> topics) throws InterruptedException {
        List<GroupOffset> offsets = new ArrayList<>();
        Map<String, String> problems = new HashMap<>();
        for (String group : names(groups, problems)) {
            try {
                cluster.offsets(group).forEach((partition, offset) -> {
                    if (topics.contains(partition.topic())) {
                        offsets.add(new GroupOffset(group, partition.topic(), partition.partition(), offset));
                    }
                });
            } catch (ExecutionException | TimeoutException | KafkaException e) {
                problems.put(group, cause(e));
            }
        }
        return new Answers(offsets, problems);
    }

    private List<String> names(Predicate<String> wanted, Map<String, String> problems) throws InterruptedException {
        try {
            return cluster.names().stream().filter(wanted).toList();
        } catch (ExecutionException | TimeoutException | KafkaException e) {
            problems.put(ALL, cause(e));
            return List.of();
        }
    }

    private static String cause(Exception failed) {
        return String.valueOf(failed instanceof ExecutionException ? failed.getCause() : failed);
    }
}
