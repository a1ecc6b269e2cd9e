package io.firn.connect.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TimeBoundTest {
    @ParameterizedTest
    @CsvSource({
        "978307200000, 978307200000",
        "0, 0",
        "-1, -1",
        "2001-01-01T00:00:00Z, 978307200000",
        "2001-01-01T01:30:00+01:30, 978307200000",
        "2001-01-01T00:00:00.001Z, 978307200001",
        "2001-01-01, 978307200000",
        "1969-12-31, -86400000"
    })
    void readsEveryForm(String text, long expectedMs) {
        assertThat(TimeBound.parseMs(" " + text + " ")).hasValue(expectedMs);
    }

    @Test
    void isOpenWhenEmpty() {
        assertThat(TimeBound.parseMs("  ")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "yesterday",
                "2001-13-01",
                "2001-01-01T00:00:00",
                "99999999999999999999",
                "1.5",
                "2001-01-01T00:00:00.0001Z"
            })
    void refusesAnythingElse(String text) {
        assertThatThrownBy(() -> TimeBound.parseMs(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("ISO-8601");
    }
}
