package io.firn.connect.sink;

import io.firn.topic.GroupOffset;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/** Says where consumer groups stand. */
interface GroupSource {
    /**
     * Asks for groups.
     *
     * @param groups which names
     * @param topics of which topics
     * @throws InterruptedException when the thread is interrupted while it waits
     */
    Answers offsets(Predicate<String> groups, Set<String> topics) throws InterruptedException;

    /**
     * What was answered.
     *
     * @param offsets of all groups that answered
     * @param problems why there is no answer, by group or for all
     */
    record Answers(List<GroupOffset> offsets, Map<String, String> problems) {
        /** Copies both. */
        public Answers {
            offsets = List.copyOf(offsets);
            problems = Map.copyOf(problems);
        }
    }
}
