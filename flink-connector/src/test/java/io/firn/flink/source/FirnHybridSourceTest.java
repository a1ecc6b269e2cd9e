package io.firn.flink.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.table.KafkaOrigin;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import org.apache.flink.api.common.serialization.SimpleStringSchema;
import org.apache.flink.api.connector.source.SourceOutput;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.flink.connector.kafka.source.split.KafkaPartitionSplit;
import org.apache.flink.connector.testutils.source.reader.TestingReaderContext;
import org.apache.flink.connector.testutils.source.reader.TestingReaderOutput;
import org.apache.flink.connector.testutils.source.reader.TestingSplitEnumeratorContext;
import org.apache.flink.connector.testutils.source.reader.TestingSplitEnumeratorContext.SplitAssignmentState;
import org.apache.flink.core.io.InputStatus;
import org.apache.kafka.common.TopicPartition;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How a source of archive and live Kafka keeps both parts, and when it goes over. No Kafka is asked for anything. */
class FirnHybridSourceTest extends ArchivedTableFixture {
    private static final FirnHybridSplit LIVE =
            new FirnHybridSplit.Live(new KafkaPartitionSplit(new TopicPartition("ticks", 0), 7));

    private final List<Boolean> backlog = new ArrayList<>();
    private final TestingSplitEnumeratorContext<FirnHybridSplit> context = new TestingSplitEnumeratorContext<>(2) {
        @Override
        public void setIsProcessingBacklog(boolean isProcessingBacklog) {
            backlog.add(isProcessingBacklog);
        }
    };

    @BeforeEach
    void archiveTwoPartitions() {
        for (int partition = 0; partition < 2; partition++) {
            KafkaOrigin origin = new KafkaOrigin("ticks", partition, 0, "cluster", "topic");
            archived.append(origin.writerName(), origin.toProperties(), 50);
        }
    }

    private FirnHybridSource<String> source() {
        return FirnHybrid.<String>builder()
                .archive(archived.source())
                .bootstrapServers("localhost:1")
                .live(KafkaRecordDeserializationSchema.valueOnly(new SimpleStringSchema()))
                .build();
    }

    private FirnHybridSplit archivedSplit() {
        return new FirnHybridSplit.Archived(new FirnSplit(
                archived.table().id(), "host", "ticks-0-g0", 0, 0, 50, 0, Long.MIN_VALUE, ReadChoice.ALL));
    }

    @Test
    void aCheckpointHasWhatWasRestoredBeforeAnythingWasTold() throws Exception {
        try (SourceReader<String, FirnHybridSplit> reader = source().createReader(new TestingReaderContext())) {
            reader.addSplits(List.of(archivedSplit(), LIVE));
            assertThat(reader.snapshotState(1)).containsExactlyInAnyOrder(archivedSplit(), LIVE);
        }
    }

    @Test
    void aReaderSaysOnceThatItHasReadTheArchive() throws Exception {
        TestingReaderContext reading = new TestingReaderContext();
        TestingReaderOutput<String> output = new TestingReaderOutput<>();
        try (SourceReader<String, FirnHybridSplit> reader = source().createReader(reading)) {
            reader.start();
            reader.addSplits(List.of(archivedSplit()));
            poll(reader, output, () -> output.getEmittedRecords().size() == 50);
            assertThat(reading.getSentEvents()).isEmpty();
            reader.handleSourceEvents(new ArchiveEnds());
            poll(reader, output, () -> !reading.getSentEvents().isEmpty());
            assertThat(reader.pollNext(output)).isEqualTo(InputStatus.NOTHING_AVAILABLE);
            assertThat(reading.getSentEvents()).containsExactly(new ArchiveRead());
            assertThat(reader.snapshotState(1)).isEmpty();
            assertThat(reader.isAvailable()).as("Kafka has given nothing yet").isNotDone();
        }
    }

