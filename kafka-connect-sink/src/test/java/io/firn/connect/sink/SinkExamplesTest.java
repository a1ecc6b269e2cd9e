package io.firn.connect.sink;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.kafka.common.config.ConfigValue;
import org.apache.kafka.connect.runtime.SinkConnectorConfig;
import org.apache.kafka.connect.runtime.distributed.DistributedConfig;
import org.apache.kafka.connect.runtime.standalone.StandaloneConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The configurations in {@code examples/connect} are those that users copy: they must be valid as they stand. */
class SinkExamplesTest {
    private static final Path EXAMPLES = Path.of("..", "examples", "connect");
    private static final List<String> FRAMEWORK_PREFIXES =
            List.of("consumer.override.", "errors.", "firn.table.", "source.");

    static List<Path> sinks() {
        try (Stream<Path> files = Files.list(EXAMPLES)) {
            return files.filter(file -> file.getFileName().toString().startsWith("sink-"))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void thereAreExamplesOfBothKinds() {
        assertThat(sinks())
                .anyMatch(file -> file.toString().endsWith(".json"))
                .anyMatch(file -> file.toString().endsWith(".properties"));
    }

    @ParameterizedTest
    @MethodSource("sinks")
    void sinkExampleIsValidAndEveryOptionInItExists(Path file) throws IOException {
        assertIsValid(load(file));
    }

    @Test
    void theSinkOfTheReadmeIsValid() throws IOException {
        String readme = Files.readString(Path.of("..", "README.md"));
        int start = readme.indexOf("```properties\nname=archive\n");
        String block = readme.substring(readme.indexOf('\n', start), readme.indexOf("```", start + 3));
        assertIsValid(load(new StringReader(block)));
    }

    private static void assertIsValid(Map<String, String> config) {
        for (ConfigValue value : new FirnSinkConnector().validate(config).configValues()) {
            assertThat(value.errorMessages()).as(value.name()).isEmpty();
        }
        Set<String> framework = SinkConnectorConfig.configDef().names();
        assertThat(config.keySet())
                .allMatch(name -> framework.contains(name)
                        || FirnSinkConfig.DEFINITION.names().contains(name)
                        || FRAMEWORK_PREFIXES.stream().anyMatch(name::startsWith));
        assertThat(config).containsEntry("consumer.override.isolation.level", "read_committed");
        for (String part : List.of("key", "value", "header")) {
            assertThat(config).containsEntry(part + ".converter", SinkFixture.BYTES);
        }
    }

    @Test
    void workerExamplesAreValid() throws IOException {
        DistributedConfig distributed = new DistributedConfig(load(EXAMPLES.resolve("worker-distributed.properties")));
        assertThat(distributed.getString("group.id")).isEqualTo("firn-workers");
        StandaloneConfig standalone = new StandaloneConfig(load(EXAMPLES.resolve("worker-standalone.properties")));
        assertThat(standalone.getString("plugin.discovery")).isEqualTo("service_load");
    }

    private static Map<String, String> load(Path file) throws IOException {
        if (file.toString().endsWith(".json")) {
            Map<String, String> config = new HashMap<>();
            JsonNode json = new ObjectMapper().readTree(file.toFile());
            config.put("name", json.path("name").asText());
            json.path("config")
                    .properties()
                    .forEach(option ->
                            config.put(option.getKey(), option.getValue().asText()));
            return config;
        }
        try (Reader reader = Files.newBufferedReader(file)) {
            return load(reader);
        }
    }

    private static Map<String, String> load(Reader reader) throws IOException {
        Properties properties = new Properties();
        properties.load(reader);
        Map<String, String> config = new HashMap<>();
        properties.forEach((name, value) -> config.put(name.toString(), value.toString()));
        return config;
    }
}
