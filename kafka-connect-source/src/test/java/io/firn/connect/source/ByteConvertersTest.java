package io.firn.connect.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.connect.errors.ConnectException;
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
        assertThatCode(() -> ByteConverters.require(config)).doesNotThrowAnyException();
    }

    @Test
    void refusesAnotherConverterWithTheThreeLinesToAdd() {
        config.put("value.converter", "org.apache.kafka.connect.json.JsonConverter");

        assertThat(ByteConverters.problems(config)).containsOnlyKeys("value.converter");
        assertThatThrownBy(() -> ByteConverters.require(config))
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("'org.apache.kafka.connect.json.JsonConverter'")
                .hasMessageContaining("\nkey.converter=" + BYTES)
                .hasMessageContaining("\nvalue.converter=" + BYTES)
                .hasMessageContaining("\nheader.converter=" + BYTES);
    }

    @Test
    void refusesAWorkersUnknownDefaults() {
        config.remove("header.converter");

        assertThat(ByteConverters.problems(config)).containsOnlyKeys("header.converter");
    }
}
