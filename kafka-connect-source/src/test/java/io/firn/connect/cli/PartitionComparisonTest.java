package io.firn.connect.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.connect.source.ArchiveFixture;
import io.firn.record.StreamRecord;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An archive of the offsets 0 to 3, and what the topic that it was made of still has. */
class PartitionComparisonTest {
    private static final TopicPartition LIVE = new TopicPartition("t", 0);

    @TempDir
    Path root;

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private PartitionComparison.Result compare(boolean keys, long beginning, long end, List<Integer> live)
            throws IOException {
        return compare(keys, beginning, end, live, 4);
    }

    private PartitionComparison.Result compare(
            boolean keys, long beginning, long end, List<Integer> live, long position) throws IOException {
        try (ArchiveFixture archive = ArchiveFixture.open(root, "t" + position, "", "t", 0)) {
            for (int i = 0; i < 4; i++) {
                byte[] key = keys ? bytes("k" + i % 2) : null;
                archive.append(
                        0,
                        i,
                        StreamRecord.atMillis(i).key(key).value(bytes("v" + i)).build());
            }
            archive.advance(0, position);
            archive.commit();
            MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("earliest");
            consumer.updateBeginningOffsets(Map.of(LIVE, beginning));
            consumer.updateEndOffsets(Map.of(LIVE, end));
            consumer.schedulePollTask(() -> live.forEach(i -> consumer.addRecord(live(i, keys ? "k" + i % 2 : null))));
            consumer.schedulePollTask(() -> consumer.seek(LIVE, end));
            ArchivedPartition partition =
                    ArchivedTopic.of(archive.table()).partitions().get(0);
            try (ArchivedRecords records = new ArchivedRecords(partition)) {
                return new PartitionComparison(new SchemaIdRule(null, null))
                        .compareOriginal(records, partition.position(), new LiveRecords(consumer, LIVE));
            }
        }
    }

    private static ConsumerRecord<byte[], byte[]> live(int offset, @Nullable String key) {
        return new ConsumerRecord<>(
                "t",
                0,
                offset,
                offset,
                TimestampType.CREATE_TIME,
                2,
                2,
                key == null ? null : bytes(key),
                bytes("v" + offset),
                new RecordHeaders(),
                Optional.empty());
    }

    @Test
    void whatCompactionHasDeletedIsNoDifference() throws IOException {
        PartitionComparison.Result result = compare(true, 0, 4, List.of(0, 2, 3));

        assertThat(result.difference()).isEmpty();
        assertThat(result.records()).isEqualTo(3);
        assertThat(result.deleted()).isEqualTo(1);
    }

    @Test
    void severalInARowAndBeforeAnEndWithoutRecordsAreDeletedAsWell() throws IOException {
        PartitionComparison.Result result = compare(true, 0, 6, List.of(2));

        assertThat(result.difference()).isEmpty();
        assertThat(result.deleted()).isEqualTo(3);
    }

    @Test
    void whatRetentionHasDeletedIsNotCounted() throws IOException {
        PartitionComparison.Result result = compare(false, 2, 4, List.of(2, 3));

        assertThat(result.difference()).isEmpty();
        assertThat(result.records()).isEqualTo(2);
        assertThat(result.deleted()).isZero();
    }

    @Test
    void aRecordWithoutKeyIsNotCompacted() throws IOException {
        assertThat(compare(false, 0, 4, List.of(0, 2, 3)).difference())
                .hasValue("the archive goes on with record 1, the topic with 2");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whatIsBehindTheEndOfTheTopicIsADifference(boolean keys) throws IOException {
        assertThat(compare(keys, 0, 3, List.of(0, 1, 2)).difference())
                .hasValue("record 3 of the archive is not in the topic, which ends at offset 3");
    }

    @Test
    void whatTheArchiveHasPassedAndDoesNotHaveIsADifference() throws IOException {
        assertThat(compare(true, 0, 6, List.of(0, 1, 2, 3, 4, 5), 5).difference())
                .hasValue("offset 4 of the topic is not in the archive, which has passed it: it stands at 5");
        assertThat(compare(true, 0, 6, List.of(0, 1, 5), 6).difference())
                .hasValue("offset 5 of the topic is not in the archive, which has passed it: it stands at 6");
    }

    @Test
    void whatTheSinkHasNotCommittedYetIsNoDifference() throws IOException {
        assertThat(compare(true, 0, 6, List.of(0, 1, 2, 3, 5), 5).difference()).isEmpty();
        assertThat(compare(true, 0, 6, List.of(0, 1, 2, 3, 4, 5), 4).difference())
                .isEmpty();
    }
}
