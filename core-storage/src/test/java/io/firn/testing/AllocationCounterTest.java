package io.firn.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class AllocationCounterTest {
    @Test
    void countsNothingForWorkThatAllocatesNothing() {
        AtomicLong sum = new AtomicLong();
        assertThat(AllocationCounter.allocatedBytes(100, () -> {
                    for (int i = 0; i < 1000; i++) {
                        sum.addAndGet(i);
                    }
                }))
                .isZero();
    }

    @Test
    void countsEveryByte() {
        AtomicReference<byte[]> keep = new AtomicReference<>(new byte[0]);
        assertThat(AllocationCounter.allocatedBytes(1, () -> {
                    for (int i = 0; i < 100; i++) {
                        keep.set(new byte[1000]);
                    }
                }))
                .isBetween(100_000L, 110_000L);
    }
}
