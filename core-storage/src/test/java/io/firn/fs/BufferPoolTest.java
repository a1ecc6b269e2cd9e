package io.firn.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;

class BufferPoolTest {
    private final BufferPool pool = new BufferPool(1 << 20);

    @Test
    void everyClassHoldsItsSizesAndWastesAtMostAQuarter() {
        for (long size = 1; size <= Integer.MAX_VALUE; size = size * 9 / 8 + 1) {
            checkClass((int) size);
        }
        for (int log = 10; log < 31; log++) {
            for (int delta = -2; delta <= 2; delta++) {
                checkClass((1 << log) + delta);
            }
        }
        checkClass(Integer.MAX_VALUE);
        checkClass(0);
    }

    private static void checkClass(int size) {
        int sizeClass = BufferPool.classOf(size);
        int bytes = BufferPool.classBytes(sizeClass);
        assertThat(bytes).as("class of %d", size).isGreaterThanOrEqualTo(size);
        assertThat(BufferPool.classOf(bytes))
                .as("class of its own size %d", bytes)
                .isEqualTo(sizeClass);
        if (size > BufferPool.MIN_CLASS_BYTES) {
            assertThat((long) bytes * 4).as("waste of %d", size).isLessThanOrEqualTo((long) size * 5);
        }
    }

    @Test
    void servesTheSameMemoryAgain() {
        PooledBuffer first = pool.take(5_000);
        first.bytes().putLong(0, 42);
        int memory = first.memoryBytes();
        first.close();

        try (PooledBuffer second = pool.take(4_500)) {
            assertThat(second.memoryBytes()).isEqualTo(memory);
            assertThat(second.bytes().getLong(0)).isEqualTo(42);
            assertThat(second.bytes().capacity()).isEqualTo(4_500);
            assertThat(second.bytes().isDirect()).isTrue();
            assertThat(second.bytes().order()).isEqualTo(ByteOrder.LITTLE_ENDIAN);
        }
        assertThat(pool.allocatedCount()).isEqualTo(1);
        assertThat(pool.reusedCount()).isEqualTo(1);
        assertThat(pool.outstandingCount()).isZero();
    }

    @Test
    void keepsNoMoreIdleBytesThanItsBound() {
        PooledBuffer[] taken = new PooledBuffer[40];
        for (int i = 0; i < taken.length; i++) {
            taken[i] = pool.take(64 << 10);
        }
        for (PooledBuffer buffer : taken) {
            buffer.close();
        }
        assertThat(pool.idleBytes()).isEqualTo(1 << 20);
        assertThat(pool.outstandingCount()).isZero();
    }

    @Test
    void theLastReferenceGivesBack() {
        PooledBuffer buffer = pool.take(100);
        assertThat(buffer.retain()).isTrue();
        buffer.close();
        assertThat(pool.outstandingCount()).isEqualTo(1);
        assertThat(buffer.bytes().capacity()).isEqualTo(100);
        buffer.close();
        assertThat(pool.outstandingCount()).isZero();
        assertThat(buffer.retain()).isFalse();
        assertThatThrownBy(buffer::bytes).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(buffer::close).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void refusesNegativeSizes() {
        assertThatThrownBy(() -> pool.take(-1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new BufferPool(-1)).isInstanceOf(IllegalArgumentException.class);
    }
}
