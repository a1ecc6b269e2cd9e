package io.firn.connect.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.connect.source.TargetTopic.Need;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class TargetCheckTest {
    private static final Instant NOW = Instant.parse("2026-11-21T00:00:00Z");
    private static final long OLDEST_MS = Instant.parse("2001-01-01T00:00:00Z").toEpochMilli();
    private static final Need NEED = new Need(4, OptionalLong.of(OLDEST_MS), 1_000_000, true);

    @Test
    void acceptsATopicThatKeepsEverything() {
        assertThat(problems(4, Map.of("retention.ms", "-1", "retention.bytes", "-1", "cleanup.policy", "delete")))
                .isEmpty();
    }

    @Test
    void acceptsATopicWhoseSettingsAreUnknown() {
        assertThat(problems(4, Map.of())).isEmpty();
    }

    @Test
    void namesAMissingTopicAndWhatToCreate() {
        assertThat(new TargetCheck(NOW).problems(Map.of("out", NEED), Map.of(), Map.of()))
                .singleElement()
                .asString()
                .contains("'out' does not exist", "4 partitions", "retention.ms=-1", "topic.creation.default");
    }

    @Test
    void namesTooFewPartitions() {
        assertThat(problems(3, Map.of()))
                .singleElement()
                .asString()
                .contains("has 3 partitions and the replay needs 4", "modulo");
        assertThat(problems(5, Map.of())).isEmpty();
    }

    @Test
    void namesARetentionThatWouldDeleteOldRecords() {
        assertThat(problems(4, Map.of("retention.ms", "604800000")))
                .singleElement()
                .asString()
                .contains("retention.ms=604800000", "2001-01-01T00:00:00Z", "set retention.ms=-1");
    }

    @Test
    void measuresAgesExactly() {
        long ageMs = NOW.toEpochMilli() - OLDEST_MS;
        assertThat(problems(4, Map.of("retention.ms", Long.toString(ageMs)))).isEmpty();
        assertThat(problems(4, Map.of("retention.ms", Long.toString(ageMs - 1))))
                .hasSize(1);
        assertThat(problems(4, Map.of("retention.ms", Long.toString(Long.MAX_VALUE))))
                .isEmpty();
    }

    @Test
    void namesATopicThatRefusesOldTimestamps() {
        assertThat(problems(4, Map.of("message.timestamp.before.max.ms", "3600000")))
                .singleElement()
                .asString()
                .contains("would refuse");
    }

    @Test
    void namesSizeRetentionCompactionAndRestamping() {
        assertThat(problems(4, Map.of("retention.bytes", "999999")))
                .singleElement()
                .asString()
                .contains("999999");
        assertThat(problems(4, Map.of("retention.bytes", "1000000"))).isEmpty();
        assertThat(problems(4, Map.of("cleanup.policy", "compact,delete")))
                .singleElement()
                .asString()
                .contains("compacted");
        assertThat(problems(4, Map.of("message.timestamp.type", "LogAppendTime")))
                .singleElement()
                .asString()
                .contains("CreateTime");
    }

    @Test
    void doesNotMeasureAgesWithoutRecords() {
        Need empty = new Need(1, OptionalLong.empty(), 0, true);
        TargetTopic topic = new TargetTopic(1, Map.of("retention.ms", "1"));

        assertThat(new TargetCheck(NOW).problems(Map.of("out", empty), Map.of("out", topic), Map.of()))
                .isEmpty();
    }

    @Test
    void aBrokerMayStampRecordsThatGetTheTimeOfTheReplay() {
        TargetTopic topic = new TargetTopic(1, Map.of("message.timestamp.type", "LogAppendTime", "retention.ms", "1"));

        assertThat(new TargetCheck(NOW)
                        .problems(
                                Map.of("out", new Need(1, OptionalLong.empty(), 0, false)),
                                Map.of("out", topic),
                                Map.of()))
                .isEmpty();
    }

    @Test
    void theRemedyForATopicThatWillBeCreatedIsAnOptionOfTheConnector() {
        TargetTopic topic = new TargetTopic(
                4,
                Map.of(
                        "retention.ms", "1",
                        "retention.bytes", "1",
                        "cleanup.policy", "compact",
                        "message.timestamp.before.max.ms", "1",
                        "message.timestamp.type", "LogAppendTime"),
                CreationOptions.SETTING);

        assertThat(new TargetCheck(NOW).problems(Map.of("out", NEED), Map.of("out", topic), Map.of()))
                .hasSize(5)
                .allMatch(problem -> problem.contains("; set restore.create.topics.config."));
    }

    @Test
    void saysWhyAMissingTopicIsNotCreated() {
        assertThat(new TargetCheck(NOW).problems(Map.of("out", NEED), Map.of(), Map.of("out", "nobody knows it")))
                .singleElement()
                .asString()
                .contains("'out' does not exist and is not created: nobody knows it; create it with 4 partitions");
    }

    private static List<String> problems(int partitions, Map<String, String> settings) {
        return new TargetCheck(NOW)
                .problems(Map.of("out", NEED), Map.of("out", new TargetTopic(partitions, settings)), Map.of());
    }
}
