package io.firn.connect.source;

import io.firn.connect.source.TargetTopic.Need;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * Compares what the archive needs with the target topics and says in words what is wrong and how to mend it.
 *
 * <p>Immutable; thread-safe.
 */
final class TargetCheck {
    private static final String BEFORE_MAX = "message.timestamp.before.max.ms";

    private final Instant now;

    /** Creates a check that measures ages from {@code now}. */
    TargetCheck(Instant now) {
        this.now = now;
    }

    /**
     * Every reason why a target topic would not take the archived records as they are.
     *
     * @param needs by target topic
     * @param present the topics that exist or will be created
     * @param notCreated why a missing topic will not be created though that was wanted, by topic
     * @return one sentence per problem, in the order of the topics; empty when all is well
     */
    List<String> problems(Map<String, Need> needs, Map<String, TargetTopic> present, Map<String, String> notCreated) {
        List<String> problems = new ArrayList<>();
        new TreeMap<>(needs).forEach((name, need) -> {
            TargetTopic topic = present.get(name);
            if (topic == null) {
                String reason = notCreated.containsKey(name) ? " and is not created: " + notCreated.get(name) : "";
                problems.add("target topic '" + name + "' does not exist" + reason + "; create it with "
                        + need.partitions()
                        + " partitions or more and retention.ms=-1, or let Connect create it"
                        + " (topic.creation.default.partitions=" + need.partitions()
                        + ", topic.creation.default.replication.factor, topic.creation.default.retention.ms=-1)");
            } else {
                checkTopic(name, need, topic, problems);
            }
        });
        return problems;
    }

    private void checkTopic(String name, Need need, TargetTopic topic, List<String> problems) {
        if (topic.partitions() < need.partitions()) {
            problems.add("target topic '" + name + "' has " + topic.partitions() + " partitions and the replay needs "
                    + need.partitions() + "; add partitions (kafka-topics.sh --alter --partitions "
                    + need.partitions() + "), choose another topic in " + FirnSourceConfig.TOPIC_MAP
                    + " or other partitions in " + PartitionOptions.MODE + " (modulo, key-hash, fixed:<n>) and "
                    + PartitionOptions.MAP);
        }
        checkTime(name, need, topic, problems);
        checkSize(name, need, topic, problems);
        if (topic.settings().getOrDefault("cleanup.policy", "").contains("compact")) {
            problems.add("target topic '" + name + "' is compacted and would drop older records of a key; "
                    + topic.remedy("cleanup.policy", "delete") + " for the replay");
        }
        if (need.keepsTimestamps()
                && topic.settings().getOrDefault("message.timestamp.type", "").equals("LogAppendTime")) {
            problems.add("target topic '" + name + "' would replace the archived timestamps by the time of the replay; "
                    + topic.remedy("message.timestamp.type", "CreateTime"));
        }
    }

    private void checkTime(String name, Need need, TargetTopic topic, List<String> problems) {
        if (need.oldestMs().isEmpty()) {
            return;
        }
        long oldestMs = need.oldestMs().getAsLong();
        OptionalLong retentionMs = topic.number("retention.ms");
        if (isOlderThan(oldestMs, retentionMs)) {
            problems.add("target topic '" + name + "' has retention.ms=" + retentionMs.getAsLong()
                    + " and would delete the archived records, the oldest from " + Instant.ofEpochMilli(oldestMs)
                    + "; " + topic.remedy("retention.ms", "-1"));
        }
        OptionalLong beforeMs = topic.number(BEFORE_MAX);
        if (isOlderThan(oldestMs, beforeMs)) {
            problems.add("target topic '" + name + "' has " + BEFORE_MAX + "=" + beforeMs.getAsLong()
                    + " and would refuse the archived records, the oldest from " + Instant.ofEpochMilli(oldestMs)
                    + "; " + topic.remedy(BEFORE_MAX, Long.toString(Long.MAX_VALUE)));
        }
    }

    private static void checkSize(String name, Need need, TargetTopic topic, List<String> problems) {
        OptionalLong retentionBytes = topic.number("retention.bytes");
        if (retentionBytes.isPresent()
                && retentionBytes.getAsLong() >= 0
                && retentionBytes.getAsLong() < need.bytesOfLargestPartition()) {
            problems.add("target topic '" + name + "' has retention.bytes=" + retentionBytes.getAsLong()
                    + " and would delete records of its largest partition, " + need.bytesOfLargestPartition()
                    + " bytes in the archive; " + topic.remedy("retention.bytes", "-1"));
        }
    }

    /** A negative limit means none. */
    private boolean isOlderThan(long oldestMs, OptionalLong limitMs) {
        return limitMs.isPresent()
                && limitMs.getAsLong() >= 0
                && oldestMs < now.toEpochMilli()
                && (oldestMs < 0 || now.toEpochMilli() - oldestMs > limitMs.getAsLong());
    }
}
