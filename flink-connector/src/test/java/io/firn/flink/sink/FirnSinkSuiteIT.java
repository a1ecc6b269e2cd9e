package io.firn.flink.sink;

import io.firn.flink.testing.TestClusters;
import io.firn.table.ScanOptions;
import io.firn.table.Table;
import io.firn.table.TableReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URL;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.common.serialization.SimpleStringSchema;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.connector.testframe.environment.MiniClusterTestEnvironment;
import org.apache.flink.connector.testframe.external.ExternalContextFactory;
import org.apache.flink.connector.testframe.external.ExternalSystemDataReader;
import org.apache.flink.connector.testframe.external.sink.DataStreamSinkV2ExternalContext;
import org.apache.flink.connector.testframe.external.sink.TestingSinkSettings;
import org.apache.flink.connector.testframe.junit.annotations.TestContext;
import org.apache.flink.connector.testframe.junit.annotations.TestEnv;
import org.apache.flink.connector.testframe.junit.annotations.TestSemantics;
import org.apache.flink.connector.testframe.testsuites.SinkTestSuiteBase;
import org.apache.flink.core.execution.CheckpointingMode;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Timeout;

/** Flink's own conformance suite for sinks, at both guarantees. */
@Timeout(value = 4, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FirnSinkSuiteIT extends SinkTestSuiteBase<String> {
    @TestSemantics
    CheckpointingMode[] semantics = {CheckpointingMode.EXACTLY_ONCE, CheckpointingMode.AT_LEAST_ONCE};

    @TestEnv
    MiniClusterTestEnvironment cluster = TestClusters.ofSuite();

    @TestContext
    ExternalContextFactory<Context> context = name -> new Context();

    /** An archive for one test of the suite. */
    static final class Context implements DataStreamSinkV2ExternalContext<String> {
        private static final String TABLE = "suite";
        private static final int WORDS = 100;

        private final Path directory;

        Context() {
            try {
                directory = Files.createDirectories(Path.of("target", "suite", UUID.randomUUID() + ""))
                        .toAbsolutePath();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        @SuppressWarnings("deprecation") // the suite names its guarantee by the old type
        public Sink<String> createSink(TestingSinkSettings settings) {
            boolean exactly =
                    settings.getCheckpointingMode() == org.apache.flink.streaming.api.CheckpointingMode.EXACTLY_ONCE;
            return FirnSink.<String>builder()
                    .path(directory.toString())
                    .table(TABLE)
                    .sinkId("suite")
                    .serializer(FirnRecordSerializer.valueOnly(new SimpleStringSchema()))
                    .deliveryGuarantee(exactly ? DeliveryGuarantee.EXACTLY_ONCE : DeliveryGuarantee.AT_LEAST_ONCE)
                    .build();
        }

        @Override
        public ExternalSystemDataReader<String> createSinkDataReader(TestingSinkSettings settings) {
            return new Reader(directory.resolve(TABLE));
        }

        @Override
        public List<String> generateTestData(TestingSinkSettings settings, long seed) {
            SplittableRandom random = new SplittableRandom(seed);
            List<String> words = new ArrayList<>();
            for (int i = 0; i < WORDS; i++) {
                words.add(i + "-" + Long.toHexString(random.nextLong()));
            }
            return words;
        }

        @Override
        public TypeInformation<String> getProducedType() {
            return Types.STRING;
        }

        @Override
        public List<URL> getConnectorJarPaths() {
            return List.of();
        }

        @Override
        public void close() {}
    }

    /** Tails the archive. */
    private static final class Reader implements ExternalSystemDataReader<String> {
        private final Path path;
        private @Nullable Table table;
        private @Nullable TableReader reader;

        Reader(Path path) {
            this.path = path;
        }

        @Override
        public List<String> poll(Duration timeout) {
            TableReader records = reader;
            if (records == null) {
                if (!Files.exists(path.resolve("_table").resolve("metadata.json"))) {
                    return List.of();
                }
                table = Table.open(path);
                records = table.reader(ScanOptions.ALL);
                reader = records;
            }
            records.refresh();
            List<String> words = new ArrayList<>();
            while (records.next()) {
                ByteBuffer value = Objects.requireNonNull(records.record().value());
                words.add(StandardCharsets.UTF_8.decode(value).toString());
            }
            return words;
        }

        @Override
        public void close() {
            if (reader != null) {
                reader.close();
            }
            if (table != null) {
                table.close();
            }
        }
    }
}
