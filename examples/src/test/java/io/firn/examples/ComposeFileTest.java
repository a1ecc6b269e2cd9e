package io.firn.examples;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import kafka.server.KafkaConfig;
import org.apache.kafka.connect.runtime.distributed.DistributedConfig;
import org.junit.jupiter.api.Test;

/** What {@code compose.yaml} names is there, and its parts name each other rightly. */
class ComposeFileTest {
    private static final Path FILE = Path.of("compose.yaml");
    private static final Pattern BROKER_OPTION = Pattern.compile("(?m)^ +KAFKA_([A-Z_]+): \"([^\"]+)\"$");
    private static final Pattern VOLUME =
            Pattern.compile("(?m)^ +- (?:\\$\\{\\w+:-)?(\\.[^:}]*)}?:(/[^:\\n]+)(?::ro)?$");

    @Test
    void theBrokerTakesItsOptions() throws IOException {
        Map<String, String> options = new HashMap<>();
        found(BROKER_OPTION)
                .forEach(option ->
                        options.put(option.group(1).toLowerCase(Locale.ROOT).replace('_', '.'), option.group(2)));

        KafkaConfig config = new KafkaConfig(options, false);

        assertThat(config.nodeId()).isEqualTo(1);
        assertThat(options.keySet()).isSubsetOf(KafkaConfig.configDef().names());
    }

    @Test
    void whatIsMountedIsThereOrMadeByTheBuild() throws IOException {
        List<MatchResult> volumes = found(VOLUME);
        assertThat(volumes).hasSize(4);
        for (MatchResult volume : volumes) {
            Path path = Path.of(volume.group(1)).normalize();
            if (path.toString().contains("target/plugin")) {
                Path module = path.resolve("../../..").normalize();
                assertThat(module.resolve("src/assembly/plugin-directory.xml"))
                        .content()
                        .contains("<outputDirectory>" + path.getFileName() + "</outputDirectory>");
                assertThat(volume.group(2)).isEqualTo(worker().get("plugin.path") + "/" + path.getFileName());
            } else if (!path.startsWith("target")) {
                assertThat(path).isRegularFile();
            }
        }
    }

    @Test
    void theWorkerTakesItsOptionsAndFindsTheBroker() throws IOException {
        Map<String, String> worker = worker();

        DistributedConfig config = new DistributedConfig(worker);

        assertThat(worker.keySet()).isSubsetOf(config.values().keySet());
        assertThat(text()).contains("INSIDE://" + worker.get("bootstrap.servers"), ":8083:8083");
        assertThat(worker.get("listeners")).endsWith(":8083");
    }

    @Test
    void theConnectorsNameTheServicesAndTheMountedArchive() throws IOException {
        String broker = worker().get("bootstrap.servers");
        JsonNode sink = config("sink-compose.json");
        assertThat(sink.path("source.bootstrap.servers").asText()).isEqualTo(broker);
        assertThat(sink.path("schema.registry.url").asText()).startsWith("http://registry:8080/");
        assertThat(text()).contains("\n  registry:\n", ":8081:8080\"");
        JsonNode replay = config("replay-compose.json");
        assertThat(replay.path("target.bootstrap.servers").asText()).isEqualTo(broker);
        assertThat(replay.path("firn.path")).isEqualTo(sink.path("firn.path"));
        assertThat(found(VOLUME))
                .extracting(volume -> volume.group(2))
                .contains(sink.path("firn.path").asText());
    }

    @Test
    void theImagesAreThoseThatTheSuiteRunsOn() throws IOException {
        String pom = Files.readString(Path.of("..", "pom.xml"));
        String registry = property(pom, "containers.registry.image");
        String kafka =
                property(pom, "containers.kafka.image").replace("${kafka.version}", property(pom, "kafka.version"));

        assertThat(text()).contains("${KAFKA_IMAGE:-" + kafka + "}", "${REGISTRY_IMAGE:-" + registry + "}");
    }

    private static String property(String pom, String name) {
        return pom.split("<" + name + ">", 2)[1].split("<", 2)[0];
    }

    private static Map<String, String> worker() throws IOException {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(Path.of("connect", "worker-compose.properties"))) {
            properties.load(reader);
        }
        Map<String, String> worker = new HashMap<>();
        properties.stringPropertyNames().forEach(name -> worker.put(name, properties.getProperty(name)));
        return worker;
    }

    private static JsonNode config(String file) throws IOException {
        return new ObjectMapper().readTree(Path.of("connect", file).toFile()).path("config");
    }

    private static List<MatchResult> found(Pattern pattern) throws IOException {
        return pattern.matcher(text()).results().toList();
    }

    private static String text() throws IOException {
        return Files.readString(FILE);
    }
}
