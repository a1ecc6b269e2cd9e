package io.firn.fs;

import io.firn.error.ClosedException;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts the references to one region; starts with one. Thread-safe. */
final class References {
    private final AtomicInteger count = new AtomicInteger(1);

    /** Takes a reference; false when the last one was given back. */
    boolean retain() {
        int current = count.get();
        while (current > 0) {
            if (count.compareAndSet(current, current + 1)) {
                return true;
            }
            current = count.get();
        }
        return false;
    }

    /** Gives a reference back; true for the last one, exactly once. Surplus calls do nothing. */
    boolean release() {
        int current = count.get();
        while (current > 0) {
            if (count.compareAndSet(current, current - 1)) {
                return current == 1;
            }
            current = count.get();
        }
        return false;
    }

    /** Throws {@link ClosedException} when the last reference was given back. */
    void requireOpen(Object region) {
        if (count.get() <= 0) {
            throw closed(region);
        }
    }

    /** Takes a reference for the time of one operation, or throws {@link ClosedException}. */
    void retainOrThrow(Object region) {
        if (!retain()) {
            throw closed(region);
        }
    }

    private static ClosedException closed(Object region) {
        return new ClosedException(region + " is unmapped; it was closed by its last owner");
    }
}