    /** Without any Flink would take it for active for ever, and everybody else would be held back. */
    @Test
    void aReaderThatWaitsForTheHandOverHasASplitThatCanGetIdle() throws Exception {
        List<String> splits = new ArrayList<>();
        TestingReaderOutput<String> output = new TestingReaderOutput<>() {
            @Override
            public SourceOutput<String> createOutputForSplit(String splitId) {
                splits.add("has " + splitId);
                return super.createOutputForSplit(splitId);
            }

            @Override
            public void releaseOutputForSplit(String splitId) {
                splits.add("had " + splitId);
                super.releaseOutputForSplit(splitId);
            }
        };
        try (SourceReader<String, FirnHybridSplit> reader = source().createReader(new TestingReaderContext())) {
            reader.start();
            reader.handleSourceEvents(new ArchiveEnds());
            poll(reader, output, () -> !splits.isEmpty());
            reader.pollNext(output);
            assertThat(splits).containsExactly("has hand-over");
            reader.addSplits(List.of(LIVE));
            reader.pollNext(output);
            reader.pollNext(output);
            assertThat(splits).containsExactly("has hand-over", "had hand-over");
        }
    }

    /** Until something holds; the input never ends. */
    private static void poll(
            SourceReader<String, FirnHybridSplit> reader, TestingReaderOutput<String> output, BooleanSupplier holds) {
        Awaitility.await()
                .atMost(Duration.ofMinutes(1))
                .pollInterval(Duration.ofMillis(1))
                .until(() -> {
                    assertThat(reader.pollNext(output)).isNotEqualTo(InputStatus.END_OF_INPUT);
                    return holds.getAsBoolean();
                });
    }

    @Test
    void theHandOverWaitsForEveryReaderAlsoForOneThatComesAgain() throws Exception {
        try (HybridEnumerator enumerator = started()) {
            enumerator.handleSourceEvent(0, new ArchiveRead());
            enumerator.addReader(0); // it has failed, and reads again from its checkpoint
            enumerator.handleSourceEvent(1, new ArchiveRead());
            context.triggerAllActions();
            assertThat(enumerator.snapshotState(1).live()).isEmpty();
            assertThat(backlog).containsExactly(true);

            enumerator.handleSourceEvent(0, new ArchiveRead());
            context.getExecutorService().triggerAll();
            assertThat(enumerator
                            .snapshotState(2)
                            .live()
                            .orElseThrow()
                            .handOver()
                            .offsets())
                    .isEqualTo(
                            Map.of(new HandOver.Partition("ticks", 0), 50L, new HandOver.Partition("ticks", 1), 50L));
            assertThat(backlog).containsExactly(true, false);
        }
    }

    @Test
    void everyReaderIsToldTheEndOfTheArchiveBehindItsSplits() throws Exception {
        try (HybridEnumerator enumerator = started()) {
            for (int subtask = 0; subtask < 2; subtask++) {
                assertThat(given(subtask)).hasSize(1).allMatch(FirnHybridSplit.Archived.class::isInstance);
                assertThat(context.getSentEvents().get(subtask)).isNotEmpty().allMatch(ArchiveEnds.class::isInstance);
                assertThat(of(subtask).hasReceivedNoMoreSplitsSignal())
                        .as("Kafka has no end")
                        .isFalse();
            }
            List<FirnHybridSplit> back = List.copyOf(given(1));
            enumerator.addSplitsBack(back, 1);
            assertThat(given(1)).containsExactly(back.get(0), back.get(0));
        }
    }

    private List<FirnHybridSplit> given(int subtask) {
        return of(subtask).getAssignedSplits();
    }

    private SplitAssignmentState<FirnHybridSplit> of(int subtask) {
        return Objects.requireNonNull(context.getSplitAssignments().get(subtask));
    }

    private HybridEnumerator started() {
        HybridEnumerator enumerator = (HybridEnumerator) source().createEnumerator(context);
        context.registerReader(0, "host");
        context.registerReader(1, "host");
        enumerator.start();
        context.triggerAllActions();
        return enumerator;
    }
}
