package io.firn.task;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Work that is done by whoever comes first: a thread that has nothing else to do, or the one that needs its result. So
 * a full queue or a busy machine cost nothing but the help, and nobody waits for work that nobody does.
 *
 * <p>Ends with exactly one {@link #take} or {@link #abandon}, by its owner; {@link #run} may be called by any thread at
 * any time.
 *
 * @param <T> the result
 */
public final class Ahead<T> {
    private static final Logger LOG = LoggerFactory.getLogger(Ahead.class);

    private final FutureTask<@Nullable T> work;
    private final Consumer<T> giveBack;
    private volatile boolean abandoned;

    /**
     * Describes work that nobody has begun.
     *
     * @param giveBack takes a result that nobody is going to use
     */
    public Ahead(Supplier<T> work, Consumer<T> giveBack) {
        this.work = new FutureTask<@Nullable T>(() -> abandoned ? null : work.get());
        this.giveBack = giveBack;
    }

    /** Asks other threads to do the work; they may refuse. */
    public void offerTo(Executor executor) {
        try {
            executor.execute(this::run);
        } catch (RejectedExecutionException e) {
            LOG.debug("queue is full, who needs the result will do the work", e);
        }
    }

    /** Does the work unless somebody has begun to. */
    public void run() {
        work.run();
    }

    /** Whether the work is done, or could not be. */
    public boolean isDone() {
        return work.isDone();
    }

    /** Does the work unless somebody has begun to; then does further work, in order, until this one's is done. */
    public void runOrHelp(Iterable<Ahead<T>> further) {
        run();
        for (Ahead<T> each : further) {
            if (isDone()) {
                return;
            }
            each.run();
        }
    }

    /**
     * Gives the result. Who has begun the work is waited for; if nobody has, it is done here.
     *
     * @throws RuntimeException what the work has thrown
     */
    public T take() {
        try {
            T result = result();
            if (result == null) {
                throw new IllegalStateException("the work was abandoned");
            }
            return result;
        } catch (ExecutionException failed) {
            throw unwrapped(failed);
        }
    }

    /** Says that the work will be given up, so that nobody begins it any more. */
    public void doNotBegin() {
        abandoned = true;
    }

    /** Gives the work up. On return nobody does it, and nobody will. */
    public void abandon() {
        doNotBegin();
        try {
            T result = result();
            if (result != null) {
                giveBack.accept(result);
            }
        } catch (ExecutionException notMissed) {
            LOG.debug("work was given up that has failed; who does it again is told", notMissed);
        }
    }

    /** Works or waits. An interrupt does not end the wait, which lasts no longer than the work; it is kept. */
    private @Nullable T result() throws ExecutionException {
        work.run();
        return UninterruptedWait.get(work);
    }

    private static RuntimeException unwrapped(ExecutionException failed) {
        Throwable cause = failed.getCause();
        if (cause instanceof Error error) {
            throw error;
        }
        return cause instanceof RuntimeException known ? known : new IllegalStateException(cause);
    }
}
