package io.firn.flink;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.architecture.Repository;
import io.firn.flink.testing.TestClusters;
import io.firn.series.Labels;
import io.firn.series.SeriesBatch;
import io.firn.series.SeriesStore;
import io.firn.series.SeriesType;
import io.firn.table.LaneInfo;
import io.firn.table.Table;
import io.firn.testing.JavaSnippets;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.streaming.util.TestStreamEnvironment;
import org.apache.flink.test.junit5.InjectMiniCluster;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The Java of {@code docs/flink.md} compiles as it stands there, and its jobs without Kafka do what the page says. */
class FlinkPageIT {
    private static final int SNIPPETS = 4;
    private static final int SLOTS = 4;

    @RegisterExtension
    static final MiniClusterExtension CLUSTER = TestClusters.of(SLOTS);

    @TempDir
    Path directory;

    @TempDir
    Path classes;

    @Test
    void whatIsArchivedIsRead(@InjectMiniCluster MiniCluster cluster) throws Exception {
        List<String> snippets = JavaSnippets.blocks(Repository.root().resolve("docs/flink.md"), "java").stream()
                .map(snippet -> snippet.replace("/data/firn", directory.toString()))
                .toList();
        assertThat(snippets).hasSize(SNIPPETS);
        JavaSnippets page = new JavaSnippets(classes);
        assertThat(page.errors(snippets, "")).isEmpty();
        TestStreamEnvironment.setAsContext(
                cluster, SLOTS, List.of(), List.of(classes.toUri().toURL()));
        try (URLClassLoader loader = page.loader()) {
            run(loader, 0);
            try (Table table = Table.open(directory.resolve("flights"))) {
                assertThat(table.lanes().stream().mapToLong(LaneInfo::records).sum())
                        .isEqualTo(2);
            }
            assertThat(printed(() -> run(loader, 1)))
                    .contains("{\"origin\":\"ATL\",\"delay\":7}")
                    .doesNotContain("ORD");
            try (SeriesStore store = SeriesStore.open(directory.resolve("metrics"))) {
                Labels cpu = Labels.of("__name__", "cpu_seconds_total", "host", "b");
                long timestampMs = Instant.parse("2026-01-31T12:00:00Z").toEpochMilli();
                store.write(new SeriesBatch().add(cpu, SeriesType.COUNTER, timestampMs, 7.25));
            }
            assertThat(printed(() -> run(loader, SNIPPETS - 1)))
                    .contains("host=b")
                    .contains("7.25");
        } finally {
            TestStreamEnvironment.unsetAsContext();
        }
    }

    /** Something that prints. */
    @FunctionalInterface
    private interface Printing {
        void run() throws Exception;
    }

    private static String printed(Printing printing) throws Exception {
        PrintStream before = System.out;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        System.setOut(new PrintStream(bytes, true, StandardCharsets.UTF_8));
        try {
            printing.run();
        } finally {
            System.setOut(before);
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private static void run(URLClassLoader loader, int number) throws Exception {
        ClassLoader before = Thread.currentThread().getContextClassLoader();
        Thread.currentThread().setContextClassLoader(loader);
        try {
            loader.loadClass("Snippet" + number).getMethod("run").invoke(null);
        } finally {
            Thread.currentThread().setContextClassLoader(before);
        }
    }
}
