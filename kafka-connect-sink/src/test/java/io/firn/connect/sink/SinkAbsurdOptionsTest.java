package io.firn.connect.sink;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.connect.testing.AbsurdOptions;
import io.firn.table.TableOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the sink says of configurations that nobody means. */
class SinkAbsurdOptionsTest {
    @TempDir
    Path directory;

    @Test
    void whatCannotBeMeantIsToldAndWhatIsAcceptedCanBeUsed() {
        Map<String, String> own =
                Map.of("topics", "t", "firn.path", directory.resolve("a").toString());
        List<String> more = Stream.concat(
                        Stream.of(
                                "tasks.max",
                                "firn.table.t.partition.fields",
                                "firn.table..segment.size",
                                "source.acks",
                                "consumer.override.isolation.level",
                                "value.converter",
                                "topics",
                                "topics.regex",
                                "errors.tolerance",
                                "firn.table.",
                                "firn.table.t.nothing"),
                        Stream.of(TableOption.values()).map(option -> "firn.table.t." + option.key()))
                .toList();

        assertThat(new AbsurdOptions(new FirnSinkConnector(), own, more, SinkAbsurdOptionsTest::use).problems())
                .isEmpty();
    }

    private static void use(Map<String, String> properties) {
        FirnSinkConfig config = new FirnSinkConfig(properties);
        assertThat(config.commitInterval().toNanos()).isPositive();
        assertThat(config.rotateInterval().toNanos()).isPositive();
        config.lifecycle();
        config.mapping();
        config.tableConfig("t");
        config.tableOf("t");
        config.sourceClient();
        config.minFreeBytes();
    }
}
