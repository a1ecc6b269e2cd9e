package io.firn.flink.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.HexFormat;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class SinkStateSerializersTest {
    private static final UUID TABLE = new UUID(0x0123456789ABCDEFL, 0xFEDCBA9876543210L);

    @Test
    void aWriterStateComesBack() throws IOException {
        WriterStateSerializer serializer = new WriterStateSerializer();
        WriterState state = new WriterState(TABLE, "sink-0-é", 7);
        assertThat(serializer.deserialize(serializer.getVersion(), serializer.serialize(state)))
                .isEqualTo(state);
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
