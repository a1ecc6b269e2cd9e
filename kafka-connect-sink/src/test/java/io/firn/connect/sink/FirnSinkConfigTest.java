package io.firn.connect.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FirnSinkConfigTest {
    private static FirnSinkConfig config(String... options) {
        Map<String, String> properties = new HashMap<>();
        properties.put("firn.path", "/data/firn");
        for (int i = 0; i < options.length; i += 2) {
            properties.put(options[i], options[i + 1]);
        }
        return new FirnSinkConfig(properties);
    }

    @Test
    void everyOptionIsDocumentedAndGrouped() {
        for (ConfigDef.ConfigKey key : FirnSinkConfig.DEFINITION.configKeys().values()) {
            if (!key.internalConfig) {
                assertThat(key.documentation).as(key.name).hasSizeGreaterThan(20);
                assertThat(key.group).as(key.name).isNotBlank();
            }
        }
        assertThat(FirnSinkConfig.DEFINITION.toEnrichedRst())
                .contains("firn.path")
                .doesNotContain("firn.internal");
    }

    @Test
    void defaultsAreThoseOfTheDesign() {
        FirnSinkConfig config = config();

        assertThat(config.tableOf("flights")).isEqualTo("flights");
        assertThat(config.commitInterval()).hasSeconds(5);
        assertThat(config.rotateInterval()).hasHours(1);
        assertThat(config.minFreeBytes()).isEqualTo(1L << 30);
        assertThat(config.mapping().describe()).isEqualTo("dt:date=timestamp");
        assertThat(config.onTopicRecreated()).isEqualTo(FirnSinkConfig.TopicRecreated.FAIL);
        assertThat(config.onOffsetGap()).isEqualTo(FirnSinkConfig.OffsetGap.RECORD);
        assertThat(config.sourceClient()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "firn.path, relative, /data/firn",
        "firn.path, /, /data/firn",
        "firn.table, a/b, ${topic}",
        "firn.table, .., ${topic}",
        "record.format, xml, raw",
        "partition.fields, dt, dt",
        "partition.timezone, Mars/Base, Europe/Berlin",
        "partition.missing.field, drop, errant",
        "commit.interval.ms, 0, 10",
        "rotate.interval.ms, 999, 1000",
        "disk.min.free.bytes, -1, 0",
        "on.topic.recreated, ignore, new-generation",
        "on.offset.gap, ignore, record"
    })
    void aBadValueIsQuotedWithTheRemedy(String option, String value, String remedy) {
        assertThatThrownBy(() -> config(option, value))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("'" + value + "'")
                .hasMessageContaining("'" + option + "'")
                .hasMessageContaining(remedy);
    }

    @ParameterizedTest
    @ValueSource(strings = {"${topic}", "archive-${topic}", "one", "a.b_c-${topic}.x"})
    void tableTemplatesAreAccepted(String template) {
        assertThat(config("firn.table", template).tableOf("t")).isEqualTo(template.replace("${topic}", "t"));
    }

    @Test
    void sourceSettingsAreHandedToTheClientWithoutTheirPrefix() {
        assertThat(config("source.bootstrap.servers", "b:9092", "source.security.protocol", "SSL")
                        .sourceClient())
                .containsEntry("bootstrap.servers", "b:9092")
                .containsEntry("security.protocol", "SSL")
                .hasSize(2);
    }
}
