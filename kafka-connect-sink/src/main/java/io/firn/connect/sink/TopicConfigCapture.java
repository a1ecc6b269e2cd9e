package io.firn.connect.sink;

import io.firn.error.FirnException;
import io.firn.topic.CapturedTopic;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps the configuration of the archived topics in their tables. Used by one thread. */
final class TopicConfigCapture implements CaptureJob {
    private static final Logger LOG = LoggerFactory.getLogger(TopicConfigCapture.class);

    private final TopicSource source;
    private final Set<String> warned = new TreeSet<>();

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
        report(topics.keySet(), problems);
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

    /** One warning for each topic, until it has worked again. */
    private void report(Set<String> topics, Map<String, String> problems) {
        warned.retainAll(problems.keySet());
        Map<String, String> news = new TreeMap<>(problems);
        news.keySet().removeAll(warned);
        if (!news.isEmpty()) {
            LOG.warn(
                    "configuration of topics is not captured, archiving goes on: topics={} causes={}. The client {}*"
                            + " needs DESCRIBE and DESCRIBE_CONFIGS on the topics; {}=off ends the attempts",
                    news.keySet(),
                    Set.copyOf(news.values()),
                    FirnSinkConfig.SOURCE_PREFIX,
                    CaptureOptions.TOPIC_CONFIG);
        }
        warned.addAll(news.keySet());
        LOG.debug("topic configurations looked at: topics={} problems={}", topics.size(), problems.size());
    }
}
