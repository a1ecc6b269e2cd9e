package io.firn.flink.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.log.LaneName;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.connector.testutils.source.reader.TestingReaderContext;
import org.apache.flink.connector.testutils.source.reader.TestingReaderOutput;
import org.apache.flink.connector.testutils.source.reader.TestingSplitEnumeratorContext;
import org.apache.flink.core.io.InputStatus;
import org.apache.flink.util.FileUtils;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The backlog ends with the last history, also when a writer does not come to the end of his. */
@Timeout(60)
class BacklogTest {
    @TempDir
    Path directory;

    private ArchivedTable archived;

    @BeforeEach
    void createTable() {
        archived = ArchivedTable.below(directory);
    }

    @AfterEach
    void closeTable() {
        archived.close();
    }

    @Test
    void aWriterThatIsGoneIsNoBacklog() throws Exception {
        archived.append("gone", 10);
        List<Boolean> backlog = new ArrayList<>();
        TestingSplitEnumeratorContext<FirnSplit> context = new TestingSplitEnumeratorContext<>(1) {
            @Override
            public void setIsProcessingBacklog(boolean isProcessingBacklog) {
                backlog.add(isProcessingBacklog);
            }
        };
        SplitEnumerator<FirnSplit, FirnEnumeratorState> enumerator =
                archived.source().unbounded().build().createEnumerator(context);
        enumerator.start();
        context.triggerAllActions();
        assertThat(backlog).last().isEqualTo(true);

        FileUtils.deleteDirectory(
                archived.table().layout().lane(LaneName.encode("gone")).toFile());
        context.triggerAllActions();

        assertThat(backlog).last().isEqualTo(false);
        enumerator.close();
    }

    @Test
    void aSplitThatEndsBeforeItsHistoryReportsIt() throws Exception {
        archived.append("a", 100);
        TestingReaderContext context = new TestingReaderContext();
        FirnSourceReader<String> reader =
                (FirnSourceReader<String>) archived.source().unbounded().build().createReader(context);
        reader.start();
        reader.addSplits(
                List.of(new FirnSplit(archived.table().id(), "planner", "a", 0, 0, 100, 500, 0, ReadChoice.ALL)));
        reader.notifyNoMoreSplits();
        TestingReaderOutput<String> output = new TestingReaderOutput<>();
        while (reader.pollNext(output) != InputStatus.END_OF_INPUT) {
            reader.isAvailable().get();
        }

        assertThat(output.getEmittedRecords()).hasSize(100);
        assertThat(context.getSentEvents()).containsExactly(new HistoryRead("a"));
        reader.close();
    }
}
