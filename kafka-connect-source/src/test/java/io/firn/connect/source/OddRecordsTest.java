package io.firn.connect.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.record.RecordHeader;
import io.firn.record.StreamRecord;
import java.nio.file.Path;
import java.util.List;
import org.apache.kafka.connect.errors.DataException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Records without a timestamp that Kafka keeps, and with large headers. */
class OddRecordsTest {
    private static final int MIB = 1 << 20;

    @TempDir
    Path root;

    private void archive(StreamRecord... records) {
        try (ArchiveFixture archive = ArchiveFixture.open(root, "g", "", "g", 0)) {
            for (int offset = 0; offset < records.length; offset++) {
                archive.append(0, offset, records[offset]);
            }
            archive.commit();
        }
    }

    @Test
    void recordsWithoutTimestampGetTheTimeOfTheReplay() {
        archive(
                StreamRecord.atMillis(-1).build(),
                StreamRecord.atNanos(1_500_001).build(),
                StreamRecord.atNanos(-5).build());
        try (ReplayRun run = ReplayRun.start(
                root, "replay.timestamps", "now", "restore.headers.provenance", "true", "restore.mode", "bounded")) {
            List<ReplayRun.Taken> taken = run.takeAll();
            assertThat(taken).hasSize(3).allMatch(each -> each.record().timestamp() >= ReplayRun.WALL_MS);
            assertThat(taken)
                    .extracting(each -> each.header("firn.origin.timestamp"))
                    .containsExactly("-1", "1", "-1");
        }
    }

    @Test
    void recordsWithoutTimestampAreRefusedWhereItCounts() {
        archive(StreamRecord.atMillis(-1).build());
        try (ReplayRun run = ReplayRun.start(root)) {
            assertThatThrownBy(run::takeAll)
                    .isInstanceOf(DataException.class)
                    .hasMessageContaining("replay.timestamps=now");
        }
    }

    @Test
    void headersCountInAPoll() {
        StreamRecord large = StreamRecord.atMillis(1)
                .headers(List.of(new RecordHeader("h", new byte[MIB]), new RecordHeader("none", null)))
                .value(new byte[1])
                .build();
        archive(large, large, large, large);
        try (ReplayRun run = ReplayRun.start(root, "poll.max.bytes", Integer.toString(3 * MIB))) {
            assertThat(run.poll()).hasSize(2);
            assertThat(run.poll()).hasSize(2);
        }
    }
}
