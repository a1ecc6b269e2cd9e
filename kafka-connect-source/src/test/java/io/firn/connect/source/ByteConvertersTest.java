package io.firn.connect.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ByteConvertersTest {
    private static final String BYTES = "org.apache.kafka.connect.converters.ByteArrayConverter";

    private final Map<String, String> config = new HashMap<>(Map.of(
            "key.converter", BYTES,
            "value.converter", "ByteArrayConverter",
            "header.converter", "ByteArray"));

    @Test
    void acceptsTheByteConverterByEveryNameThatConnectKnows() {
        assertThat(ByteConverters.problems(config)).isEmpty();
    }

    @Test
    void refusesAnotherConverterWithTheThreeLinesToAdd() {
        config.put("value.converter", "org.apache.kafka.connect.json.JsonConverter");

        assertThat(ByteConverters.problems(config)).containsOnlyKeys("value.converter");
        assertThat(ByteConverters.problems(config).get("value.converter"))
                .contains("'org.apache.kafka.connect.json.JsonConverter'")
                .contains("\nkey.converter=" + BYTES)
                .contains("\nvalue.converter=" + BYTES)
                .contains("\nheader.converter=" + BYTES);
    }

    @Test
    void refusesAWorkersUnknownDefaults() {
        config.remove("header.converter");

        assertThat(ByteConverters.problems(config)).containsOnlyKeys("header.converter");
    }

    @Test
    void structuredRecordsOfWhichNoneAreBytesWantAnotherConverterAndNoMixture() {
        assertThat(problems(config, false, "structured")).containsOnlyKeys("key.converter", "value.converter");
        assertThat(problems(config, true, "structured")).isEmpty();
        assertThat(problems(Map.of("value.converter", "x.Json"), false, "structured"))
                .isEmpty();
        assertThat(problems(config, false, "raw")).isEmpty();
        assertThat(problems(config, false)).isEmpty();
        assertThat(problems(config, true, "raw", "structured").get("restore.topics"))
                .contains("two connectors");
    }

    private static Map<String, String> problems(Map<String, String> config, boolean holdsBytes, String... formats) {
        return Converters.problems(config, Set.of(formats), () -> holdsBytes);
    }
}
