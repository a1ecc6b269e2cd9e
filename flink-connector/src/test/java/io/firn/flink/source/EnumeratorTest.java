package io.firn.flink.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.lifecycle.LifecycleRequest;
import io.firn.log.LaneName;
import io.firn.table.TableWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.apache.flink.api.connector.source.DynamicFilteringInfo;
import org.apache.flink.api.connector.source.DynamicParallelismInference;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.connector.testutils.source.reader.TestingSplitEnumeratorContext;
import org.apache.flink.util.FileUtils;
import org.junit.jupiter.api.Test;

/** Which splits there are, who gets them, and what a checkpoint keeps. */
class EnumeratorTest extends ArchivedTableFixture {
    /** Remembers what it was told of the backlog. */
    private static final class Context extends TestingSplitEnumeratorContext<FirnSplit> {
        private final List<Boolean> backlog = new ArrayList<>();

        Context(int parallelism) {
            super(parallelism);
        }

        @Override
        public void setIsProcessingBacklog(boolean isProcessingBacklog) {
            backlog.add(isProcessingBacklog);
        }

        List<FirnSplit> of(int subtask) {
            SplitAssignmentState<FirnSplit> state = getSplitAssignments().get(subtask);
            return state == null ? List.of() : state.getAssignedSplits();
        }
    }

    @Test
    void rangesComeOldestFirstAndTheStateIsAMarkForEachWriter() throws Exception {
        archived.append("a", 1000);
        archived.append("b", 1000);
        FirnSource<String> source = archived.source().splitRecords(100).build();
        Context context = new Context(1);
        SplitEnumerator<FirnSplit, FirnEnumeratorState> enumerator = started(source, context);
        context.registerReader(0, "host");
        for (int i = 0; i < 12; i++) {
            enumerator.handleSplitRequest(0, "host");
        }
        assertThat(context.of(0))
                .hasSize(12)
                .isSortedAccordingTo((a, b) -> Long.compare(a.minTimestampNs(), b.minTimestampNs()))
                .extracting(FirnSplit::writer)
                .contains("a", "b");
        FirnEnumeratorState state = enumerator.snapshotState(1);
        assertThat(state.lanes()).hasSize(2).allMatch(mark -> mark.endSequence() == 1000);
        assertThat(state.unassigned()).isEmpty();

        archived.act(LifecycleRequest.compressAll());
        archived.append("a", 500);
        Context restoredContext = new Context(1);
        SplitEnumerator<FirnSplit, FirnEnumeratorState> restored = source.restoreEnumerator(restoredContext, state);
        restored.start();
        restored.addSplitsBack(List.of(context.of(0).get(11)), 0);
        restoredContext.registerReader(0, "host");
        restoredContext.triggerAllActions();
        for (int i = 0; i < 40; i++) {
            restored.handleSplitRequest(0, "host");
        }
        List<FirnSplit> all = new ArrayList<>(context.of(0).subList(0, 11));
        all.addAll(restoredContext.of(0));
        for (String writer : List.of("a", "b")) {
            long next = 0;
            List<FirnSplit> ofWriter = all.stream()
                    .filter(split -> split.writer().equals(writer))
                    .sorted((a, b) -> Long.compare(a.firstSequence(), b.firstSequence()))
                    .toList();
            for (FirnSplit split : ofWriter) {
                assertThat(split.firstSequence()).isEqualTo(next);
                next = split.endSequence();
            }
            assertThat(next).isEqualTo(1000);
        }
    }

    @Test
    void writersAreSharedOutEvenlyAndNobodyGetsThemAllForBeingFirst() throws Exception {
        for (int i = 0; i < 6; i++) {
            archived.append("w" + i, 100);
        }
        Context context = new Context(3);
        SplitEnumerator<FirnSplit, FirnEnumeratorState> enumerator =
                started(archived.source().unbounded().build(), context);
        for (int subtask = 0; subtask < 3; subtask++) {
            context.registerReader(subtask, "host");
            enumerator.addReader(subtask);
            assertThat(context.of(subtask)).hasSize(2);
        }
        assertThat(enumerator.snapshotState(1).unassigned()).isEmpty();
    }

