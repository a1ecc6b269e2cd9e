package io.firn.connect.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.table.ScanOptions;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FirnSourceConfigTest {
    private final Map<String, String> properties = new HashMap<>(Map.of("firn.path", "/data/firn"));

    @Test
    void needsOnlyThePath() {
        FirnSourceConfig config = new FirnSourceConfig(properties);

        assertThat(config.path()).isEqualTo(Path.of("/data/firn"));
        assertThat(config.tables().matcher("any.table").matches()).isTrue();
        assertThat(config.topics().includes("any")).isTrue();
        assertThat(config.topics().target("any")).isEqualTo("any");
        assertThat(config.fromMs()).isEmpty();
        assertThat(config.toMs()).isEmpty();
        assertThat(config.filter()).isEmpty();
        assertThat(config.mode()).isEqualTo(FirnSourceConfig.Mode.BOUNDED);
        assertThat(config.preflight()).isEqualTo(FirnSourceConfig.Preflight.STRICT);
        assertThat(config.targetClient()).isEmpty();
        assertThat(config.pollMaxRecords()).isEqualTo(20_000);
        assertThat(config.pollMaxBytes()).isEqualTo(16L << 20);
        assertThat(config.memoryBytes()).isEqualTo(ScanOptions.ALL.memoryBytes());
        assertThatThrownBy(() -> new FirnSourceConfig(Map.of())).hasMessageContaining("firn.path");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "firn.table",
                "restore.from",
                "restore.topics",
                "restore.partition.mode",
                "schema.registry.url",
                "firn.archive.id",
                "restore.mode",
                "key.converter",
                "topic.creation.groups"
            })
    void whatHasNoValueIsLeftToConnect(String option) {
        properties.put(option, null);

        assertThat(new FirnSourceConnector().validate(properties).configValues())
                .isNotEmpty();
    }

    @Test
    void readsWhatIsSet() {
        properties.put("restore.topics", "flights, eu.*");
        properties.put("restore.topic.map", "flights:flights-replayed");
        properties.put("restore.from", "2001-01-02");
        properties.put("restore.to", "978480000000");
        properties.put("restore.mode", "CONTINUOUS");
        properties.put("target.bootstrap.servers", "127.0.0.1:9092");
        properties.put("target.security.protocol", "SSL");
        FirnSourceConfig config = new FirnSourceConfig(properties);

        assertThat(config.topics().includes("orders")).isFalse();
        assertThat(config.topics().target("flights")).isEqualTo("flights-replayed");
        assertThat(config.fromMs()).hasValue(978393600000L);
        assertThat(config.toMs()).hasValue(978480000000L);
        assertThat(config.mode()).isEqualTo(FirnSourceConfig.Mode.CONTINUOUS);
        assertThat(config.targetClient())
                .containsEntry("bootstrap.servers", "127.0.0.1:9092")
                .containsEntry("security.protocol", "SSL");
    }

    @ParameterizedTest
    @CsvSource({
        "firn.path, data/firn",
        "firn.path, /",
        "firn.path, /..",
        "firn.table, ''",
        "restore.topics, ''",
        "restore.topic.map, flights",
        "restore.topic.template, ${topic} x",
        "restore.partition.mode, fixed",
        "restore.partition.map, flights:0",
        "restore.partition.count, -1",
        "restore.offsets.from, t=1",
        "restore.offsets.to, t:0=x",
        "restore.records, value = 'x'",
        "restore.order, size",
        "restore.loop, 0",
        "replay.speed, -1",
        "replay.speed, NaN",
        "replay.max.gap.ms, 0",
        "replay.rate.records, -1",
        "replay.rate.bytes, -1",
        "replay.timestamps, later",
        "replay.timestamps.shift.to, soon",
        "restore.from, yesterday",
        "restore.to, 2001-13-01",
        "restore.mode, forever",
        "restore.preflight, maybe",
        "restore.discovery.interval.ms, 10",
        "poll.max.records, 0",
        "poll.max.bytes, -5",
        "replay.memory.bytes, 1000",
        "read.ahead.bytes, -1"
    })
    void refusesBadValuesAndQuotesThem(String option, String bad) {
        properties.put(option, bad);

        assertThatThrownBy(() -> new FirnSourceConfig(properties))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(option)
                .hasMessageContaining(bad);
    }

    @Test
    void documentsGroupsAndLabelsEveryOption() {
        for (ConfigDef.ConfigKey key : FirnSourceConfig.DEFINITION.configKeys().values()) {
            assertThat(key.documentation).as(key.name).hasSizeGreaterThan(20).endsWith(".");
            assertThat(key.group).as(key.name).isNotBlank();
            assertThat(key.displayName).as(key.name).isNotBlank();
        }
    }
}
