package io.firn.connect.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.connect.source.ReplayPace.Rules;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ReplayPaceTest {
    private long nowNs = -5;

    @Test
    void holdsNothingBackWithoutRules() {
        ReplayPace pace = ReplayPace.unlimited();
        pace.beginPoll();

        assertThat(pace.take(0, Long.MAX_VALUE)).isTrue();
        assertThat(pace.take(Long.MAX_VALUE, 1)).isTrue();
        assertThat(pace.waitNs()).isZero();
    }

    @Test
    void takesARecordExactlyWhenItIsDue() {
        ReplayPace pace = speed(1);
        assertThat(pollAt(pace, 0, 1_000)).isTrue();
        assertThat(pollAt(pace, 999, 2_000)).isFalse();
        assertThat(pace.waitNs()).isEqualTo(TimeUnit.MILLISECONDS.toNanos(1));
        assertThat(pollAt(pace, 1_000, 2_000)).isTrue();
        assertThat(pace.waitNs()).isZero();
    }

    @Test
    void aTimestampBehindAnEarlierOneMakesNoDistance() {
        ReplayPace pace = speed(1);
        assertThat(pollAt(pace, 0, 10_000)).isTrue();
        assertThat(pollAt(pace, 100, 5_000)).isTrue();
        assertThat(pollAt(pace, 100, 10_000)).isTrue();
        assertThat(pollAt(pace, 200, 10_201)).isFalse();
        assertThat(pollAt(pace, 201, 10_201)).isTrue();
    }

    @Test
    void whatIsLateByUpToFiveSecondsIsCaughtUp() {
        ReplayPace pace = speed(1);
        assertThat(pollAt(pace, 0, 0)).isTrue();
        assertThat(pollAt(pace, 6_000, 1_000)).isTrue();
        assertThat(pollAt(pace, 6_000, 6_000)).isTrue();

        ReplayPace later = speed(1);
        assertThat(pollAt(later, 0, 0)).isTrue();
        assertThat(pollAt(later, 6_001, 1_000)).isTrue();
        assertThat(pollAt(later, 6_001, 6_001)).isFalse();
    }

    @Test
    void theNextRecordIsDueAtOnceAfterTheTimestampsBeganFromTheFront() {
        ReplayPace pace = speed(1);
        assertThat(pollAt(pace, 0, 9_000)).isTrue();
        pace.restart();
        assertThat(pollAt(pace, 10, 1_000)).isTrue();
        assertThat(pollAt(pace, 1_009, 2_000)).isFalse();
        assertThat(pollAt(pace, 1_010, 2_000)).isTrue();
    }

    @Test
    void recordsThatWaitComeInSteps() {
        ReplayPace pace = speed(1);
        assertThat(pollAt(pace, 0, 0)).isTrue();
        assertThat(pace.take(1, 1)).isFalse();
        assertThat(pollAt(pace, 49, 1)).isFalse();
        assertThat(pace.waitNs()).isEqualTo(TimeUnit.MILLISECONDS.toNanos(1));
        at(50);
        pace.beginPoll();
        for (int ms = 1; ms <= 50; ms++) {
            assertThat(pace.take(ms, 1)).isTrue();
        }
        assertThat(pace.take(51, 1)).isFalse();
    }

    @Test
    void aFullBatchMakesNoStep() {
        at(0);
        ReplayPace pace = new ReplayPace(new Rules(0, OptionalLong.empty(), 1_000, 0), () -> nowNs);
        assertThat(pollAt(pace, 0, 0)).isTrue();
        assertThat(pollAt(pace, 1, 0)).isTrue();
    }

    @Test
    void aLargeRecordIsFollowedBySilence() {
        at(0);
        ReplayPace pace = new ReplayPace(new Rules(0, OptionalLong.empty(), 0, 100), () -> nowNs);
        pace.beginPoll();
        assertThat(pace.take(0, 1_000)).isTrue();
        assertThat(pace.take(0, 0)).isFalse();
        assertThat(pollAt(pace, 9_799, 0)).isFalse();
        assertThat(pollAt(pace, 9_800, 0)).isTrue();
    }

    @Test
    void farTimestampsDoNotOverflow() {
        ReplayPace pace = speed(0.000_001);
        assertThat(pollAt(pace, 0, 0)).isTrue();
        assertThat(pollAt(pace, 1, Long.MAX_VALUE)).isFalse();
        assertThat(pace.waitNs()).isPositive();
        assertThat(pollAt(pace, 1_000_000_000_000L, Long.MAX_VALUE)).isFalse();
    }

    @Test
    void refusesNumbersThatAreNoPace() {
        assertThatThrownBy(() -> new Rules(Double.NaN, OptionalLong.empty(), 0, 0))
                .hasMessageContaining("NaN");
        assertThatThrownBy(() -> new Rules(0, OptionalLong.empty(), -1, 0)).hasMessageContaining("-1.0");
    }

    private ReplayPace speed(double speed) {
        at(0);
        return new ReplayPace(new Rules(speed, OptionalLong.empty(), 0, 0), () -> nowNs);
    }

    private boolean pollAt(ReplayPace pace, long ms, long timestampMs) {
        at(ms);
        pace.beginPoll();
        return pace.take(timestampMs, 1);
    }

    private void at(long ms) {
        nowNs = TimeUnit.MILLISECONDS.toNanos(ms) - 5;
    }
}
