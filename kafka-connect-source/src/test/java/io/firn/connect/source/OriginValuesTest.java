package io.firn.connect.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OriginValuesTest {
    @Test
    void theFirstEntryThatFitsCounts() {
        OriginValues values = OriginValues.parse(List.of(" flights : 0 = 100", "f*:1=7", "flights:*=9"), 1000);

        assertThat(values.of("flights", 0)).hasValue(100);
        assertThat(values.of("flights", 1)).hasValue(7);
        assertThat(values.of("flights", 2)).hasValue(9);
        assertThat(values.of("fast", 1)).hasValue(7);
        assertThat(values.of("fast", 2)).isEmpty();
        assertThat(values.origins()).containsExactly("flights:0", "f*:1", "flights:*");
        assertThat(values.ofText("flights:0")).hasValue(100);
        assertThat(values.ofText("flights:1")).isEmpty();
    }

    @Test
    void takesNumbersUpToTheLimit() {
        assertThat(OriginValues.parse(List.of("t:0=0"), 5).of("t", 0)).hasValue(0);
        assertThat(OriginValues.parse(List.of("t:0=5"), 5).of("t", 0)).hasValue(5);
        assertThatThrownBy(() -> OriginValues.parse(List.of("t:0=6"), 5)).hasMessageContaining("'t:0=6'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"t", "t:0", "t=1", ":0=1", "t:=1", "t:x=1", "t:0=", "t:0=x", "t:-1=1", "t:0=-1"})
    void refusesEntriesOfAnotherShape(String entry) {
        assertThatThrownBy(() -> OriginValues.parse(List.of(entry), 100))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'" + entry + "'")
                .hasMessageContaining("flights:0=100");
    }

    @Test
    void refusesAnOriginThatIsGivenTwice() {
        assertThatThrownBy(() -> OriginValues.parse(List.of("t:0=1", "t : 0=2"), 100))
                .hasMessageContaining("'t:0' is given twice");
    }
}
