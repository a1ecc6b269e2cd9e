package io.firn.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.error.ConfigException;
import io.firn.error.WriterFencedException;
import io.firn.lifecycle.verify.TableVerifier;
import io.firn.log.LaneSnapshot;
import io.firn.log.Lanes;
import io.firn.table.RestoredAttempt;
import io.firn.table.ScanOptions;
import io.firn.table.SinkAttempts;
import io.firn.table.Table;
import io.firn.table.TableReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sinks of every released version of the format are known for ever: their claims, attempts and withdrawals. */
class SinkCompatibilityTest {
    @TempDir
    Path directory;

    private Table table;

    @BeforeEach
    void unpack() throws IOException {
        table = Table.open(TableFixture.unpack(TableFixture.SINK, directory));
    }

    @AfterEach
    void close() {
        table.close();
    }

    @Test
    void theTableIsSoundAndHoldsWhatTheSavepointKnew() {
        List<String> expected = LongStream.range(0, SinkFixture.BEFORE)
                .mapToObj(number -> TableFixture.value(SinkFixture.SINK_ID, number))
                .toList();
        List<String> found = new ArrayList<>();
        try (TableReader reader = table.reader(ScanOptions.ALL)) {
            while (reader.next()) {
                found.add(StandardCharsets.UTF_8.decode(reader.record().value()).toString());
            }
        }
        assertThat(found).containsExactlyInAnyOrderElementsOf(expected);
        assertThat(TableVerifier.verify(table).damages()).isEmpty();
        assertThat(TableOrphans.find(table).orphans()).isEmpty();
    }

    @Test
    void theJobThatClaimedTheSinkLastHasIt() {
        assertThatThrownBy(() -> SinkAttempts.open(table, SinkFixture.owner(2)))
                .isInstanceOf(WriterFencedException.class)
                .hasMessageContaining("belongs to job 3");
        SinkAttempts.open(table, SinkFixture.owner(3));
    }

    @Test
    void checkpointsThatCountOnWhatWasTakenBackAreRefused() {
        SinkAttempts attempts = SinkAttempts.open(table, SinkFixture.owner(4));
        List<LaneSnapshot> lanes = new Lanes(table.layout(), table.environment().clock()).readAll();
        assertThat(lanes).hasSize(2);
        for (LaneSnapshot lane : lanes) {
            boolean first = !lane.identity().properties().containsKey("firn.sink.restored");
            String writer = lane.identity().writer();
            RestoredAttempt latest = new RestoredAttempt(writer, 2, SinkFixture.AFTER, 2, 1);
            assertThatThrownBy(() -> attempts.requireRestorable(List.of(latest)))
                    .isInstanceOf(ConfigException.class);
            if (first) {
                RestoredAttempt savepoint = new RestoredAttempt(writer, 1, SinkFixture.BEFORE, 1, 1);
                attempts.requireRestorable(List.of(savepoint));
                assertThat(attempts.isBehind(savepoint)).isFalse();
                assertThat(attempts.laterThan(List.of(savepoint)).withdrawals()).hasSize(2);
            }
        }
    }
}
