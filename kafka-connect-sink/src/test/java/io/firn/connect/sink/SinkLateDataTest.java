package io.firn.connect.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.connect.testing.DumpedRecord;
import io.firn.lifecycle.LifecycleRequest;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Records of earlier partitions in the sink. */
class SinkLateDataTest {
    @TempDir
    Path directory;

    @Test
    void aLateRecordIsReportedAndItsOffsetIsDone() {
        List<SinkRecord> reported = new ArrayList<>();
        TaskRig rig = lateRig("reject").reporter((record, error) -> {
            assertThat(error).hasMessageContaining("is late").hasMessageContaining("dt=2001-01-01");
            reported.add(record);
            return CompletableFuture.completedFuture(null);
        });
        SinkTaskHarness task = rig.task();
        task.assign(rig.partitions());
        rig.drain(task);
        task.stop();

        assertThat(reported).extracting(SinkRecord::kafkaOffset).containsExactly(1L, 3L);
        assertThat(ArchiveDump.lane(rig.tablePath(), 0).position()).isEqualTo(4);
        assertThat(ArchiveDump.read(rig.tablePath()))
                .extracting(DumpedRecord::offset)
                .containsExactly(0L, 2L);
    }

    @Test
    void aLateRecordWithoutAReporterEndsTheTask() {
        TaskRig rig = lateRig("reject");
        SinkTaskHarness task = rig.task();
        task.assign(rig.partitions());

        assertThatThrownBy(() -> task.iterate(10))
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("t-0@1")
                .hasMessageContaining("late.data.policy=route");
    }

    @Test
    void lateRecordsAreRouted() {
        TaskRig rig = lateRig("route");
        SinkTaskHarness task = rig.task();
        task.assign(rig.partitions());
        rig.drain(task);
        task.stop();

        rig.assertArchiveEqualsLog();
        assertThat(rig.maintain(LifecycleRequest.settleAll()).errors()).isEmpty();
        rig.assertArchiveEqualsLog();
        assertThat(rig.tablePath().resolve("dt=__HIVE_DEFAULT_PARTITION__")).isDirectory();
        assertThat(rig.tablePath().resolve("dt=2001-01-01")).doesNotExist();
    }

    /** Four records of the days 2, 1, 2, 1. */
    private TaskRig lateRig(String policy) {
        SourceLog log = new SourceLog("t", 1);
        for (int offset = 0; offset < 4; offset++) {
            long timeMs = Instant.parse(offset % 2 == 0 ? "2001-01-02T12:00:00Z" : "2001-01-01T12:00:00Z")
                    .toEpochMilli();
            log.append(0, offset, new ProducerRecord<>("t", 0, timeMs, null, new byte[] {(byte) offset}));
        }
        return new TaskRig(directory.resolve("archive"), log)
                .with("partition.fields", "dt:date=timestamp")
                .with("partition.missing.field", "errant")
                .with("late.data.policy", policy);
    }
}
