package io.firn.connect.sink;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.testing.Fault;
import io.firn.testing.StoreOperation;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Metrics of a task whose worker is too old to show them, so that they are an MBean of our own. */
class SinkMetricsTest {
    private static final MBeanServer SERVER = ManagementFactory.getPlatformMBeanServer();

    @TempDir
    Path directory;

    @Test
    void countsWhatIsCommittedAndWhatWaitsForACommit() throws JMException {
        TaskRig rig = rig(2, 100).with("name", "counted");
        SinkTaskHarness task = rig.task();
        task.assign(rig.partitions());
        rig.advance(Duration.ofMillis(1));
        task.iterate(50);

        assertThat(value("counted", "records-archived-total")).isZero();
        rig.advance(Duration.ofSeconds(1));
        task.iterate(1);
        assertThat(value("counted", "uncommitted-records")).isEqualTo(102);
        assertThat(value("counted", "uncommitted-bytes")).isPositive();
        assertThat(value("counted", "open-lanes")).isEqualTo(2);
        assertThat(value("counted", "open-segments")).isEqualTo(2);
        assertThat(value("counted", "committed-offset-lag")).isGreaterThanOrEqualTo(102);
        assertThat(value("counted", "committed-offset-lag-max")).isBetween(51.0, 101.0);
        double waiting = value("counted", "uncommitted-bytes");

        task.commitAll();

        assertThat(value("counted", "records-archived-total")).isEqualTo(102);
        assertThat(value("counted", "bytes-archived-total")).isEqualTo(waiting);
        assertThat(value("counted", "uncommitted-records")).isZero();
        assertThat(value("counted", "committed-offset-lag")).isZero();
        assertThat(value("counted", "commits-total")).isEqualTo(1);
        rig.drain(task);
        assertThat(value("counted", "records-archived-total")).isEqualTo(200);
        task.stop();
        assertThat(SERVER.isRegistered(name("counted"))).isFalse();
    }

    @Test
    void countsFailedCommitsRollbacksAndPausesAndNoRecordTwice() throws JMException {
        TaskRig rig = rig(1, 60).with("name", "failing");
        SinkTaskHarness task = rig.task();
        task.assign(rig.partitions());
        task.iterate(50);
        rig.store()
                .inject(Fault.on(call ->
                        call.operation() == StoreOperation.FORCE_REGION || call.operation() == StoreOperation.FORCE));
        task.commitAll();
        rig.store().heal();

        assertThat(value("failing", "commit-failures-total")).isEqualTo(1);
        assertThat(value("failing", "rollbacks-total")).isEqualTo(1);
        assertThat(value("failing", "records-archived-total")).isZero();
        rig.drain(task);
        assertThat(value("failing", "records-archived-total")).isEqualTo(60);
        task.stop();
    }

    @Test
    void countsALaneThatSomebodyElseHasTakenOver() throws JMException {
        TaskRig rig = rig(1, 60).with("name", "fenced");
        SinkTaskHarness zombie = rig.task();
        zombie.assign(rig.partitions());
        zombie.iterate(50);
        SinkTaskHarness successor = rig.with("name", "successor").task();
        successor.assign(rig.partitions());

        zombie.commitAll();
        zombie.commitAll();

        assertThat(value("fenced", "fenced-lanes-total")).isEqualTo(1);
        assertThat(value("fenced", "commit-failures-total")).isZero();
        zombie.stop();
        successor.stop();
    }

    private TaskRig rig(int partitions, int records) {
        return new TaskRig(directory.resolve("archive"), new SourceLog("t", partitions).fill(new Random(1), records));
    }

    private static double value(String connector, String metric) throws JMException {
        return (double) SERVER.getAttribute(name(connector), metric);
    }

    private static ObjectName name(String connector) throws JMException {
        return new ObjectName("kafka.connect:type=plugins,connector=" + connector + ",task=0");
    }
}
