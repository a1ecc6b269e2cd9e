package io.firn.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class LogWaitTest {
    private static final TrustedRead EMPTY = new TrustedRead(0, Optional.empty(), false, Optional.empty());
    private static final TrustedRead UNDECIDED = new TrustedRead(2, Optional.empty(), true, Optional.empty());

    /** A second is not long for a disk under load, and a living writer that is taken for dead must stop. */
    @Test
    void waitsLongerForAnOwnerThatHoldsItsLock() {
        AtomicInteger owned = new AtomicInteger();
        assertThat(LogWait.decided(() -> owned.incrementAndGet() < 30 ? UNDECIDED : EMPTY, any -> false))
                .isEqualTo(EMPTY);
        assertThat(owned).hasValue(30);
        AtomicInteger reads = new AtomicInteger();
        assertThat(LogWait.until(() -> reads.incrementAndGet() < 30 ? UNDECIDED : EMPTY, read -> false))
                .isEqualTo(UNDECIDED);
        assertThat(reads).hasValueLessThan(30);
    }

    @Test
    void waitsForNobodyWhoHasGivenUp() {
        AtomicInteger reads = new AtomicInteger();
        TrustedRead read = LogWait.decided(
                () -> {
                    reads.incrementAndGet();
                    return UNDECIDED;
                },
                epoch -> epoch == UNDECIDED.epoch());
        assertThat(read).isEqualTo(UNDECIDED);
        assertThat(reads).hasValue(1);
    }
}
