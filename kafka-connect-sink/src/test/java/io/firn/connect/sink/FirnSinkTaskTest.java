package io.firn.connect.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.connect.testing.TopicFeed;
import io.firn.connect.testing.Waiting;
import io.firn.log.Gap;
import io.firn.table.LaneInfo;
import io.firn.testing.Fault;
import io.firn.testing.OwnThread;
import io.firn.testing.StoreCall;
import io.firn.testing.StoreOperation;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FirnSinkTaskTest {
    private static final TopicPartition FIRST = new TopicPartition("t", 0);

    @TempDir
    Path directory;

    private TaskRig rig(int partitions, int records) {
        return new TaskRig(directory.resolve("archive"), new SourceLog("t", partitions).fill(new Random(1), records));
    }

    @Test
    void archivesEverythingOnceAndAcknowledgesOnlyWhatIsCommitted() {
        TaskRig rig = rig(3, 200);
        SinkTaskHarness task = rig.task();
        task.assign(rig.partitions());
        task.iterate(50);
        assertThat(rig.groupOffsets()).isEmpty();

        rig.drain(task);

        rig.assertArchiveEqualsLog();
        for (TopicPartition partition : rig.partitions()) {
            assertThat(rig.groupOffsets()).containsEntry(partition, rig.log().endOffset(partition.partition()));
        }
        task.stop();
    }

    @Test
    void commitsWhenTheIntervalIsOverAndNotBefore() {
        TaskRig rig = rig(1, 10);
        SinkTaskHarness task = rig.task();
        task.assign(rig.partitions());
        task.iterate(50);
        rig.advance(Duration.ofMillis(900));
        task.iterate(50);
        task.iterate(50);
        assertThat(rig.groupOffsets()).isEmpty();

        rig.advance(Duration.ofMillis(200));
        task.iterate(50);
        task.iterate(50);

        assertThat(rig.groupOffsets()).containsEntry(FIRST, rig.log().endOffset(0));
        task.stop();
    }

    @Test
    void readsOnFromTheArchiveWhateverTheGroupSays() {
        TaskRig rig = rig(2, 100);
        SinkTaskHarness first = rig.task();
        first.assign(rig.partitions());
        first.iterate(30);
        first.stop();
        rig.log().fill(new Random(2), 100);

        rig.groupOffsets().clear();
        SinkTaskHarness second = rig.task();
        second.assign(rig.partitions());
        second.iterate(30);
        second.stop();
        rig.partitions()
                .forEach(
                        partition -> rig.groupOffsets().put(partition, rig.log().endOffset(partition.partition())));
        SinkTaskHarness third = rig.task();
        third.assign(rig.partitions());
        rig.drain(third);

        rig.assertArchiveEqualsLog();
        third.stop();
    }

    @Test
    void recordsThatWereNotCommittedComeAgainAfterTheTaskDies() {
        TaskRig rig = rig(2, 100);
        SinkTaskHarness dead = rig.task();
        dead.assign(rig.partitions());
        dead.iterate(20);
        dead.commitAll();
        dead.iterate(20);

        SinkTaskHarness successor = rig.task();
        successor.assign(rig.partitions());
        rig.drain(successor);

        rig.assertArchiveEqualsLog();
        successor.stop();
    }

    @Test
    void rollsBackAndReadsAgainWhenAForceFailsInACommit() {
        TaskRig rig = rig(2, 100);
        SinkTaskHarness task = rig.task();
        task.assign(rig.partitions());
        task.iterate(30);
        Fault fault = rig.store()
                .inject(Fault.on(call ->
                        call.operation() == StoreOperation.FORCE_REGION || call.operation() == StoreOperation.FORCE));
        task.commitAll();
        assertThat(fault.happened()).isTrue();
        assertThat(rig.groupOffsets()).hasSize(1);

        rig.drain(task);

        rig.assertArchiveEqualsLog();
        assertThat(rig.groupOffsets())
                .containsEntry(FIRST, rig.log().endOffset(0))
                .hasSize(2);
        task.stop();
    }

    @Test
    void givesUpWithTheCauseWhenTheFileSystemStaysBroken() {
        TaskRig rig = rig(1, 100);
        SinkTaskHarness task = rig.task();
        task.assign(rig.partitions());
        rig.store()
                .inject(Fault.on(StoreCall.is(StoreOperation.FORCE, ".q").or(StoreCall.is(StoreOperation.FORCE_REGION)))
                        .sticky());

        assertThatThrownBy(() -> {
                    for (int i = 0; i < 100; i++) {
                        task.iterate(10);
                        task.commitAll();
                    }
                })
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("t-0")
                .hasMessageContaining("simulated");
    }

    @Test
    void closeSucceedsWhenTheLastCommitFailsAndNothingIsLost() {
        TaskRig rig = rig(1, 60);
        SinkTaskHarness task = rig.task();
        task.assign(rig.partitions());
        task.iterate(30);
        rig.store()
                .inject(Fault.on(call -> call.operation() == StoreOperation.FORCE_REGION
                                || call.operation() == StoreOperation.FORCE)
                        .sticky());
        task.lose(rig.partitions());
        rig.store().heal();

        task.assign(rig.partitions());
        rig.drain(task);

        rig.assertArchiveEqualsLog();
        task.stop();
    }

    @Test
    void closeStopsCommittingWhenItsTimeIsUpAndNothingIsLost() {
        TaskRig rig = rig(100, 5);
        SinkTaskHarness task = rig.task();
        task.assign(rig.partitions());
        task.iterate(50);
        // every force takes 100 ms by the task's clock, so that only a few of 100 partitions can be committed
        Fault slow = Fault.on(call -> {
            if (call.operation() == StoreOperation.FORCE) {
                rig.advance(Duration.ofMillis(100));
            }
            return false;
        });
        rig.store().inject(slow);
        long beforeNs = rig.nowNs();

        task.lose(rig.partitions());

        assertThat(Duration.ofNanos(rig.nowNs() - beforeNs)).isLessThan(Duration.ofSeconds(2));
        assertThat(rig.committedPartitions()).isBetween(1, 50);
        rig.store().heal();
        task.assign(rig.partitions());
        rig.drain(task);
        rig.assertArchiveEqualsLog();
        task.stop();
    }

    @Test
    void sealsASegmentAfterTheRotateIntervalAlsoWithoutNewData() throws Exception {
        TaskRig rig = rig(1, 10).with("rotate.interval.ms", "60000");
        SinkTaskHarness task = rig.task();
        task.assign(rig.partitions());
        task.iterate(50);
        task.commitAll();
        long openSize = rig.hotFileSize();
        rig.advance(Duration.ofSeconds(59));
        task.iterate(50);
        task.commitAll();
        assertThat(rig.hotFileSize()).isEqualTo(openSize);

        rig.advance(Duration.ofSeconds(2));
        task.iterate(50);
        task.iterate(50);

        assertThat(rig.hotFileSize()).isLessThan(openSize);
        rig.assertArchiveEqualsLog();
        task.stop();
    }

    @Test
    void neitherPutNorCommitWaitsForTheLifecycle() throws Exception {
        TaskRig rig = rig(2, 200)
                .with("lifecycle.mode", "on-commit")
                .with("settle.min.bytes", "0")
                .with("rotate.interval.ms", "1000");
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch released = new CountDownLatch(1);
        rig.store().inject(Fault.on(call -> {
            if (Thread.currentThread().getName().startsWith("firn-lifecycle") && isWrite(call)) {
                begun.countDown();
                awaitUnchecked(released);
            }
            return false;
        }));
        SinkTaskHarness task = rig.task();
        task.assign(rig.partitions());
        task.iterate(50);
        rig.advance(Duration.ofSeconds(2));
        task.commitAll();
        assertThat(begun.await(2, TimeUnit.MINUTES)).isTrue();

        rig.drain(task);

        assertThat(released.getCount()).isEqualTo(1);
        rig.assertArchiveEqualsLog();
        released.countDown();
        Waiting.until("settled records", Duration.ofMinutes(2), () -> rig.settledSegments() > 0);
        rig.assertArchiveEqualsLog();
        task.stop();
    }

    private static boolean isWrite(StoreCall call) {
        return call.operation() == StoreOperation.CREATE || call.operation() == StoreOperation.WRITE;
    }

    private static void awaitUnchecked(CountDownLatch latch) {
        try {
            assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void movesOverRecordsThatATransformationDropped() {
        TaskRig rig = rig(1, 50);
        SinkTaskHarness task = rig.task();
        task.transform(record -> null);
        task.assign(rig.partitions());

        rig.drain(task);

        assertThat(ArchiveDump.lane(rig.tablePath(), 0).position())
                .isEqualTo(rig.log().endOffset(0));
        assertThat(ArchiveDump.read(rig.tablePath())).isEmpty();
        task.stop();
    }

    @Test
    void keepsTheOriginalPositionOfRecordsThatATransformationRenamed() {
        TaskRig rig = rig(2, 50);
        SinkTaskHarness task = rig.task();
        task.transform(record -> record.newRecord(
                "renamed",
                7,
                record.keySchema(),
                record.key(),
                record.valueSchema(),
                record.value(),
                record.timestamp(),
                record.headers()));
        task.assign(rig.partitions());

        rig.drain(task);

        rig.assertArchiveEqualsLog();
        task.stop();
    }

    @Test
    void positionWaitsForTheReportsOfErrantRecords() {
        List<SinkRecord> reported = new ArrayList<>();
        CompletableFuture<Void> stored = new CompletableFuture<>();
        TaskRig rig = errantRig().reporter((record, error) -> {
            reported.add(record);
            return stored;
        });
        SinkTaskHarness task = rig.task();
        task.assign(rig.partitions());
        task.iterate(10);
        assertThat(reported).hasSize(10);
        CompletableFuture<Void> commit = OwnThread.run(task::commitAll);
        assertThat(ArchiveDump.lane(rig.tablePath(), 0).position()).isZero();

        stored.complete(null);
        commit.join();

        assertThat(ArchiveDump.lane(rig.tablePath(), 0).position())
                .isEqualTo(rig.log().endOffset(0));
        task.stop();
    }

    @Test
    void anErrantRecordWithoutAReporterEndsTheTaskWithTheRemedy() {
        TaskRig rig = errantRig();
        SinkTaskHarness task = rig.task();
        task.assign(rig.partitions());

        assertThatThrownBy(() -> task.iterate(10))
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("t-0@0")
                .hasMessageContaining("partition.missing.field=null")
                .hasMessageContaining("errors.deadletterqueue.topic.name");
    }

    @Test
    void aReportThatFailsEndsTheTask() {
        TaskRig rig = errantRig()
                .reporter((record, error) -> CompletableFuture.failedFuture(new IllegalStateException("no queue")));
        SinkTaskHarness task = rig.task();
        task.assign(rig.partitions());
        task.iterate(10);
        task.commitAll();
        assertThat(rig.groupOffsets()).isEmpty();

        assertThatThrownBy(() -> task.iterate(10))
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("would be lost");
    }

    private TaskRig errantRig() {
        return rig(1, 10).with("partition.missing.field", "errant").with("partition.fields", "x:string=value.missing");
    }

    @Test
    void aTopicThatWasMadeAgainFailsWithTheRemedy() {
        TaskRig rig = rig(1, 50);
        SinkTaskHarness task = rig.task();
        task.assign(rig.partitions());
        rig.drain(task);
        task.stop();
        SourceLog recreated = new SourceLog("t", 1).fill(new Random(5), 10);
        SinkTaskHarness second = rig.task(recreated);
        second.assign(rig.partitions());
        second.seekToBeginning();

        assertThatThrownBy(() -> second.iterate(10))
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("offset 0")
                .hasMessageContaining("on.topic.recreated=new-generation");
    }

    @Test
    void aTopicThatWasMadeAgainGetsANewGenerationFromItsBeginning() {
        TaskRig rig = rig(1, 50).with("on.topic.recreated", "new-generation");
        SinkTaskHarness task = rig.task();
        task.assign(rig.partitions());
        rig.drain(task);
        task.stop();
        SourceLog recreated = new SourceLog("t", 1).fill(new Random(5), 10);
        TaskRig again =
                new TaskRig(directory.resolve("archive"), recreated).with("on.topic.recreated", "new-generation");
        SinkTaskHarness second = again.task();
        second.assign(again.partitions());
        second.seekToBeginning();

        again.drain(second);

        again.assertArchiveEqualsLog();
        second.stop();
    }

    @Test
    void notesRecordsThatWereGoneBeforeTheyWereArchived() {
        TaskRig rig = rig(1, 50);
        SinkTaskHarness task = rig.task();
        task.assign(rig.partitions());
        rig.drain(task);
        task.stop();
        long end = rig.log().endOffset(0);
        rig.log().append(0, end + 100, TopicFeed.randomRecord(new Random(3), "t", 0));
        SinkTaskHarness second = rig.task();
        second.assign(rig.partitions());

        rig.drain(second);

        LaneInfo lane = ArchiveDump.lane(rig.tablePath(), 0);
        assertThat(lane.recentGaps()).containsExactly(new Gap(end, end + 100));
        rig.assertArchiveEqualsLog();
        second.stop();
    }

    @Test
    void aFencedTaskSaysWhoHoldsTheLane() {
        TaskRig rig = rig(1, 50);
        SinkTaskHarness first = rig.task();
        first.assign(rig.partitions());
        first.iterate(10);
        SinkTaskHarness second = rig.with("name", "other").task();
        second.assign(rig.partitions());

        first.commitAll();
        first.iterate(10);
        rig.advance(Duration.ofMinutes(1));

        assertThatThrownBy(() -> first.iterate(10))
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("connector other, task 0")
                .hasMessageContaining("this is")
                .hasMessageContaining("connector rig, task 0")
                .hasMessageContaining("Two connectors must not archive one topic");
        rig.drain(second);
        rig.assertArchiveEqualsLog();
        second.stop();
    }

    @Test
    void aTaskThatSeesAnotherArchiveRefusesToStartAndNamesBothHosts() {
        TaskRig rig = rig(1, 1).with(FirnSinkConfig.ARCHIVE_ID, "00000000-0000-0000-0000-000000000000");

        assertThatThrownBy(rig::task)
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("Host ")
                .hasMessageContaining("connector on host elsewhere sees archive 00000000")
                .hasMessageContaining("shared");
    }

    @Test
    void aTaskThatSeesNoArchiveRefusesToStart() {
        TaskRig rig = rig(1, 1)
                .with("firn.path", directory.resolve("fresh").toAbsolutePath().toString());

        assertThatThrownBy(rig::task).isInstanceOf(ConnectException.class).hasMessageContaining("sees no archive");
    }

    @Test
    void offsetsMoveForwardWithARecordedGapAndNeverBackward() {
        TaskRig rig = rig(1, 50);
        SinkTaskHarness task = rig.task();
        task.assign(rig.partitions());
        rig.drain(task);
        task.stop();
        long end = rig.log().endOffset(0);

        for (int twice = 0; twice < 2; twice++) {
            OffsetChange.apply(rig.config(), SinkEnvironment.system(), Map.of(FIRST, end + 10));
            LaneInfo lane = ArchiveDump.lane(rig.tablePath(), 0);
            assertThat(lane.position()).isEqualTo(end + 10);
            assertThat(lane.recentGaps()).containsExactly(new Gap(end, end + 10));
        }
        assertThatThrownBy(() -> OffsetChange.apply(rig.config(), SinkEnvironment.system(), Map.of(FIRST, end)))
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("everything below " + (end + 10))
                .hasMessageContaining("firn.table");
        assertThatThrownBy(() -> OffsetChange.apply(rig.config(), SinkEnvironment.system(), rig.reset()))
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("the beginning");
    }
}
