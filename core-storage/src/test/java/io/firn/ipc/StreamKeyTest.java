package io.firn.ipc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.error.ConfigException;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StreamKeyTest {
    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", "a/b", "a\\b", "a\0b", "/", "../x"})
    void aNameThatCouldLeaveItsDirectoryIsRefused(String name) {
        assertThatThrownBy(() -> StreamKey.of(name, "BTC", "2026-01-31", "trades"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("venue");
        assertThatThrownBy(() -> StreamKey.of("v", name, "2026-01-31", "trades"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("symbol");
        assertThatThrownBy(() -> StreamKey.of("v", "BTC", "2026-01-31", name))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("stream");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "2026-1-31", "20260131", "2026-02-30", "2026-01-31T00", "+12026-01-31", "-001-01-01"})
    void aDateIsAYearAMonthAndADay(String date) {
        assertThatThrownBy(() -> StreamKey.of("v", "BTC", date, "trades"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("'" + date + "'")
                .hasMessageContaining("YYYY-MM-DD");
    }

    @Test
    void valuesAreEscapedInTheDirectoriesOfATable() {
        StreamKey key = StreamKey.of("x=y", "50% off:now", "2026-01-31", "...");
        String path = key.partition().toPath();
        assertThat(path).isEqualTo("venue=x%3Dy/symbol=50%25%20off%3Anow/date=2026-01-31/stream=...");
        assertThat(StreamKey.SCHEME.parsePath(path)).isEqualTo(key.partition());
    }

    @Test
    void aRawStreamHasNoSymbol() {
        StreamKey key = new StreamKey("v", Optional.empty(), StreamKey.parseDate("2026-01-31"), "raw");
        assertThat(key.partition().toPath())
                .isEqualTo("venue=v/symbol=__HIVE_DEFAULT_PARTITION__/date=2026-01-31/stream=raw");
        assertThat(new ArchiveLayout(Path.of("/old")).rawDirectory(key))
                .isEqualTo(Path.of("/old/raw/v1/v/2026-01-31/raw"));
        assertThatThrownBy(() -> new ArchiveLayout(Path.of("/old")).streamDirectory(key))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void theOldLayoutIsBuiltAsTheOldSystemBuiltIt() {
        ArchiveLayout layout = new ArchiveLayout(Path.of("/old"));
        StreamKey key = StreamKey.of("binance", "BTCUSDT", "2026-01-31", "trades");
        assertThat(layout.segment(key, 7)).isEqualTo(Path.of("/old/v1/binance/BTCUSDT/2026-01-31/trades/000000007.q"));
        assertThat(layout.singleFile(key)).isEqualTo(Path.of("/old/v1/binance/BTCUSDT/2026-01-31/trades.q"));
        assertThat(ArchiveLayout.segmentName(0)).isEqualTo("000000000");
        assertThat(ArchiveLayout.segmentName(1_234_567_890)).isEqualTo("1234567890");
    }
}
