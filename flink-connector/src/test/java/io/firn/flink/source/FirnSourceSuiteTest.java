package io.firn.flink.source;

import io.firn.flink.testing.TestClusters;
import io.firn.lifecycle.LifecycleRequest;
import io.firn.table.TableWriter;
import java.io.IOException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.connector.source.Boundedness;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.connector.testframe.environment.MiniClusterTestEnvironment;
import org.apache.flink.connector.testframe.external.ExternalContextFactory;
import org.apache.flink.connector.testframe.external.ExternalSystemSplitDataWriter;
import org.apache.flink.connector.testframe.external.source.DataStreamSourceExternalContext;
import org.apache.flink.connector.testframe.external.source.TestingSourceSettings;
import org.apache.flink.connector.testframe.junit.annotations.TestContext;
import org.apache.flink.connector.testframe.junit.annotations.TestEnv;
import org.apache.flink.connector.testframe.junit.annotations.TestSemantics;
import org.apache.flink.connector.testframe.testsuites.SourceTestSuiteBase;
import org.apache.flink.core.execution.CheckpointingMode;
import org.apache.flink.util.FileUtils;
import org.junit.jupiter.api.Timeout;

/** Flink's own conformance suite for sources: a split of the suite is a writer of the table. */
@Timeout(300)
class FirnSourceSuiteTest extends SourceTestSuiteBase<String> {
    @TestSemantics
    CheckpointingMode[] semantics = {CheckpointingMode.EXACTLY_ONCE};

    @TestEnv
    MiniClusterTestEnvironment cluster = TestClusters.ofSuite();

    @TestContext
    ExternalContextFactory<ArchivedWriters> archive = ArchivedWriters::create;

    /** A table for each test. */
    static final class ArchivedWriters implements DataStreamSourceExternalContext<String> {
        private static final int RECORDS = 200;

        private final Path directory;
        private final ArchivedTable archived;
        private final List<TableWriter> writers = new ArrayList<>();

        private ArchivedWriters(Path directory) {
            this.directory = directory;
            this.archived = ArchivedTable.below(directory);
        }

        static ArchivedWriters create(String testName) {
            try {
                return new ArchivedWriters(Files.createTempDirectory("firn-source-suite"));
            } catch (IOException e) {
                throw new IllegalStateException("no temporary directory for " + testName, e);
            }
        }

        @Override
        public Source<String, ?, ?> createSource(TestingSourceSettings settings) {
            FirnSourceBuilder<String> source = archived.source().deserializer(new ArchivedTable.Values());
            return settings.getBoundedness() == Boundedness.BOUNDED
                    ? source.bounded().ordered().build()
                    : source.unbounded().build();
        }

        @Override
        public ExternalSystemSplitDataWriter<String> createSourceSplitDataWriter(TestingSourceSettings settings) {
            TableWriter writer = archived.writer("w" + writers.size(), Map.of());
            writers.add(writer);
            return new ExternalSystemSplitDataWriter<>() {
                @Override
                public void writeRecords(List<String> records) {
                    records.forEach(value -> writer.append(ArchivedTable.record(value)));
                    writer.roll();
                    writer.commit();
                    archived.act(LifecycleRequest.compressAll());
                }

                @Override
                public void close() {
                    writer.close();
                }
            };
        }

        @Override
        public List<String> generateTestData(TestingSourceSettings settings, int splitIndex, long seed) {
            RandomGenerator random =
                    RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
            List<String> values = new ArrayList<>();
            for (int i = 0; i < RECORDS; i++) {
                values.add(splitIndex + "/" + i + "/" + random.nextLong());
            }
            return values;
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
        public void close() throws IOException {
            writers.forEach(TableWriter::close);
            archived.close();
            FileUtils.deleteDirectory(directory.toFile());
        }

        @Override
        public String toString() {
            return "Firn";
        }
    }
}
