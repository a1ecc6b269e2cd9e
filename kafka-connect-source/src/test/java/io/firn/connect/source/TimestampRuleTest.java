package io.firn.connect.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.connect.source.TimestampRule.Kind;
import java.time.Instant;
import java.util.OptionalLong;
import org.apache.kafka.connect.errors.DataException;
import org.junit.jupiter.api.Test;

class TimestampRuleTest {
    @Test
    void shiftsToTheEndsOfTheRangeAndNotBeyond() {
        assertThat(shift(-5).apply(5)).isZero();
        assertThat(shift(1).apply(Long.MAX_VALUE - 2)).isEqualTo(Long.MAX_VALUE - 1);
        assertThatThrownBy(() -> shift(-6).apply(5))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("5 ms cannot be shifted by -6 ms");
        assertThatThrownBy(() -> shift(Long.MAX_VALUE).apply(5)).isInstanceOf(DataException.class);
        assertThatThrownBy(() -> shift(Long.MIN_VALUE).apply(5)).isInstanceOf(DataException.class);
    }

    @Test
    void saysHowOldTheOldestRecordWillBe() {
        assertThat(rule(Kind.ORIGINAL, 0).oldest(OptionalLong.of(7))).hasValue(7);
        assertThat(shift(3).oldest(OptionalLong.of(7))).hasValue(10);
        assertThat(shift(3).oldest(OptionalLong.empty())).isEmpty();
        assertThat(shift(Long.MIN_VALUE).oldest(OptionalLong.of(-1))).hasValue(Long.MIN_VALUE);
        assertThat(rule(Kind.NOW, 0).oldest(OptionalLong.of(7))).isEmpty();
    }

    private static TimestampRule shift(long ms) {
        return rule(Kind.SHIFT, ms);
    }

    private static TimestampRule rule(Kind kind, long shiftMs) {
        return new TimestampRule(kind, shiftMs, () -> Instant.EPOCH);
    }
}
