package io.firn.flink.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.flink.source.FirnEnumeratorState.LaneMark;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.apache.flink.api.common.serialization.SimpleStringSchema;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.flink.connector.kafka.source.split.KafkaPartitionSplit;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

/** Checkpoints of every version can be restored. The fixtures were made apart from the code that reads them. */
class SourceStateCompatibilityTest {
    private static final UUID TABLE = UUID.fromString("01234567-89ab-cdef-0123-456789abcdef");
    private static final FirnSplit SPLIT = new FirnSplit(
            TABLE,
            "host-ä",
            "topic-3-g0",
            100,
            150,
            Long.MAX_VALUE,
            4096,
            -5,
            new ReadChoice("dt >= '2001-01-02'", Long.MIN_VALUE, 1_000_000_000_000L));
    private static final FirnEnumeratorState STATE = new FirnEnumeratorState(
            Optional.of(TABLE),
            true,
            List.of(new LaneMark("a", 7, 9, false), new LaneMark("b", Long.MAX_VALUE, Long.MAX_VALUE, true)),
            List.of(SPLIT));

    private static final FirnHybridSource<String> HYBRID = FirnHybrid.<String>builder()
            .archive(FirnSource.<String>builder()
                    .path("/nowhere")
                    .table("t")
                    .deserializer(FirnRecordDeserializer.valueOnly(new SimpleStringSchema())))
            .bootstrapServers("localhost:1")
            .live(KafkaRecordDeserializationSchema.valueOnly(new SimpleStringSchema()))
            .build();

    private final FirnSplitSerializer splits = new FirnSplitSerializer();
    private final FirnEnumeratorStateSerializer states = new FirnEnumeratorStateSerializer();

    @Test
    void readsSplitsOfVersion1() throws IOException {
        assertThat(splits.deserialize(1, fixture("split-v1.bin"))).isEqualTo(SPLIT);
    }

    @Test
    void readsEnumeratorsOfVersion1() throws IOException {
        assertThat(states.deserialize(1, fixture("enumerator-v1.bin"))).isEqualTo(STATE);
        assertThat(states.deserialize(1, fixture("enumerator-new-v1.bin"))).isEqualTo(FirnEnumeratorState.NEW);
    }

    @Test
    void readsEnumeratorsOfVersion2() throws IOException {
        assertThat(states.deserialize(2, fixture("enumerator-v2.bin"))).isEqualTo(STATE);
        assertThat(states.deserialize(2, fixture("enumerator-new-v2.bin"))).isEqualTo(FirnEnumeratorState.NEW);
    }

    @Test
    void writesSplitsOfVersion1AndEnumeratorsOfVersion2() throws IOException {
        assertThat(splits.getVersion()).isEqualTo(1);
        assertThat(splits.serialize(SPLIT)).isEqualTo(fixture("split-v1.bin"));
        assertThat(states.getVersion()).isEqualTo(2);
        assertThat(states.serialize(STATE)).isEqualTo(fixture("enumerator-v2.bin"));
        assertThat(states.serialize(FirnEnumeratorState.NEW)).isEqualTo(fixture("enumerator-new-v2.bin"));
    }

    @Test
    void readsAndWritesSplitsOfArchiveAndKafkaOfVersion1() throws IOException {
        var hybrid = HYBRID.getSplitSerializer();
        var live = new KafkaPartitionSplit(new TopicPartition("ticks", 3), 99);
        Map<String, FirnHybridSplit> known = Map.of(
                "hybrid-split-archived-v1.bin", new FirnHybridSplit.Archived(SPLIT),
                "hybrid-split-live-v1.bin", new FirnHybridSplit.Live(live));
        for (Map.Entry<String, FirnHybridSplit> each : known.entrySet()) {
            assertThat(hybrid.deserialize(1, fixture(each.getKey()))).isEqualTo(each.getValue());
            assertThat(hybrid.serialize(each.getValue())).isEqualTo(fixture(each.getKey()));
        }
        assertThat(hybrid.getVersion()).isEqualTo(1);
        assertThatThrownBy(() -> hybrid.deserialize(2, new byte[0])).hasMessageContaining("split of version 2");
    }

    @Test
    void readsAndWritesEnumeratorsOfArchiveAndKafkaOfVersion1() throws IOException {
        var hybrid = HYBRID.getEnumeratorCheckpointSerializer();
        byte[] bytes = fixture("hybrid-enumerator-v1.bin");
        FirnHybridState state = hybrid.deserialize(1, bytes);
        assertThat(state.archive()).isEqualTo(STATE);
        LiveState live = state.live().orElseThrow();
        assertThat(live.handOver())
                .isEqualTo(new HandOver(
                        Map.of("ticks", "id", "u", ""), "cluster", Map.of(new HandOver.Partition("ticks", 3), 99L)));
        assertThat(live.kafka().initialDiscoveryFinished()).isTrue();
        byte[] written = fixture("hybrid-enumerator-v1-of-v2.bin");
        assertThat(hybrid.serialize(state)).isEqualTo(written);
        assertThat(hybrid.deserialize(1, written).archive()).isEqualTo(STATE);
        FirnHybridState before = new FirnHybridState(STATE, Optional.empty());
        assertThat(hybrid.deserialize(1, hybrid.serialize(before)).live()).isEmpty();
        assertThatThrownBy(() -> hybrid.deserialize(2, bytes)).hasMessageContaining("enumerator of version 2");
    }

    @Test
    void namesAVersionThatItDoesNotKnow() throws IOException {
        byte[] bytes = fixture("split-v1.bin");
        assertThatThrownBy(() -> splits.deserialize(2, bytes))
                .isInstanceOf(IOException.class)
                .hasMessage("The checkpoint holds a source split of version 2, this version of Firn reads 1; restore"
                        + " with the version that wrote it");
        assertThatThrownBy(() -> states.deserialize(0, bytes)).hasMessageContaining("enumerator of version 0");
    }

    private static byte[] fixture(String name) throws IOException {
        try (InputStream in = SourceStateCompatibilityTest.class.getResourceAsStream("/fixtures/source/" + name)) {
            return in.readAllBytes();
        }
    }
}
