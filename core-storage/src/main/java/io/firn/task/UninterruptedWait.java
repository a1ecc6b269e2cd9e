package io.firn.task;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;

/**
 * Waits that an interrupt does not end, for ends that are certain and near. An interrupt that comes meanwhile is kept
 * for later.
 */
public final class UninterruptedWait {
    private UninterruptedWait() {}

    /**
     * Waits for the result of work.
     *
     * @throws ExecutionException what the work has thrown
     */
    public static <T> T get(Future<T> work) throws ExecutionException {
        return uninterrupted(work::get);
    }

    /** Waits until the latch is open. */
    public static void await(CountDownLatch latch) {
        uninterrupted(() -> {
            latch.await();
            return latch;
        });
    }

    private static <T, E extends Exception> T uninterrupted(Wait<T, E> wait) throws E {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return wait.await();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private interface Wait<T, E extends Exception> {
        T await() throws InterruptedException, E;
    }
}
