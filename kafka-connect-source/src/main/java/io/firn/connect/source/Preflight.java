package io.firn.connect.source;

import io.firn.connect.source.TargetTopic.Need;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.apache.kafka.connect.errors.ConnectException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The look at the target topics before the first record: a replay into a topic that deletes or refuses old records, or
 * lacks a Kafka partition (the producer then waits for ever), must fail at once and say why.
 *
 * <p>Thread-safe.
 */
final class Preflight {
    private static final Logger LOG = LoggerFactory.getLogger(Preflight.class);

    private final FirnSourceConfig config;
    private final TargetLook look;

    /**
     * Creates a preflight.
     *
     * @param config the parsed options
     * @param look shows the target topics
     */
    Preflight(FirnSourceConfig config, TargetLook look) {
        this.config = config;
        this.look = look;
    }

    /**
     * Looks at the target topics.
     *
     * @param needs what the archive needs, by target topic
     * @throws ConnectException naming every problem and its remedy, when the preflight is strict
     */
    void run(Map<String, Need> needs, Instant now) {
        if (config.preflight() == FirnSourceConfig.Preflight.OFF || needs.isEmpty()) {
            return;
        }
        if (!look.isPossible()) {
            LOG.warn(
                    "Target topics are not looked at: option={} is empty. Missing partitions would block the producer"
                            + " without an error.",
                    FirnSourceConfig.TARGET_SERVERS);
            return;
        }
        Map<String, TargetTopic> topics = look.topics(needs.keySet());
        if (look.hasOwnGroups()) {
            needs.forEach((name, need) -> topics.putIfAbsent(name, new TargetTopic(need.partitions(), Map.of())));
        }
        List<String> problems = tryCreation(look.missing(needs), topics);
        problems.addAll(new TargetCheck(now).problems(needs, topics, look.impossible()));
        report(problems);
    }

    /** Asks the target what would become of the topics that will be created. */
    private List<String> tryCreation(Map<String, TopicToCreate> missing, Map<String, TargetTopic> topics) {
        List<String> problems = new ArrayList<>();
        new TreeMap<>(look.cluster().create(missing.values(), true)).forEach((name, trial) -> {
            TopicToCreate wanted = Objects.requireNonNull(missing.get(name));
            topics.put(name, trial.topic());
            if (trial.problem(wanted).isEmpty()) {
                LOG.info("Preflight: a target topic does not exist and will be created: topic={}", wanted);
            } else {
                problems.add(trial.problem(wanted));
            }
        });
        return problems;
    }

    private void report(List<String> problems) {
        if (problems.isEmpty()) {
            return;
        }
        if (config.preflight() == FirnSourceConfig.Preflight.WARN) {
            problems.forEach(problem -> LOG.warn("Preflight: {}.", problem));
            return;
        }
        throw new ConnectException("The replay would not arrive as it was archived: " + String.join("; ", problems)
                + ". (" + FirnSourceConfig.PREFLIGHT + "=warn goes on all the same.)");
    }
}
