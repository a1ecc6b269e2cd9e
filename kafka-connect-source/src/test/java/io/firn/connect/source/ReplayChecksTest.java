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
    void leavesOutWhatDependsOnABadOption() {
        config.put("restore.partition.mode", "fixed:x");

        assertThat(new ReplayChecks(config, Set.of("restore.partition.mode")).problems())
                .isEmpty();
    }

    private Map<String, String> problems() {
        return new ReplayChecks(config, Set.of()).problems();
    }
}
