package io.firn.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ScanOptionsTest {
    private static final long MIB = 1L << 20;

    @Test
    void cursorsTakeAQuarterOfTheHeapAndAtMost256MiB() {
        assertThat(ScanOptions.memoryBytesOf(256 * MIB)).isEqualTo(64 * MIB);
        assertThat(ScanOptions.memoryBytesOf(1024 * MIB)).isEqualTo(256 * MIB);
        assertThat(ScanOptions.memoryBytesOf(1024 * MIB - 4)).isEqualTo(256 * MIB - 1);
        assertThat(ScanOptions.memoryBytesOf(Long.MAX_VALUE)).isEqualTo(256 * MIB);
        assertThat(ScanOptions.memoryBytesOf(2 * MIB)).isEqualTo(MIB);
        assertThat(ScanOptions.ALL.memoryBytes())
                .isEqualTo(ScanOptions.memoryBytesOf(Runtime.getRuntime().maxMemory()));
    }

    @Test
    void refusesLessThanAMebibyte() {
        assertThat(ScanOptions.builder().memoryBytes(MIB).build().memoryBytes()).isEqualTo(MIB);
        assertThatThrownBy(() -> ScanOptions.builder().memoryBytes(MIB - 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("1048575");
    }
}
