package io.firn.lifecycle;

import io.firn.error.ClosedException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Does the same with many things, some of them at once; with one worker on the caller's thread, in the given order.
 *
 * <p>On return no worker is at work any more, whatever happened: who cleans up is alone with the files. Thread-safe.
 */
final class ParallelWork {
    private final int workers;

    ParallelWork(int workers) {
        this.workers = workers;
    }

    /** Does it with all; after a failure what has not begun is left out, and the first failure is thrown. */
    <T> void forEach(List<T> things, Consumer<T> work) {
        int count = Math.min(workers, things.size());
        if (count <= 1) {
            things.forEach(work);
            return;
        }
        AtomicInteger next = new AtomicInteger();
        ExecutorService executor = Executors.newFixedThreadPool(count, ParallelWork::daemon);
        try {
            List<Future<?>> parts = new ArrayList<>();
            for (int worker = 0; worker < count; worker++) {
                parts.add(executor.submit(() -> takeAll(things, next, work)));
            }
            awaitAll(parts, executor);
        } finally {
            executor.shutdownNow();
        }
    }

    private static <T> void takeAll(List<T> things, AtomicInteger next, Consumer<T> work) {
        try {
            for (int i = next.getAndIncrement(); i < things.size(); i = next.getAndIncrement()) {
                work.accept(things.get(i));
            }
        } catch (RuntimeException | Error failed) {
            next.set(things.size());
            throw failed;
        }
    }

    private static void awaitAll(List<Future<?>> parts, ExecutorService executor) {
        Throwable failure = null;
        boolean interrupted = false;
        for (int i = 0; i < parts.size(); ) {
            try {
                parts.get(i).get();
                i++;
            } catch (InterruptedException stop) {
                interrupted = true;
                executor.shutdownNow();
            } catch (ExecutionException failed) {
                failure = failure == null ? failed.getCause() : failure;
                i++;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
            throw new ClosedException("The lifecycle was interrupted; the rewrite that was running left no trace");
        }
        rethrow(failure);
    }

    private static void rethrow(@Nullable Throwable failure) {
        if (failure instanceof RuntimeException unchecked) {
            throw unchecked;
        }
        if (failure instanceof Error error) {
            throw error;
        }
    }

    private static Thread daemon(Runnable task) {
        Thread thread = new Thread(task, "firn-lifecycle-worker");
        thread.setDaemon(true);
        return thread;
    }
}
