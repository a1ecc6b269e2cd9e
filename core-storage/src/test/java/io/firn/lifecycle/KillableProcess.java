package io.firn.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.fs.FileStore;
import io.firn.testing.ForwardingFileStore;
import io.firn.testing.StoreCall;
import java.util.function.Predicate;

/**
 * What one of several processes does on a machine: when it is killed, none of its operations takes place any more, and
 * those of the others do. Confined to one thread.
 */
final class KillableProcess extends ForwardingFileStore {
    private long operationsLeft = Long.MAX_VALUE;

    KillableProcess(FileStore machine) {
        super(machine);
    }

    /** Not an exception, so that nobody tidies up after it. */
    private static final class Killed extends Error {
        private static final long serialVersionUID = 1L;
    }

    /** Kills it after so many operations. */
    void killAfter(long operations) {
        operationsLeft = operations;
    }

    void killBefore(Predicate<StoreCall> calls) {
        runBefore(calls, () -> operationsLeft = 0);
    }

    void killAfter(Predicate<StoreCall> calls) {
        runAfter(calls, () -> operationsLeft = 0);
    }

    boolean isKilled() {
        return operationsLeft <= 0;
    }

    @Override
    protected void before(StoreCall call) {
        if (isKilled()) {
            throw new Killed();
        }
        operationsLeft--;
    }

    /** Works until the end, or until it is killed. */
    void run(Runnable work) {
        try {
            work.run();
        } catch (Killed stopped) {
            assertThat(isKilled()).isTrue();
        }
    }
}
