package io.firn.testing;

import io.firn.error.StorageFullException;
import io.firn.error.StorageIoException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;

/** What goes wrong in a {@link FaultyFileStore}, and when. Counts on its own; thread-safe. */
public final class Fault {
    private final Predicate<StoreCall> calls;
    private final long nth;
    private final boolean sticky;
    private final Kind kind;
    private final AtomicLong matched = new AtomicLong();

    private enum Kind {
        BROKEN,
        FULL,
        DENIED
    }

    private Fault(Predicate<StoreCall> calls, long nth, boolean sticky, Kind kind) {
        this.calls = calls;
        this.nth = nth;
        this.sticky = sticky;
        this.kind = kind;
    }

    /** An I/O error in the first matching call, once. */
    public static Fault on(Predicate<StoreCall> calls) {
        return new Fault(calls, 1, false, Kind.BROKEN);
    }

    /** The same fault, but in the n-th matching call; 1 is the first. */
    public Fault nth(long call) {
        return new Fault(calls, call, sticky, kind);
    }

    /** The same fault, and in every later matching call too. */
    public Fault sticky() {
        return new Fault(calls, nth, true, kind);
    }

    /** The same fault, but the disk is full instead of broken. */
    public Fault full() {
        return new Fault(calls, nth, sticky, Kind.FULL);
    }

    /** The same fault, but the process may not do it. */
    public Fault denied() {
        return new Fault(calls, nth, sticky, Kind.DENIED);
    }

    /** Matching calls so far. */
    public long matchedCalls() {
        return matched.get();
    }

    /** Whether it has gone wrong at least once. */
    public boolean happened() {
        return matched.get() >= nth;
    }

    void check(StoreCall call) {
        if (!calls.test(call)) {
            return;
        }
        long number = matched.incrementAndGet();
        if (number == nth || (sticky && number > nth)) {
            String operation = call.operation().name().toLowerCase(Locale.ROOT);
            throw switch (kind) {
                case FULL ->
                    new StorageFullException(operation, call.path(), new IOException("No space left (simulated)"));
                case DENIED ->
                    new StorageIoException(
                            operation,
                            call.path(),
                            new AccessDeniedException(call.path().toString()));
                case BROKEN -> new StorageIoException(operation, call.path(), new IOException("I/O error (simulated)"));
            };
        }
    }
}
