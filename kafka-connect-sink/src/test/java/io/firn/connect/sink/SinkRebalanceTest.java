package io.firn.connect.sink;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.table.Table;
import io.firn.testing.StubRegistry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.sink.SinkRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rebalances that come while the worker keeps a batch, or holds partitions paused. */
class SinkRebalanceTest {
    @TempDir
    Path directory;

    private final StubRegistry stub = StubRegistry.start(41);

    @AfterEach
    void stop() {
        stub.close();
    }

    /** A task of which a batch waits for the registry: of each partition the first half could be appended. */
    private SinkTaskHarness postponed(TaskRig rig) {
        int id = stub.register("flights-value", SinkRegistryTest.FLIGHT);
        for (int i = 0; i < 10; i++) {
            for (TopicPartition partition : rig.partitions()) {
                byte[] value = i < 5
                        ? "{\"origin\":\"ORD\"}".getBytes(StandardCharsets.UTF_8)
                        : SinkRegistryTest.flight(id, "ATL");
                rig.log().append(partition.partition(), i, new ProducerRecord<>("flights", null, 0L, null, value));
            }
        }
        stub.down();
        return rig.task();
    }

    private TaskRig rig(int partitions) {
        return new TaskRig(directory, new SourceLog("flights", partitions))
                .with("schema.registry.url", stub.url())
                .with("schema.registry.max.retries", "0");
    }

    private void assertAllIsArchivedOnce(TaskRig rig, SinkTaskHarness task) {
        rig.drain(task);
        task.stop();
        rig.assertArchiveEqualsLog();
        try (Table table = Table.open(rig.tablePath())) {
            assertThat(table.lanes()).as("no generation beside the first").hasSameSizeAs(rig.partitions());
        }
    }

    @Test
    void aRebalanceWhileABatchWaitsLosesNothing() {
        TaskRig rig = rig(1);
        SinkTaskHarness task = postponed(rig);
        task.assign(rig.partitions());
        task.iterate(50);
        assertThat(task.retries()).isEqualTo(1);
        task.rebalance();
        stub.up();
        rig.advance(Duration.ofSeconds(5));
        task.iterate(0); // the poll of a rebalance gives no records

        assertAllIsArchivedOnce(rig, task);
    }

    @Test
    void aRebalanceWhileABatchWaitsAndTheDiskIsFullLosesNothing() {
        TaskRig rig = rig(1).with("disk.min.free.bytes", "0");
        SinkTaskHarness task = postponed(rig);
        task.assign(rig.partitions());
        task.iterate(50);
        rig.store().limitSpace(0);
        task.rebalance();
        stub.up();
        rig.advance(Duration.ofSeconds(5));
        task.iterate(0);
        rig.store().heal();

        assertAllIsArchivedOnce(rig, task);
    }

    @Test
    void waitingRecordsOfARenamedTopicAreLeftToTheRewind() {
        TaskRig rig = rig(1).with("on.topic.recreated", "new-generation");
        SinkTaskHarness task = postponed(rig);
        task.transform(record -> renamed(record, "elsewhere", 0));
        task.assign(rig.partitions());
        task.iterate(50);
        task.rebalance();
        stub.up();

        assertAllIsArchivedOnce(rig, task);
    }

    @Test
    void waitingRecordsOfAPartitionThatIsGoneAreNoReasonToFail() {
        TaskRig rig = rig(2);
        SinkTaskHarness task = postponed(rig);
        task.transform(record -> renamed(record, "elsewhere", record.kafkaPartition()));
        task.assign(rig.partitions());
        task.iterate(50);
        List<TopicPartition> gone = List.of(new TopicPartition("flights", 1));
        task.revoke(gone);
        task.iterate(50);
        stub.up();
        task.iterate(50);
        task.assign(gone);

        assertAllIsArchivedOnce(rig, task);
    }

    /** Connect drops what waits by its present topic and partition, so also records of one that the task keeps. */
    @Test
    void waitingRecordsThatGoWithAPartitionWhoseNameTheyBearAreReadAgain() {
        TaskRig rig = rig(2);
        SinkTaskHarness task = postponed(rig);
        task.transform(record -> renamed(record, "flights", 1));
        task.assign(rig.partitions());
        task.iterate(50);
        List<TopicPartition> gone = List.of(new TopicPartition("flights", 1));
        task.revoke(gone);
        stub.up();
        rig.advance(Duration.ofSeconds(5));
        task.iterate(0);
        task.assign(gone);

        assertAllIsArchivedOnce(rig, task);
    }

    @Test
    void whatTheWorkerThrowsAwayInARebalanceIsReadAgain() {
        TaskRig rig = rig(2);
        SinkTaskHarness task = running(rig);
        task.rebalance();
        task.wake(3);

        assertAllIsArchivedOnce(rig, task);
    }

