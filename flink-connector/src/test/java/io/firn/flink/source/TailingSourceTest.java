package io.firn.flink.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.flink.testing.TestClusters;
import io.firn.lifecycle.LifecycleRequest;
import io.firn.table.TableWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.apache.flink.util.CloseableIterator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Jobs that follow a table. */
@Timeout(120)
class TailingSourceTest extends ArchivedTableFixture {
    private static final int PARALLELISM = 2;

    @RegisterExtension
    static final MiniClusterExtension CLUSTER = TestClusters.of(PARALLELISM);

    @Test
    void followsWritersAndNewOnesWhileTheLifecycleGoesOn() throws Exception {
        archived.append("a", 300);
        archived.append("b", 300);
        archived.act(LifecycleRequest.compressAll());
        archived.append("a", 50);
        List<String> taken = new ArrayList<>();
        try (CloseableIterator<String> results = SourceJobs.stream(
                        SourceJobs.environment(PARALLELISM, new Configuration()), tailing())
                .executeAndCollect()) {
            taken.addAll(SourceJobs.take(results, 650));
            for (int round = 0; round < 6; round++) {
                archived.append("a", 100);
                archived.append("new" + round, 40);
                archived.act(
                        switch (round % 3) {
                            case 0 -> LifecycleRequest.settleAll();
                            case 1 -> LifecycleRequest.compressAll();
                            default -> LifecycleRequest.compact();
                        });
                taken.addAll(SourceJobs.take(results, 140));
            }
        }
        assertThat(taken)
                .containsExactlyInAnyOrderElementsOf(archived.content())
                .hasSize(650 + 6 * 140);
    }

    @Test
    void showsEachCommitOfAnOpenSegmentAndNothingBefore() throws Exception {
        try (TableWriter writer = archived.writer("a", Map.of());
                CloseableIterator<String> results = SourceJobs.stream(
                                SourceJobs.environment(1, new Configuration()), tailing())
                        .executeAndCollect()) {
            for (long number = 0; number < 20; number += 2) {
                writer.append(ArchivedTable.record("a", number));
                writer.append(ArchivedTable.record("a", number + 1));
                writer.commit();
                assertThat(SourceJobs.take(results, 2))
                        .extracting(element -> element.split(" ", -1)[0])
                        .containsExactly("a/" + number, "a/" + (number + 1));
            }
        }
    }

    private FirnSource<String> tailing() {
        return archived.source()
                .unbounded()
                .discoveryInterval(Duration.ofMillis(100))
                .build();
    }
}
