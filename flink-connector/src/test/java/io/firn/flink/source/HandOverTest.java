package io.firn.flink.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.error.ConfigException;
import io.firn.flink.source.HandOver.Partition;
import io.firn.table.KafkaOrigin;
import io.firn.table.LaneInfo;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import org.apache.flink.api.common.serialization.SimpleStringSchema;
import org.apache.flink.connector.kafka.source.enumerator.KafkaSourceEnumState;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where live Kafka goes on. */
class HandOverTest {
    @Test
    void onlyTheLastTopicOfANameIsLive() {
        HandOver handOver = HandOver.of(
                "t",
                List.of(
                        lane(new KafkaOrigin("t", 0, 0, "c", "old"), 500),
                        lane(new KafkaOrigin("t", 1, 0, "c", "old"), 400),
                        lane(new KafkaOrigin("t", 0, 1, "c", "new"), 30),
                        lane(new KafkaOrigin("u", 0, 0, "c", ""), 7)),
                Map.of("t-0-g0", 500L, "t-1-g0", 400L, "t-0-g1", 25L, "u-0-g0", 7L));
        assertThat(handOver.offsets()).isEqualTo(Map.of(new Partition("t", 0), 25L, new Partition("u", 0), 7L));
        assertThat(handOver.topics()).isEqualTo(Map.of("t", "new", "u", ""));
        assertThat(handOver.clusterId()).isEqualTo("c");
    }

    @Test
    void aPartitionOfWhichNothingIsArchivedBeginsWhereKafkaHasIt() {
        List<LaneInfo> lanes =
                List.of(lane(new KafkaOrigin("t", 0, 0, "c", "id"), 9), lane(new KafkaOrigin("t", 1, 0, "c", "id"), 0));
        HandOver opened = HandOver.of("t", lanes, Map.of("t-0-g0", 9L, "t-1-g0", 0L));
        assertThat(opened.offsets()).isEqualTo(Map.of(new Partition("t", 0), 9L));
        HandOver openedSince = HandOver.of("t", lanes, Map.of("t-0-g0", 9L));
        assertThat(openedSince).isEqualTo(opened);
    }

    @Test
    void aTopicThatIsCreatedAgainWhileItsArchiveIsReadIsRefused() {
        List<LaneInfo> lanes = List.of(
                lane(new KafkaOrigin("t", 0, 0, "c", "old"), 500), lane(new KafkaOrigin("t", 0, 1, "c", "new"), 3));
        assertThatThrownBy(() -> HandOver.of("t", lanes, Map.of("t-0-g0", 400L)))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("Topic 't' was created again while its archive was read");
        assertThat(HandOver.of("t", lanes, Map.of()).topics()).isEqualTo(Map.of("t", "new"));
    }

    @Test
    void aTableOfOtherWritersIsRefused() {
        LaneInfo main = new LaneInfo("main", Map.of(), 5, 5, 0, 0, 0, List.of());
        assertThatThrownBy(() -> HandOver.of("t", List.of(main), Map.of()))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("Writer 'main' of table 't' did not get its records from Kafka");
        assertThatThrownBy(() -> HandOver.of("t", List.of(), Map.of()))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("holds no records from Kafka");
    }

    @Test
    void recordsOfTwoClustersAreRefused() {
        List<LaneInfo> lanes =
                List.of(lane(new KafkaOrigin("t", 0, 0, "c1", ""), 5), lane(new KafkaOrigin("u", 0, 0, "c2", ""), 5));
        assertThatThrownBy(() -> HandOver.of("t", lanes, Map.of()))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("[c1, c2]");
    }

    @Test
    void aSourceOfATableWithoutKafkaPositionsIsNotBuilt(@TempDir Path directory) {
        try (ArchivedTable archived = ArchivedTable.below(directory)) {
            archived.append("main", 3);
            assertThatThrownBy(() -> hybrid(archived.source()).build())
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining("Writer 'main' of table 'numbers' did not get its records from Kafka");
            assertThatThrownBy(() -> hybrid(archived.source().where("k = 'p1'")).build())
                    .hasMessageContaining("filter behind the source");
        }
    }

    @Test
    void itsCheckpointIsReadAgain() throws IOException {
        HandOver handOver = new HandOver(
                Map.of("t", "id", "u", ""), "cluster", Map.of(new Partition("t", 3), 99L, new Partition("u", 0), 0L));
        Properties kafka = new Properties();
        kafka.setProperty("bootstrap.servers", "localhost:1");
        LiveStateSerializer serializer = (LiveStateSerializer)
                new LiveSource<>(kafka, KafkaRecordDeserializationSchema.valueOnly(new SimpleStringSchema()), handOver)
                        .getEnumeratorCheckpointSerializer();
        LiveState state = new LiveState(handOver, new KafkaSourceEnumState(Set.of(), true));
        LiveState read = serializer.deserialize(serializer.getVersion(), serializer.serialize(state));
        assertThat(read.handOver()).isEqualTo(handOver);
        assertThat(read.kafka().initialDiscoveryFinished()).isTrue();
        assertThatThrownBy(() -> serializer.deserialize(9, new byte[0])).hasMessageContaining("hand-over of version 9");
    }

    private static FirnHybridBuilder<String> hybrid(FirnSourceBuilder<String> archive) {
        return FirnHybrid.<String>builder()
                .archive(archive)
                .bootstrapServers("localhost:1")
                .live(KafkaRecordDeserializationSchema.valueOnly(new SimpleStringSchema()));
    }

    private static LaneInfo lane(KafkaOrigin origin, long position) {
        return new LaneInfo(origin.writerName(), origin.toProperties(), position, position, 0, 0, 0, List.of());
    }
}
