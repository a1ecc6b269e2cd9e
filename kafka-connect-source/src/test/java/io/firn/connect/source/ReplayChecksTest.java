package io.firn.connect.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ReplayChecksTest {
    private final Map<String, String> config = new HashMap<>();

    @Test
    void acceptsTheDefaults() {
        config.put("restore.partition.mode", null);

        assertThat(problems()).isEmpty();
    }

    @Test
    void wantsToKnowTheNumberOfPartitions() {
        config.put("restore.partition.mode", "modulo");
        assertThat(problems())
                .containsOnlyKeys("restore.partition.mode")
                .extractingByKey("restore.partition.mode")
                .asString()
                .contains("'modulo'", "target.bootstrap.servers", "restore.partition.count");

        config.put("restore.partition.count", "4");
        assertThat(problems()).isEmpty();
        config.remove("restore.partition.count");
        config.put("target.bootstrap.servers", "h:1");
        assertThat(problems()).isEmpty();
        config.put("restore.partition.mode", "preserve");
        config.remove("target.bootstrap.servers");
        assertThat(problems()).isEmpty();
    }

    @Test
    void doesNotLoopOverWhatHasNoEnd() {
        config.put("restore.loop", "2");
        assertThat(problems()).isEmpty();
        config.put("restore.mode", "Continuous");
        assertThat(problems()).containsOnlyKeys("restore.loop");
        config.put("restore.loop", "1");
        assertThat(problems()).isEmpty();
    }

    @Test
    void wantsOneShift() {
        config.put("replay.timestamps", "shift");
        assertThat(problems()).containsOnlyKeys("replay.timestamps");
        config.put("replay.timestamps.shift.ms", "5");
        assertThat(problems()).isEmpty();
        config.put("replay.timestamps.shift.to", "2020-01-01");
        assertThat(problems()).containsOnlyKeys("replay.timestamps");
        config.remove("replay.timestamps.shift.ms");
        assertThat(problems())
                .containsOnlyKeys("replay.timestamps.shift.to")
                .extractingByKey("replay.timestamps.shift.to")
                .asString()
                .contains("set restore.from");
        config.put("restore.from", "2001-01-01");
        assertThat(problems()).isEmpty();
    }

    @Test
    void refusesAShiftThatIsNotUsed() {
        config.put("replay.timestamps.shift.ms", "5");
        assertThat(problems()).containsOnlyKeys("replay.timestamps.shift.ms");
        config.remove("replay.timestamps.shift.ms");
        config.put("replay.timestamps.shift.to", "2020-01-01");
        assertThat(problems()).containsOnlyKeys("replay.timestamps.shift.to");
    }

    @Test
    void refusesAGapWithoutSpeed() {
        config.put("replay.max.gap.ms", "1000");
        assertThat(problems()).containsOnlyKeys("replay.max.gap.ms");
        config.put("replay.speed", "0.0");
        assertThat(problems()).containsOnlyKeys("replay.max.gap.ms");
        config.put("replay.speed", "2");
        assertThat(problems()).isEmpty();
    }

    @Test
    void refusesRangesOfOffsetsThatEndBeforeTheyStart() {
        config.put("restore.offsets.from", "t:0=5, u:*=7");
        config.put("restore.offsets.to", "t:0=6,v:0=1");
        assertThat(problems()).isEmpty();
        config.put("restore.offsets.to", "t:0=6,u : * = 7");
        assertThat(problems())
                .containsOnlyKeys("restore.offsets.to")
                .extractingByKey("restore.offsets.to")
                .asString()
                .contains("'u:*'", "more than 7");
    }

    @Test
    void createsTopicsOnlyWhereItCanAskAndSaysWhatCountsForNothing() {
        config.put("restore.create.topics", "Captured");
        assertThat(problems())
                .containsOnlyKeys("restore.create.topics")
                .extractingByKey("restore.create.topics")
                .asString()
                .contains("set target.bootstrap.servers");
        config.put("target.bootstrap.servers", "h:1");
        config.put("restore.create.topics.config.retention.ms", "-1");
        config.put("restore.create.topics.replication.factor", "1");
        assertThat(problems()).isEmpty();
        config.put("restore.create.topics.config.", "-1");
        assertThat(problems().get("restore.create.topics")).contains("names no setting");
        config.remove("restore.create.topics");
        assertThat(problems()).containsOnlyKeys("restore.create.topics.replication.factor");
        config.put("restore.create.topics.replication.factor", "0");
        config.remove("restore.create.topics.config.");
        assertThat(problems().get("restore.create.topics"))
                .contains("restore.create.topics.config.retention.ms is set", "restore.create.topics=captured");
    }

    @Test
    void leavesOutWhatDependsOnABadOption() {
        config.put("restore.partition.mode", "fixed:x");

        assertThat(new ReplayChecks(config, Set.of("restore.partition.mode")).problems())
                .isEmpty();
    }

    private Map<String, String> problems() {
        return new ReplayChecks(config, Set.of()).problems();
    }
}
