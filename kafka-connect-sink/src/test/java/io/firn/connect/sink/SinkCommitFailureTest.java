package io.firn.connect.sink;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.table.Table;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A task that throws in a commit: Connect goes back to what it has committed itself, and keeps the task. */
class SinkCommitFailureTest {
    @TempDir
    Path directory;

    /** Whatever happened before in the commit: it looks at the clock first, last, and after each wait for reports. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4})
    void whatComesAgainAfterACommitThatThrewIsNoNewTopic(int lookAtClock) {
        TaskRig rig = new TaskRig(directory, new SourceLog("t", 2).fill(new Random(1), 100))
                .with("on.topic.recreated", "new-generation");
        SinkTaskHarness task = rig.task();
        task.assign(rig.partitions());
        task.iterate(30);
        task.commitAll();
        task.iterate(30);
        rig.failClock(lookAtClock);
        task.commitAll();
        assertThat(task.failedCommits()).isEqualTo(1);
        rig.drain(task);
        task.stop();

        rig.assertArchiveEqualsLog();
        try (Table table = Table.open(rig.tablePath())) {
            assertThat(table.lanes()).as("no generation beside the first").hasSize(2);
        }
    }
}
