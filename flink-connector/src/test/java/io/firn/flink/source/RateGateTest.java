package io.firn.flink.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** The limit of records per second. */
class RateGateTest {
    private final AtomicLong clockNs = new AtomicLong();

    @Test
    void withoutALimitEverythingPasses() {
        RateGate gate = new RateGate(0, clockNs::get);
        assertThat(gate.allowed(2048)).isEqualTo(2048);
        gate.passed(2048);
        assertThat(gate.allowed(2048)).isEqualTo(2048);
    }

    @Test
    void overTimeExactlyTheRatePasses() {
        RateGate gate = new RateGate(1000, clockNs::get);
        long passed = 0;
        for (int i = 0; i < 10_000; i++) {
            clockNs.addAndGet(TimeUnit.MILLISECONDS.toNanos(1));
            int allowed = gate.allowed(2048);
            gate.passed(allowed);
            passed += allowed;
        }
        assertThat(passed).isBetween(10_000L, 10_100L); // and the burst at the start
    }

    @Test
    void whatWasNotUsedDoesNotAddUp() {
        RateGate gate = new RateGate(1000, clockNs::get);
        clockNs.addAndGet(TimeUnit.HOURS.toNanos(1));
        assertThat(gate.allowed(2048)).isEqualTo(100);
    }

    @Test
    void saysHowLongTheNextRecordTakes() {
        RateGate gate = new RateGate(0.5, clockNs::get);
        assertThat(gate.allowed(10)).isEqualTo(1);
        gate.passed(1);
        assertThat(gate.allowed(10)).isZero();
        assertThat(gate.waitMs()).isEqualTo(2000);
        clockNs.addAndGet(TimeUnit.SECONDS.toNanos(2));
        assertThat(gate.allowed(10)).isEqualTo(1);
    }
}
