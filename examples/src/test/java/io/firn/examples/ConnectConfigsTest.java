package io.firn.examples;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Stream;
import org.apache.kafka.common.config.ConfigValue;
import org.apache.kafka.connect.connector.Connector;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every connector configuration in {@code examples/connect} is one that its connector accepts. */
class ConnectConfigsTest {
    private static final Path DIRECTORY = Path.of("connect");
    private static final String CLASS = "connector.class";

    static List<Path> connectorConfigs() throws IOException {
        try (Stream<Path> files = Files.list(DIRECTORY)) {
            List<Path> configs =
                    files.filter(ConnectConfigsTest::isConnector).sorted().toList();
            assertThat(configs).hasSizeGreaterThan(1);
            return configs;
        }
    }

    @ParameterizedTest
    @MethodSource("connectorConfigs")
    void isAcceptedByItsConnector(Path file) throws Exception {
        Map<String, String> config = read(file);
        Connector connector = Class.forName(config.get(CLASS))
                .asSubclass(Connector.class)
                .getDeclaredConstructor()
                .newInstance();

        List<ConfigValue> values = connector.validate(config).configValues();

        assertThat(values).isNotEmpty();
        assertThat(values)
                .allSatisfy(value ->
                        assertThat(value.errorMessages()).as(value.name()).isEmpty());
        assertThat(config).containsKeys("name", "tasks.max", "firn.path", "value.converter");
    }

    private static boolean isConnector(Path file) {
        try {
            return read(file).containsKey(CLASS);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static Map<String, String> read(Path file) throws IOException {
        Map<String, String> config = new HashMap<>();
        if (file.toString().endsWith(".json")) {
            var json = new ObjectMapper().readTree(file.toFile());
            config.put("name", json.path("name").asText());
            json.path("config")
                    .properties()
                    .forEach(
                            entry -> config.put(entry.getKey(), entry.getValue().asText()));
        } else if (file.toString().endsWith(".properties")) {
            Properties properties = new Properties();
            try (Reader reader = Files.newBufferedReader(file)) {
                properties.load(reader);
            }
            properties.stringPropertyNames().forEach(name -> config.put(name, properties.getProperty(name)));
        }
        return config;
    }
}
