package io.firn.flink.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.error.ConfigException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.connector.testutils.source.reader.TestingSplitEnumeratorContext;
import org.apache.flink.connector.testutils.source.reader.TestingSplitEnumeratorContext.SplitAssignmentState;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A checkpoint is restored by a job that divides the table in another way. */
class ChangedModeTest {
    private static final int RECORDS = 1000;

    @TempDir
    Path directory;

    private ArchivedTable archived;

    private static final class Context extends TestingSplitEnumeratorContext<FirnSplit> {
        Context() {
            super(1);
        }

        @Override
        public void setIsProcessingBacklog(boolean isProcessingBacklog) {
            // of no interest here
        }

        List<FirnSplit> assigned() {
            SplitAssignmentState<FirnSplit> state = getSplitAssignments().get(0);
            return state == null ? List.of() : state.getAssignedSplits();
        }
    }

    @BeforeEach
    void createTable() {
        archived = ArchivedTable.below(directory);
        archived.append("a", RECORDS);
    }

    @AfterEach
    void closeTable() {
        archived.close();
    }

    @Test
    void rangesThatNobodyGotAreReadByAnOrderedJob() {
        Context ranges = new Context();
        FirnEnumeratorState state = afterThreeRanges(ranges);
        Context ordered = new Context();
        restore(archived.source().ordered(), state, ordered);

        assertJoined(ranges, ordered, RECORDS);
        assertThat(ordered.getSplitAssignments().values())
                .singleElement()
                .matches(SplitAssignmentState::hasReceivedNoMoreSplitsSignal);
    }

    @Test
    void anUnboundedJobGoesOnBehindTheEndOfABoundedOne() {
        Context ranges = new Context();
        FirnEnumeratorState state = afterThreeRanges(ranges);
        Context following = new Context();
        SplitEnumerator<FirnSplit, FirnEnumeratorState> enumerator =
                restore(archived.source().unbounded(), state, following);

        assertJoined(ranges, following, Long.MAX_VALUE);
        archived.append("b", 1);
        following.triggerAllActions();
        assertThat(following.assigned()).last().matches(split -> split.writer().equals("b"));
        assertThat(following.assigned()).hasSize(2);
        assertThat(enumerator).isNotNull();
    }

    @Test
    void aBoundedJobDoesNotGoOnFromAnUnboundedOne() throws Exception {
        Context following = new Context();
        FirnEnumeratorState state = restore(archived.source().unbounded(), FirnEnumeratorState.NEW, following)
                .snapshotState(1);

        assertRefusedByBoundedJobs(archived, state);
    }

    @Test
    void norFromOneThatHasFoundNoWriterYet() throws Exception {
        try (ArchivedTable empty = ArchivedTable.below(directory.resolve("empty"))) {
            SplitEnumerator<FirnSplit, FirnEnumeratorState> following =
                    restore(empty.source().unbounded(), FirnEnumeratorState.NEW, new Context());
            FirnEnumeratorState state = following.snapshotState(1);
            empty.append("a", RECORDS);

            assertRefusedByBoundedJobs(empty, state);
            Context again = new Context();
            restore(empty.source().unbounded(), state, again);
            assertThat(again.assigned()).hasSize(1);
        }
    }

    @Test
    void aBoundedJobGoesOnFromAnUnboundedOneThatHasNotLookedYet() throws Exception {
        try (SplitEnumerator<FirnSplit, FirnEnumeratorState> following =
                archived.source().unbounded().build().createEnumerator(new Context())) {
            Context ordered = new Context();
            restore(archived.source().ordered(), following.snapshotState(1), ordered);

            assertThat(ordered.assigned()).singleElement().matches(split -> split.endSequence() == RECORDS);
        }
    }

    private static void assertRefusedByBoundedJobs(ArchivedTable table, FirnEnumeratorState state) {
        for (FirnSourceBuilder<String> bounded :
                List.of(table.source(), table.source().ordered())) {
            assertThatThrownBy(() -> restore(bounded, state, new Context()))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining("The checkpoint is one of an unbounded job");
        }
    }

    private FirnEnumeratorState afterThreeRanges(Context context) {
        SplitEnumerator<FirnSplit, FirnEnumeratorState> enumerator =
                restore(archived.source().splitRecords(100), FirnEnumeratorState.NEW, context);
        for (int i = 0; i < 3; i++) {
            enumerator.handleSplitRequest(0, "host");
        }
        assertThat(context.assigned()).hasSize(3);
        try {
            return enumerator.snapshotState(1);
        } catch (Exception failed) {
            throw new IllegalStateException(failed);
        }
    }

    private static SplitEnumerator<FirnSplit, FirnEnumeratorState> restore(
            FirnSourceBuilder<String> source, FirnEnumeratorState state, Context context) {
        SplitEnumerator<FirnSplit, FirnEnumeratorState> enumerator =
                source.build().restoreEnumerator(context, state);
        context.registerReader(0, "host");
        enumerator.start();
        enumerator.addReader(0);
        try {
            context.triggerAllActions();
        } catch (Exception failed) {
            throw new IllegalStateException(failed);
        }
        return enumerator;
    }

    private static void assertJoined(Context first, Context second, long end) {
        List<FirnSplit> all = new ArrayList<>(first.assigned());
        all.addAll(second.assigned());
        long next = 0;
        for (FirnSplit split : all) {
            assertThat(split.firstSequence()).isEqualTo(next);
            next = split.endSequence();
        }
        assertThat(next).isEqualTo(end);
    }
}
