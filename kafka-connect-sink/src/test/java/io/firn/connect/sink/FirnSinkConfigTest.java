package io.firn.connect.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.table.CompressionPolicy;
import io.firn.table.TableOption;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
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
        assertThat(config.lifecycle()).hasValueSatisfying(options -> {
            assertThat(options.threads()).isEqualTo(1);
            assertThat(options.interval()).hasMinutes(1);
            assertThat(options.bytesPerSecond()).isEmpty();
        });
        assertThat(config("lifecycle.bytes.per.second", "20MiB")
                        .lifecycle()
                        .orElseThrow()
                        .bytesPerSecond())
                .hasValue(20 << 20);
        assertThat(config("lifecycle.mode", "off").lifecycle()).isEmpty();
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
        "disk.min.free.bytes, -1, default 1GiB",
        "on.topic.recreated, ignore, new-generation",
        "on.offset.gap, ignore, record",
        "topic.config.capture, maybe, 'use one of on, off'",
        "topic.config.capture.interval.ms, 999, at least 1000",
        "offsets.capture.interval.ms, 0, at least 1000",
        "lifecycle.mode, sometimes, on-commit",
        "io.mode, direct, channel",
        "lifecycle.threads, 65, 64",
        "lifecycle.bytes.per.second, 0, 20MiB",
        "segment.size, -1, segment.size",
        "compression.level, 23, compression.level",
        "compression.policy, daily, compression.policy"
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
    void aTablesOwnOptionsStandAboveTheGeneralOnes() {
        FirnSinkConfig config =
                config("compression.level", "3", "index.stride", "50", "firn.table.flights.compression.level", "9");

        assertThat(config.tableConfig("flights").compressionLevel()).isEqualTo(9);
        assertThat(config.tableConfig("flights").indexStride()).isEqualTo(50);
        assertThat(config.tableConfig("other").compressionLevel()).isEqualTo(3);
    }

    @Test
    void everyOptionOfTheEngineIsKnownWithItsDefault() {
        for (TableOption option : TableOptions.all()) {
            assertThat(FirnSinkConfig.DEFINITION.defaultValues()).containsEntry(option.key(), option.defaultText());
        }
        assertThat(config("segment.size", "1MiB").tableConfig("t").segmentSizeBytes())
                .isEqualTo(1 << 20);
        assertThat(config("compression.policy", "size-threshold", "compression.threshold.bytes", "5MiB")
                        .tableConfig("t")
                        .compressionPolicy())
                .isEqualTo(new CompressionPolicy.SizeThreshold(5 << 20));
        assertThat(config("partition.timezone", "Europe/Vienna")
                        .tableConfig("t")
                        .partitionMapping())
                .contains(config("partition.timezone", "Europe/Vienna").mapping());
    }

    @Test
    void optionsThatContradictEachOtherAreRefusedAtValidation() {
        assertThat(errors("compression.policy", "size-threshold"))
                .anyMatch(error -> error.contains("compression.threshold.bytes"));
        assertThat(errors("firn.table.flights.compresion.level", "3"))
                .anyMatch(error -> error.contains("firn.table.flights.compresion.level"));
        assertThat(errors("firn.table.flights.compression.level", "99")).anyMatch(error -> error.contains("'99'"));
        assertThat(errors("firn.table.flights.compression.level", "9")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"partition.fields", "partition.missing.field", "partition.timezone"})
    void howRecordsAreDividedIsOneForAllTables(String option) {
        assertThat(errors("firn.table.flights." + option, "kind:string=value.kind"))
                .singleElement()
                .asString()
                .contains("'firn.table.flights." + option + "'", "a connector of their own");
    }

    /** Connect says so itself. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "firn.table",
                "on.offset.gap",
                "source.bootstrap.servers",
                "tasks.max",
                "schema.registry.url",
                "firn.archive.id",
                "partition.fields"
            })
    void whatHasNoValueIsLeftToConnect(String option) {
        Map<String, String> properties = new HashMap<>(config().originalsStrings());
        properties.put("topics", "flights");
        properties.put(option, null);

        assertThat(new FirnSinkConnector().validate(properties).configValues()).isNotEmpty();
    }

    @Test
    void captureIsOnByDefaultAndAskedForInVainIsRefusedAtValidation() {
        assertThat(CaptureOptions.topicConfigInterval(config())).hasValue(Duration.ofHours(1));
        assertThat(CaptureOptions.topicConfigInterval(config("topic.config.capture", "off")))
                .isEmpty();
        assertThat(errors("topic.config.capture", "on"))
                .singleElement()
                .asString()
                .contains("'on' for 'topic.config.capture'", "set source.bootstrap.servers");
        assertThat(errors("topic.config.capture", "on", "source.bootstrap.servers", "b:9092"))
                .isEmpty();
        assertThat(errors("topic.config.capture", "off")).isEmpty();
        assertThat(errors("offsets.capture.groups", "billing,app-*"))
                .singleElement()
                .asString()
                .contains("'billing,app-*' for 'offsets.capture.groups'", "set source.bootstrap.servers");
        assertThat(CaptureOptions.groups(config())).isEmpty();
        assertThat(CaptureOptions.groups(config("offsets.capture.groups", "billing,app-*")))
                .hasValueSatisfying(groups -> assertThat(
                                Stream.of("billing", "app-1", "app", "billings").filter(groups))
                        .containsExactly("billing", "app-1"));
    }

    private static List<String> errors(String... options) {
        Map<String, String> properties = new HashMap<>(config(options).originalsStrings());
        properties.put("topics", "flights");
        return new FirnSinkConnector()
                .validate(properties).configValues().stream()
                        .flatMap(value -> value.errorMessages().stream())
                        .toList();
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