    @Test
    void tellsThatHistoryIsReadWhenTheLastReaderSaysSo() throws Exception {
        archived.append("a", 100);
        archived.append("b", 100);
        Context context = new Context(1);
        context.registerReader(0, "host");
        SplitEnumerator<FirnSplit, FirnEnumeratorState> enumerator =
                started(archived.source().unbounded().build(), context);
        assertThat(context.backlog).last().isEqualTo(true);
        assertThat(context.of(0)).allMatch(split -> split.historyEnd() == 100);
        enumerator.handleSourceEvent(0, new HistoryRead("a"));
        assertThat(context.backlog).last().isEqualTo(true);
        enumerator.handleSourceEvent(0, new HistoryRead("b"));
        assertThat(context.backlog).last().isEqualTo(false);
        archived.append("c", 100);
        context.triggerAllActions();
        assertThat(context.of(0)).hasSize(3);
        assertThat(context.backlog).last().isEqualTo(false);
    }

    @Test
    void forgetsWritersThatTheTableHasNoMore() throws Exception {
        archived.append("a", 100);
        Path lane;
        try (TableWriter ignored = archived.writer("gone", Map.of())) {
            lane = archived.table().layout().lane(LaneName.encode("gone"));
        }
        Context context = new Context(1);
        SplitEnumerator<FirnSplit, FirnEnumeratorState> enumerator =
                started(archived.source().unbounded().build(), context);
        assertThat(enumerator.snapshotState(1).lanes()).hasSize(2);
        assertThat(enumerator.snapshotState(1).unassigned()).hasSize(2);
        FileUtils.deleteDirectory(lane.toFile());
        context.triggerAllActions();
        assertThat(enumerator.snapshotState(2).lanes())
                .singleElement()
                .matches(mark -> mark.writer().equals("a"));
        assertThat(enumerator.snapshotState(2).unassigned()).hasSize(1);
    }

    @Test
    void aBatchJobHasAsManyReadersAsSplitsUpToItsLimit() {
        archived.append("a", 1000);
        FirnSource<String> source = archived.source().splitRecords(100).build();
        assertThat(source.inferParallelism(upTo(4))).isEqualTo(4);
        assertThat(source.inferParallelism(upTo(1000))).isBetween(8, 20);
        assertThat(archived.source().ordered().build().inferParallelism(upTo(1000)))
                .isEqualTo(1);
    }

    private static DynamicParallelismInference.Context upTo(int limit) {
        return new DynamicParallelismInference.Context() {
            @Override
            public Optional<DynamicFilteringInfo> getDynamicFilteringInfo() {
                return Optional.empty();
            }

            @Override
            public int getParallelismInferenceUpperBound() {
                return limit;
            }

            @Override
            public long getDataVolumePerTask() {
                return 1L << 30;
            }
        };
    }

    @Test
    void aCheckpointOfAnotherTableIsRefused() throws Exception {
        archived.append("a", 100);
        FirnEnumeratorState foreign =
                new FirnEnumeratorState(Optional.of(UUID.randomUUID()), false, List.of(), List.of());
        Context context = new Context(1);
        SplitEnumerator<FirnSplit, FirnEnumeratorState> enumerator =
                archived.source().build().restoreEnumerator(context, foreign);
        enumerator.start();
        assertThatThrownBy(context::triggerAllActions)
                .hasStackTraceContaining("The checkpoint was made while the job read table")
                .hasStackTraceContaining(archived.table().id().toString());
    }

    private static SplitEnumerator<FirnSplit, FirnEnumeratorState> started(FirnSource<String> source, Context context) {
        SplitEnumerator<FirnSplit, FirnEnumeratorState> enumerator = source.createEnumerator(context);
        enumerator.start();
        context.triggerAllActions();
        return enumerator;
    }
}
