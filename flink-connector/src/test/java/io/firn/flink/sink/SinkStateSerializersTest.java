package io.firn.flink.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.table.RestoredAttempt;
import java.io.IOException;
import java.util.HexFormat;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class SinkStateSerializersTest {
    private static final UUID TABLE = new UUID(0x0123456789ABCDEFL, 0xFEDCBA9876543210L);
    private static final WriterState STATE = new WriterState(TABLE, new RestoredAttempt("sink-0-é", 7, 1000, 42, 4));

    @Test
    void aWriterStateComesBack() throws IOException {
        WriterStateSerializer serializer = new WriterStateSerializer();
        assertThat(serializer.deserialize(serializer.getVersion(), serializer.serialize(STATE)))
                .isEqualTo(STATE);
    }

    @Test
    void aWriterStateOfVersionOneIsReadForEver() throws IOException {
        byte[] stored = HexFormat.of()
                .parseHex("0123456789abcdeffedcba9876543210" + "000973696e6b2d302dc3a9" + "0000000000000007"
                        + "00000000000003e8" + "000000000000002a" + "00000004");
        WriterStateSerializer serializer = new WriterStateSerializer();
        assertThat(serializer.deserialize(1, stored)).isEqualTo(STATE);
        assertThat(serializer.serialize(STATE)).isEqualTo(stored);
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
