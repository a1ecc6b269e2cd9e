package io.firn.connect.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.apache.kafka.connect.converters.ByteArrayConverter;
import org.apache.kafka.connect.header.ConnectHeaders;
import org.apache.kafka.connect.header.Header;
import org.apache.kafka.connect.storage.HeaderConverter;
import org.apache.kafka.connect.storage.SimpleHeaderConverter;
import org.apache.kafka.connect.storage.StringConverter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Headers of origin are text, whatever header converter writes them. */
class ProvenanceTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "org.apache.kafka.connect.storage.SimpleHeaderConverter",
                "org.apache.kafka.connect.storage.StringConverter",
                "org.apache.kafka.connect.converters.ByteArrayConverter"
            })
    void originIsText(String converter) throws Exception {
        Map<String, String> properties = new HashMap<>(Map.of("firn.path", "/data/firn"));
        properties.put("restore.headers.provenance", "true");
        if (!converter.isEmpty()) {
            properties.put("header.converter", converter);
        }
        RecordOptions options = new RecordOptions(new FirnSourceConfig(properties));
        ReplayLane lane = new ReplayLane("flights", new UUID(1, 2), "flights-3-g0", "flights", 3, 0);
        ConnectHeaders headers = new ConnectHeaders();
        Objects.requireNonNull(options.provenance(lane)).addTo(headers, 17, 1_000);

        List<String> texts = new ArrayList<>();
        try (HeaderConverter written = converter(converter)) {
            for (Header header : headers) {
                byte[] bytes = written.fromConnectHeader("t", header.key(), header.schema(), header.value());
                texts.add(header.key() + "=" + new String(bytes, StandardCharsets.UTF_8));
            }
        }
        assertThat(texts)
                .containsExactly(
                        "firn.origin.topic=flights",
                        "firn.origin.partition=3",
                        "firn.origin.offset=17",
                        "firn.origin.timestamp=1000");
    }

    /** Without a line of its own, that of Connect's default. */
    private static HeaderConverter converter(String name) {
        if (name.endsWith("ByteArrayConverter")) {
            return new ByteArrayConverter();
        }
        return name.endsWith("StringConverter") ? new StringConverter() : new SimpleHeaderConverter();
    }
}
