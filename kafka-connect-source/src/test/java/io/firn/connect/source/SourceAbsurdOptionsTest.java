package io.firn.connect.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.connect.testing.AbsurdOptions;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the source says of configurations that nobody means. */
class SourceAbsurdOptionsTest {
    @TempDir
    Path directory;

    @Test
    void whatCannotBeMeantIsToldAndWhatIsAcceptedCanBeUsed() {
        Map<String, String> own = Map.of("firn.path", directory.toString());
        List<String> more = List.of(
                "tasks.max",
                "value.converter",
                "key.converter",
                "header.converter",
                "transaction.boundary",
                "exactly.once.support",
                "topic.creation.default.partitions",
                "topic.creation.groups",
                "topic.creation.default.replication.factor",
                "restore.create.topics.config.retention.ms",
                "restore.create.topics.config.",
                "target.acks",
                "transforms");

        assertThat(new AbsurdOptions(new FirnSourceConnector(), own, more, SourceAbsurdOptionsTest::use).problems())
                .isEmpty();
    }

    private static void use(Map<String, String> properties) {
        FirnSourceConfig config = new FirnSourceConfig(properties);
        config.tables().matcher("t").matches();
        config.topics().target("t");
        config.targetClient();
        config.memoryBytes();
        PaceOptions pace = new PaceOptions(config);
        pace.timestamps(InstantSource.system());
        new ReplayPace(pace.rules(1), System::nanoTime).beginPoll();
        new OrderOptions(config).loops();
        new RecordOptions(config).filter();
    }
}
