package io.firn.connect.sink;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.connect.testing.ConnectWorker;
import io.firn.connect.testing.TopicFeed;
import io.firn.connect.testing.Waiting;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged plugin in a stock worker: found by service loading, isolated, with a zstd library of its own. */
class PluginIsolationIT {
    private static final Path PLUGIN = Path.of("target", "plugin", "firn-kafka-connect-sink");
    private static final Path STOCK = Path.of("target", "stock-worker");

    @Test
    void pluginHoldsWhatItNeedsAndNothingThatTheWorkerBrings() throws Exception {
        List<String> jars = names(PLUGIN);

        assertThat(jars)
                .anyMatch(name -> name.startsWith("firn-kafka-connect-sink-"))
                .anyMatch(name -> name.startsWith("firn-core-storage-"))
                .anyMatch(name -> name.startsWith("zstd-jni-"))
                .anyMatch(name -> name.startsWith("jackson-databind-"))
                .anyMatch(name -> name.startsWith("caffeine-"))
                .anyMatch(name -> name.startsWith("avro-"))
                .noneMatch(name -> name.startsWith("commons-"))
                .noneMatch(name -> name.startsWith("kafka"))
                .noneMatch(name -> name.startsWith("connect-"))
                .noneMatch(name -> name.startsWith("slf4j"))
                .noneMatch(name -> name.contains("junit"));
    }

    @Test
    void stockWorkerFindsThePluginAndBothZstdLibrariesWorkSideBySide(@TempDir Path directory) {
        try (SinkFixture fixture = new SinkFixture(directory);
                ConnectWorker worker =
                        fixture.workerProcess().classPath(stockClassPath()).start()) {
            assertThat(worker.rest().connectorPlugins()).contains(FirnSinkConnector.class.getName());
            fixture.broker().createTopic("compressed", 1, Map.of("compression.type", "zstd"));
            Map<String, String> config = fixture.config("compressed", 1);
            config.put("compression.policy", "immediate");
            config.put("rotate.interval.ms", "1000");
            fixture.create(worker.rest(), "compressed", config);
            try (TopicFeed feed = fixture.feed()) {
                for (int i = 0; i < 1_000; i++) {
                    feed.send(new ProducerRecord<>("compressed", 0, 978_307_200_000L, null, new byte[200]));
                }
                feed.flush();
            }

            fixture.assertArchiveEqualsTopic("compressed");
            Waiting.until(
                    "a compressed file", SinkFixture.TIMEOUT, () -> compressedFiles(fixture) > 0, worker::logText);
            fixture.assertArchiveEqualsTopic("compressed");
        }
    }

    private static long compressedFiles(SinkFixture fixture) throws IOException {
        try (Stream<Path> files = Files.walk(fixture.table("compressed"))) {
            return files.filter(file -> file.toString().endsWith(".q.zst")).count();
        }
    }

    /** The worker's own class path, with the zstd-jni that Kafka ships instead of the one that the project uses. */
    private static String stockClassPath() {
        String own = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        List<String> kafka = Arrays.stream(own.split(File.pathSeparator))
                .filter(entry -> entry.endsWith(".jar"))
                .filter(entry ->
                        Stream.of("zstd-jni", "firn-", "caffeine", "/avro-").noneMatch(entry::contains))
                .toList();
        String zstd = names(STOCK).stream()
                .map(name -> STOCK.resolve(name).toAbsolutePath().toString())
                .collect(Collectors.joining(File.pathSeparator));
        return String.join(File.pathSeparator, kafka) + File.pathSeparator + zstd;
    }

    private static List<String> names(Path directory) {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).toList();
        } catch (IOException e) {
            throw new UncheckedIOException("build the plugin first: mvn package", e);
        }
    }
}
