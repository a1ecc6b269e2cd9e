package io.firn.connect.sink;

import io.firn.error.FirnException;
import io.firn.topic.CapturedTopic;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps the configuration of the archived topics in their tables. Used by one thread. */
final class TopicConfigCapture implements CaptureJob {
    private static final Logger LOG = LoggerFactory.getLogger(TopicConfigCapture.class);

    private final TopicSource source;
    private final CaptureProblems failures = new CaptureProblems(
            "configuration of topics is not captured, archiving goes on",
            "DESCRIBE and DESCRIBE_CONFIGS on the topics",
            CaptureOptions.TOPIC_CONFIG);

    TopicConfigCapture(TopicSource source) {
        this.source = source;
    }

    @Override
    public void run(Map<String, Watched> topics) throws InterruptedException {
        if (topics.isEmpty()) {
            return;
        }
        TopicSource.Answers answers = source.describe(topics.keySet());
        Map<String, String> problems = new TreeMap<>(answers.problems());
        topics.forEach((name, watched) -> {
            CapturedTopic found = answers.found().get(name);
            if (found != null) {
                keep(watched, found, problems);
            }
        });
        failures.report(problems);
    }

    private static void keep(Watched watched, CapturedTopic found, Map<String, String> problems) {
        if (!watched.topicId().isEmpty() && !watched.topicId().equals(found.topicId())) {
            LOG.info("topic was made again, its configuration waits for its records: topic={}", found.topic());
            return;
        }
        try {
            if (watched.files().keep(found)) {
                LOG.info(
                        "topic configuration captured: topic={} partitions={} replicationFactor={} settings={}",
                        found.topic(),
                        found.partitions(),
                        found.replicationFactor(),
                        found.settings().size());
            }
        } catch (FirnException failed) {
            problems.put(found.topic(), String.valueOf(failed.getMessage()));
        }
    }
}
