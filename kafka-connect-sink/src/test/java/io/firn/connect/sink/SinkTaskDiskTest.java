package io.firn.connect.sink;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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

        rig.store().heal();
        rig.advance(Duration.ofSeconds(10));
        task.iterate(10);

        assertThat(task.paused()).isEmpty();
        rig.drain(task);
        rig.assertArchiveEqualsLog();
        task.stop();
        return waits;
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
}