    @Test
    void whatTheWorkerThrowsAwayOfAPartitionThatStaysIsReadAgain() {
        TaskRig rig = rig(2);
        SinkTaskHarness task = running(rig);
        List<TopicPartition> gone = List.of(new TopicPartition("flights", 1));
        task.revoke(gone);
        task.wake(3);
        task.iterate(3);
        task.assign(gone);

        assertAllIsArchivedOnce(rig, task);
    }

    @Test
    void filteredRecordsBehindThoseThatWereThrownAwayDoNotMoveThePosition() {
        TaskRig rig = rig(1);
        SinkTaskHarness task = running(rig);
        task.rebalance();
        task.wake(3);
        task.transform(record -> null);
        task.iterate(2);
        task.commitAll();
        task.transform(record -> record);

        assertAllIsArchivedOnce(rig, task);
    }

    @Test
    void partitionsThatTheWorkerDoesNotOpenAreOpenedWithTheirFirstRecords() {
        TaskRig rig = rig(2);
        SinkTaskHarness task = running(rig);
        task.revoke(rig.partitions());
        rig.groupOffsets().clear(); // the archive knows better where to read on
        task.assignUnopened(rig.partitions());

        assertAllIsArchivedOnce(rig, task);
    }

    @Test
    void partitionsThatTheWorkerDoesNotOpenWaitForSpaceAsOthersDo() {
        TaskRig rig = rig(2).with("disk.min.free.bytes", "0");
        SinkTaskHarness task = running(rig);
        task.revoke(rig.partitions());
        rig.store().limitSpace(0);
        task.assignUnopened(rig.partitions());
        task.iterate(50);
        rig.store().heal();
        rig.advance(Duration.ofSeconds(10));

        assertAllIsArchivedOnce(rig, task);
    }

    /** The worker has no offsets of it, and then tells a task nothing. */
    @Test
    void aPartitionThatGoesBeforeTheWorkerKnowsItsOffsetIsNotAskedForAnyMore() {
        TaskRig rig = rig(2);
        SinkTaskHarness task = postponed(rig);
        List<TopicPartition> brief = List.of(new TopicPartition("flights", 1));
        task.assign(List.of(new TopicPartition("flights", 0)));
        task.iterate(50);
        task.assignUnopened(brief);
        task.iterate(50);
        task.revoke(brief);
        stub.up();
        rig.advance(Duration.ofSeconds(5));
        task.iterate(50);
        task.assign(brief);

        assertAllIsArchivedOnce(rig, task);
    }

    /** A task that has archived the first records, and committed none of them. */
    private static SinkTaskHarness running(TaskRig rig) {
        for (int i = 0; i < 20; i++) {
            for (TopicPartition partition : rig.partitions()) {
                byte[] value = ("{\"origin\":\"ORD\",\"n\":" + i + "}").getBytes(StandardCharsets.UTF_8);
                rig.log().append(partition.partition(), i, new ProducerRecord<>("flights", null, 0L, null, value));
            }
        }
        SinkTaskHarness task = rig.task();
        task.assign(rig.partitions());
        task.iterate(5);
        return task;
    }

    private static SinkRecord renamed(SinkRecord record, String topic, int partition) {
        return record.newRecord(
                topic,
                partition,
                record.keySchema(),
                record.key(),
                record.valueSchema(),
                record.value(),
                record.timestamp(),
                record.headers());
    }

    /** Connect keeps a partition paused over a rebalance that gives it back. */
    @Test
    void aPartitionThatWasPausedForTheDiskGoesOnAfterARebalance() {
        TaskRig rig =
                new TaskRig(directory, new SourceLog("t", 2).fill(new Random(1), 100)).with("disk.min.free.bytes", "0");
        rig.store().limitSpace(0);
        SinkTaskHarness task = rig.task();
        task.assign(rig.partitions());
        task.iterate(10);
        assertThat(task.paused()).containsExactlyInAnyOrderElementsOf(rig.partitions());
        rig.store().heal();
        task.rebalance();
        assertThat(task.paused()).containsExactlyInAnyOrderElementsOf(rig.partitions());
        rig.drain(task);

        assertThat(task.paused()).isEmpty();
        rig.assertArchiveEqualsLog();
    }

    @Test
    void aPartitionThatAnotherTaskHadGoesOnWhenItComesBack() {
        TaskRig rig = new TaskRig(directory, new SourceLog("t", 1).fill(new Random(1), 100));
        SinkTaskHarness frozen = rig.task();
        frozen.assign(rig.partitions());
        frozen.iterate(10);
        SinkTaskHarness other = rig.task();
        other.assign(rig.partitions());
        other.iterate(20);
        other.stop();
        frozen.commitAll();
        frozen.iterate(10);
        assertThat(frozen.paused()).containsExactlyElementsOf(rig.partitions());
        frozen.rebalance();
        rig.drain(frozen);

        assertThat(frozen.paused()).isEmpty();
        rig.assertArchiveEqualsLog();
    }
}
