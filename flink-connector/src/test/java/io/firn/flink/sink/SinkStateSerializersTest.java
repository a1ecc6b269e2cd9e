package io.firn.flink.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.table.RestoredAttempt;
import java.io.IOException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class SinkStateSerializersTest {
    private static final UUID TABLE = new UUID(0x0123456789ABCDEFL, 0xFEDCBA9876543210L);
    private static final RestoredAttempt ATTEMPT = new RestoredAttempt("sink-0-é", 7, 1000, 42, 4);
    private static final WriterState STATE = new WriterState(TABLE, ATTEMPT, Optional.of("dt=2001-01-31"));
    private static final WriterState UNORDERED = new WriterState(TABLE, ATTEMPT, Optional.empty());
    private static final String STORED_ATTEMPT = "0123456789abcdeffedcba9876543210" + "000973696e6b2d302dc3a9"
            + "0000000000000007" + "00000000000003e8" + "000000000000002a" + "00000004";

    @Test
    void aWriterStateComesBack() throws IOException {
        WriterStateSerializer serializer = new WriterStateSerializer();
        for (WriterState state : List.of(STATE, UNORDERED)) {
            assertThat(serializer.deserialize(serializer.getVersion(), serializer.serialize(state)))
                    .isEqualTo(state);
        }
    }

    @Test
    void aWriterStateOfVersionOneIsReadForEver() throws IOException {
        byte[] stored = HexFormat.of().parseHex(STORED_ATTEMPT);
        assertThat(new WriterStateSerializer().deserialize(1, stored)).isEqualTo(UNORDERED);
    }

    @Test
    void aWriterStateOfVersionTwoIsReadForEver() throws IOException {
        byte[] ordered = HexFormat.of().parseHex(STORED_ATTEMPT + "01" + "000d" + "64743d323030312d30312d3331");
        byte[] unordered = HexFormat.of().parseHex(STORED_ATTEMPT + "00");
        WriterStateSerializer serializer = new WriterStateSerializer();
        assertThat(serializer.getVersion()).isEqualTo(2);
        assertThat(serializer.deserialize(2, ordered)).isEqualTo(STATE);
        assertThat(serializer.deserialize(2, unordered)).isEqualTo(UNORDERED);
        assertThat(serializer.serialize(STATE)).isEqualTo(ordered);
        assertThat(serializer.serialize(UNORDERED)).isEqualTo(unordered);
    }

    @Test
    void laterVersionsAreRefusedByName() {
        assertThatThrownBy(() -> new WriterStateSerializer().deserialize(9, new byte[0]))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("version 9");
        assertThatThrownBy(() -> new PendingCommitSerializer().deserialize(9, new byte[0]))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("version 9");
        assertThatThrownBy(() -> new PendingCommitSerializer()
                        .deserialize(1, HexFormat.of().parseHex("0900")))
                .isInstanceOf(IOException.class);
    }
}
