package io.firn.connect.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.table.TableEnvironment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.errors.ConnectException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a task does while the disk is full or nearly full, at every moment at which that can happen. */
class SinkTaskDiskTest {
    @TempDir
    Path directory;

    private TaskRig rig(int partitions, int records) {
        return new TaskRig(directory.resolve("archive"), new SourceLog("t", partitions).fill(new Random(1), records));
    }

    @Test
    void pausesWhileTheDiskIsNearlyFullAndResumesByItself() {
        TaskRig rig = rig(2, 100);
        SinkTaskHarness task = rig.task();
        task.assign(rig.partitions());
        task.iterate(10);
        rig.store().limitSpace(500);
        rig.advance(Duration.ofSeconds(2));
        task.iterate(10);
        assertThat(task.paused()).containsExactlyInAnyOrderElementsOf(rig.partitions());

        assertGoesOnWithSpace(rig, task);
    }

    private static void assertGoesOnWithSpace(TaskRig rig, SinkTaskHarness task) {
        rig.store().heal();
        rig.advance(Duration.ofSeconds(10));
        task.iterate(10);
        assertThat(task.paused()).isEmpty();
        rig.drain(task);
        rig.assertArchiveEqualsLog();
        task.stop();
    }

    @Test
    void losesNothingWhenAWriteFindsTheDiskFull() {
        TaskRig rig = rig(2, 400).with("disk.min.free.bytes", "0").with("segment.size", "65536");
        SinkTaskHarness task = rig.task();
        task.assign(rig.partitions());
        for (int round = 0; round < 10; round++) {
            rig.store().limitSpace(0);
            task.iterate(40);
            task.commitAll();
            task.iterate(40);
            rig.store().heal();
            rig.advance(Duration.ofSeconds(10));
            task.iterate(40);
        }

        rig.drain(task);

        rig.assertArchiveEqualsLog();
        task.stop();
    }

    @Test
    void waitsWhenTheDiskIsFullAtTheOpeningOfALane() {
        int waited = 0;
        for (int space = 0; space < 20_000; space += 1_000) {
            waited += archiveAfterOpeningIn(space) ? 1 : 0;
        }
        assertThat(waited).as("openings that found the disk full").isBetween(2, 19);
    }

    /** Returns whether a lane had to wait. */
    private boolean archiveAfterOpeningIn(int space) {
        SourceLog log = new SourceLog("t", 2).fill(new Random(space), 100);
        TaskRig rig = new TaskRig(directory.resolve("space-" + space), log).with("disk.min.free.bytes", "0");
        SinkTaskHarness task = rig.task();
        rig.store().limitSpace(space);
        task.assign(rig.partitions());
        task.iterate(0);
        boolean waits = !task.paused().isEmpty();
        task.commitAll();
        rig.advance(Duration.ofSeconds(2));
        task.iterate(10);

        assertGoesOnWithSpace(rig, task);
        return waits;
    }

    @ParameterizedTest
    @CsvSource({"0,0", "0,1", "0,100", "0,500", "1500,0", "1500,100", "5000,100", "5000,0", "6000,50", "3000,30"})
    void leavesNoMoreFilesTheLongerItWaits(int firstSpace, int space) throws IOException {
        TaskRig rig = rig(20, 10).with("disk.min.free.bytes", "0");
        SinkTaskHarness task = rig.task();
        rig.store().limitSpace(firstSpace);
        task.assign(rig.partitions());
        List<Path> few = filesAfter(rig, task, 3, space);
        List<Path> many = filesAfter(rig, task, 30, space);

        assertThat(many).hasSameSizeAs(few);
        assertGoesOnWithSpace(rig, task);
    }

    /** The files after attempts to open lanes, each of which finds that much space: it is given back meanwhile. */
    private List<Path> filesAfter(TaskRig rig, SinkTaskHarness task, int attempts, int space) throws IOException {
        for (int attempt = 0; attempt < attempts; attempt++) {
            rig.store().limitSpace(space);
            rig.advance(Duration.ofSeconds(2));
            task.iterate(0);
        }
        assertThat(task.paused()).as("partitions that wait").isNotEmpty();
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(Files::isRegularFile).sorted().toList();
        }
    }

    @Test
    void isClosedWhileItWaitsForSpace() {
        TaskRig rig = rig(2, 100);
        rig.store().limitSpace(0);
        SinkTaskHarness waiting = rig.task();
        waiting.assign(rig.partitions());
        waiting.iterate(10);
        waiting.commitAll();
        waiting.stop();
        assertThat(waiting.committed()).isEmpty();
        rig.store().heal();

        SinkTaskHarness task = rig.task();
        task.assign(rig.partitions());
        rig.drain(task);

        rig.assertArchiveEqualsLog();
        task.stop();
    }

    @Test
    void offsetsThatCannotBeChangedForWantOfSpaceAreNotCalledChanged() {
        TaskRig rig = rig(1, 10);
        SinkTaskHarness task = rig.task();
        task.assign(rig.partitions());
        rig.drain(task);
        task.stop();
        Map<String, Long> before = ArchiveDump.positions(rig.tablePath());
        TableEnvironment tables = TableEnvironment.deterministic(rig.store(), InstantSource.system());
        FirnSinkConnector connector = new FirnSinkConnector(new SinkEnvironment(mode -> tables, rig::nowNs));
        Map<TopicPartition, Long> offsets = Map.of(rig.partitions().get(0), 1_000L);
        rig.store().limitSpace(0);
        assertThatThrownBy(() -> connector.alterOffsets(rig.config().originalsStrings(), offsets))
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("[t-0]: the disk of the archive is full");
        assertThat(ArchiveDump.positions(rig.tablePath())).isEqualTo(before);

        rig.store().heal();
        assertThat(connector.alterOffsets(rig.config().originalsStrings(), offsets))
                .isTrue();
        assertThat(ArchiveDump.positions(rig.tablePath())).containsValue(1_000L);
    }
}
