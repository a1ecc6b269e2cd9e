package io.firn.connect.sink;

import io.firn.topic.CapturedTopic;
import java.util.Map;
import java.util.Set;

/** Says how topics are configured. */
interface TopicSource {
    /**
     * Asks for topics. A topic is in one of the two maps.
     *
     * @throws InterruptedException when the thread is interrupted while it waits
     */
    Answers describe(Set<String> topics) throws InterruptedException;

    /**
     * What was answered.
     *
     * @param found by topic
     * @param problems why there is no answer, by topic
     */
    record Answers(Map<String, CapturedTopic> found, Map<String, String> problems) {
        /** Copies the maps. */
        public Answers {
            found = Map.copyOf(found);
            problems = Map.copyOf(problems);
        }
    }
}
