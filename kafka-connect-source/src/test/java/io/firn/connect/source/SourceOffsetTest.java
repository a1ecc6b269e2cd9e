package io.firn.connect.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.connect.errors.ConnectException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SourceOffsetTest {
    private static final UUID TABLE = UUID.fromString("5b0f1a52-7a0e-4c8e-9a11-2f6a1f0c9d10");
    private static final Map<String, ?> PARTITION = SourceOffset.partition(TABLE, "flights-0~1a2b3c4d");

    @Test
    void resumesBehindTheLastRecord() {
        assertThat(SourceOffset.position(SourceOffset.after(41))).isEqualTo(new ReplayPosition(0, 42));
        assertThat(SourceOffset.position(SourceOffset.after(0, 41))).isEqualTo(new ReplayPosition(0, 42));
        assertThat(SourceOffset.position(SourceOffset.after(3, 41))).isEqualTo(new ReplayPosition(3, 42));
    }

    @Test
    void writesTheFirstLoopAsReplaysWithoutLoopsDo() {
        assertThat(SourceOffset.after(0, 41)).isEqualTo(Map.of("sequence", 42L));
        assertThat(SourceOffset.after(1, 41)).isEqualTo(Map.of("sequence", 42L, "loop", 1L));
    }

    @Test
    void startsAtTheBeginningWhenNothingIsStored() {
        assertThat(SourceOffset.position(null)).isEqualTo(new ReplayPosition(0, 0));
    }

    @Test
    void readsEveryKindOfNumberThatJsonReadersGive() {
        assertThat(SourceOffset.position(Map.of("sequence", 5)).sequence()).isEqualTo(5);
        assertThat(SourceOffset.position(Map.of("sequence", 5L)).sequence()).isEqualTo(5);
        assertThat(SourceOffset.position(Map.of("sequence", 5.0d)).sequence()).isEqualTo(5);
        assertThat(SourceOffset.position(Map.of("sequence", Long.MAX_VALUE)).sequence())
                .isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void hasTheEntriesInTheOrderThatConnectGivesToAlteredPartitions() {
        Map<String, Object> fromJson = new HashMap<>();
        fromJson.put("lane", "x");
        fromJson.put("table.id", TABLE.toString());

        assertThat(SourceOffset.partition(TABLE, "x").toString()).isEqualTo(fromJson.toString());
    }

    @Test
    void takesAWellFormedAlteration() {
        assertThatCode(() -> SourceOffset.checkAlteration(Map.of(PARTITION, Map.of("sequence", 10))))
                .doesNotThrowAnyException();
        assertThatCode(() -> SourceOffset.checkAlteration(Map.of(PARTITION, Map.of("sequence", 10, "loop", 2.0))))
                .doesNotThrowAnyException();
    }

    @Test
    void resetsAnyPartitionSoThatOldEntriesCanBeCleanedUp() {
        Map<Map<String, ?>, Map<String, ?>> offsets = new HashMap<>();
        offsets.put(Map.of("filename", "left over"), null);
        offsets.put(PARTITION, null);

        assertThatCode(() -> SourceOffset.checkAlteration(offsets)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(doubles = {-1, 1.5, 1e300, Double.NaN, Double.POSITIVE_INFINITY})
    void refusesNumbersThatAreNoSequence(double bad) {
        assertThatThrownBy(() -> SourceOffset.checkAlteration(Map.of(PARTITION, Map.of("sequence", bad))))
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining(Double.toString(bad))
                .hasMessageContaining("next sequence to replay");
    }

    @Test
    void refusesOffsetsOfAnotherShape() {
        assertRefused(PARTITION, Map.of("position", 1));
        assertRefused(PARTITION, Map.of("sequence", "1"));
        assertRefused(PARTITION, Map.of("sequence", 1, "file", "x"));
        assertRefused(PARTITION, Map.of("loop", 1));
        assertRefused(PARTITION, Map.of("sequence", 1, "loop", -1));
        assertRefused(PARTITION, Map.of("sequence", 1, "loop", 1L << 40));
        assertRefused(PARTITION, Map.of("sequence", 1, "loop", "1"));
        assertRefused(PARTITION, Map.of());
        assertRefused(PARTITION, Collections.singletonMap("sequence", null));
    }

    @Test
    void refusesPartitionsOfAnotherShape() {
        Map<String, ?> offset = Map.of("sequence", 1);
        assertRefused(Map.of("table.id", TABLE.toString()), offset);
        assertRefused(Map.of("table.id", TABLE.toString(), "lane", ""), offset);
        assertRefused(Map.of("table.id", "flights", "lane", "x"), offset);
        assertRefused(Map.of("table.id", "1-1-1-1-1", "lane", "x"), offset);
        assertRefused(Map.of("table.id", TABLE.toString(), "lane", 3), offset);
        assertRefused(Map.of("table.id", TABLE.toString(), "lane", "x", "file", "y"), offset);
    }

    private static void assertRefused(Map<String, ?> partition, Map<String, ?> offset) {
        assertThatThrownBy(() -> SourceOffset.checkAlteration(Map.of(partition, offset)))
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("GET /connectors/<name>/offsets");
    }
}
