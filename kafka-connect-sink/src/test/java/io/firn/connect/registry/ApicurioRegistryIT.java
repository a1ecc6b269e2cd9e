package io.firn.connect.registry;

import io.firn.connect.testing.ChildProcess;
import io.firn.connect.testing.Waiting;
import io.firn.registry.SchemaRegistries;
import io.firn.registry.SchemaRegistry;
import io.firn.testing.SchemaRegistryContract;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** The contract on a real registry, a process of its own: {@code mvn verify -Pregistry}, which downloads 142 MB. */
@EnabledIfSystemProperty(
        named = "firn.registry.home",
        matches = ".+",
        disabledReason = "needs -Pregistry, which downloads a registry of 142 MB")
class ApicurioRegistryIT extends SchemaRegistryContract {
    private static final Duration START_TIMEOUT = Duration.ofMinutes(2);

    @TempDir
    static Path directory;

    private static ChildProcess process;
    private static String url;

    @BeforeAll
    static void start() throws IOException {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        Path log = directory.resolve("registry.log");
        process = ChildProcess.start(
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-Xmx512m",
                        "-Dquarkus.http.host=127.0.0.1",
                        "-Dquarkus.http.port=" + port,
                        "-jar",
                        runner().toString()),
                directory,
                log);
        url = "http://127.0.0.1:" + port + "/apis/ccompat/v7";
        Waiting.until("the registry at " + url, START_TIMEOUT, ApicurioRegistryIT::answers, () -> read(log));
    }

    @AfterAll
    static void stop() {
        process.close();
    }

    private static boolean answers() {
        try (SchemaRegistry registry = open()) {
            registry.ping();
            return true;
        }
    }

    private static Path runner() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of(System.getProperty("firn.registry.home")))) {
            return files.filter(file -> file.toString().endsWith("-runner.jar"))
                    .findFirst()
                    .orElseThrow()
                    .toAbsolutePath();
        }
    }

    private static String read(Path log) {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            return e.toString();
        }
    }

    private static SchemaRegistry open() {
        return SchemaRegistries.open(Map.of("schema.registry.url", url, "schema.registry.max.retries", "0"))
                .orElseThrow();
    }

    @Override
    protected SchemaRegistry client() {
        return open();
    }

    @Test
    void confluentsClientReadsWhatOursHasRegistered() throws Exception {
        GenuineClient.readsWhatOursHasRegistered(url);
    }

    @Test
    void confluentsClientRegistersWhatOursReads() throws Exception {
        GenuineClient.registersWhatOursReads(url);
    }
}
