package io.firn.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class UnmapperTest {
    @Test
    void isDeterministicOnEverySupportedJava() {
        assertThat(Unmapper.isDeterministic()).isTrue();
    }

    @Test
    void refusesViewsBecauseTheirMemoryIsNotTheirs() {
        ByteBuffer original = ByteBuffer.allocateDirect(10);
        assertThatThrownBy(() -> Unmapper.release(original.slice())).isInstanceOf(IllegalArgumentException.class);
        original.put(0, (byte) 1);
        Unmapper.release(original);
    }
}
