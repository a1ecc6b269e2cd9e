package io.firn.connect.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.record.StreamRecord;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Replays that have looped and then have fewer loops. */
class ReplayLoopsTest {
    @TempDir
    Path root;

    private ArchiveFixture growing;

    @BeforeEach
    void archive() {
        growing = ArchiveFixture.open(root, "g", "", "g", 0);
        archive("a", "b", "c");
    }

    @AfterEach
    void close() {
        growing.close();
    }

    private void archive(String... values) {
        long offset = growing.table().lanes().isEmpty()
                ? 0
                : growing.table().lanes().get(0).position();
        for (String value : values) {
            growing.append(
                    0,
                    offset,
                    StreamRecord.atMillis(1_000 + offset)
                            .value(value.getBytes(StandardCharsets.UTF_8))
                            .build());
            offset++;
        }
        growing.commit();
    }

    private static List<String> values(List<ReplayRun.Taken> taken) {
        return taken.stream().map(ReplayRun.Taken::value).toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {"partition", "timestamp"})
    void oneThatHasEndedFollowsTheArchive(String order) {
        try (ReplayRun run = ReplayRun.start(root, "restore.loop", "2", "restore.order", order)) {
            assertThat(run.takeAll()).hasSize(6);
            run.with("restore.loop", "1").with("restore.mode", "continuous").restart();
            assertThat(run.takeAll()).isEmpty();
            archive("d");
            assertThat(values(run.takeAll())).containsExactly("d");
            run.restart();
            archive("e");
            assertThat(values(run.takeAll())).containsExactly("e");
        }
    }

    @Test
    void whatIsArchivedLaterIsReplayedAsOftenAsItIsWantedThen() {
        try (ReplayRun run = ReplayRun.start(root, "restore.loop", "3")) {
            assertThat(run.takeAll()).hasSize(9);
            archive("d");
            run.with("restore.loop", "1").restart();
            assertThat(values(run.takeAll())).containsExactly("d");
            assertThat(run.offsets().values()).containsExactly(Map.of("sequence", 4L, "loop", 2L));
        }
    }

    @Test
    void theLoopInWhichItStandsIsTheLast() {
        try (ReplayRun run = ReplayRun.start(root, "restore.loop", "3", "poll.max.records", "1")) {
            run.take(4);
            run.with("restore.loop", "1").restart();
            assertThat(values(run.takeAll())).containsExactly("b", "c");
            run.restart();
            assertThat(run.takeAll()).isEmpty();
            run.with("restore.loop", "3").restart();
            assertThat(values(run.takeAll())).as("the third time").containsExactly("a", "b", "c");
        }
    }
}
