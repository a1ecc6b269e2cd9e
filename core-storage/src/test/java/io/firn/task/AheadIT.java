package io.firn.task;

import static io.firn.testing.Patience.await;
import static io.firn.testing.Patience.awaited;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.testing.OwnThread;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Work ahead on the threads of the process, on those that do nothing, and on those that refuse. */
class AheadIT {
    private final List<String> givenBack = new ArrayList<>();
    private final AtomicInteger done = new AtomicInteger();

    private Ahead<String> work(String result) {
        return new Ahead<>(
                () -> {
                    done.incrementAndGet();
                    return result;
                },
                givenBack::add);
    }

    @Test
    void spareThreadsDoWhatIsOfferedToThem() {
        Ahead<String> work = work("a");
        work.offerTo(SpareThreads.executor());
        if (SpareThreads.count() > 0) {
            await().until(work::isDone);
        }
        assertThat(work.take()).isEqualTo("a");
        assertThat(done).hasValue(1);
        assertThat(givenBack).isEmpty();
    }

    @Test
    void whoeverNeedsTheResultDoesWhatOthersRefuse() {
        Executor refuses = task -> {
            throw new RejectedExecutionException("full");
        };
        Ahead<String> work = work("a");
        work.offerTo(refuses);
        assertThat(work.isDone()).isFalse();
        assertThat(work.take()).isEqualTo("a");
    }

    @Test
    void whoWaitsDoesOtherWorkMeanwhile() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch other = new CountDownLatch(1);
        Ahead<String> slow = new Ahead<>(
                () -> {
                    begun.countDown();
                    return awaited(other) ? "slow" : "not helped";
                },
                givenBack::add);
        Ahead<String> next = new Ahead<>(
                () -> {
                    other.countDown();
                    return "next";
                },
                givenBack::add);
        CompletableFuture<Void> working = OwnThread.run(slow::run);
        assertThat(awaited(begun)).isTrue();
        slow.runOrHelp(List.of(next));
        assertThat(next.isDone()).isTrue();
        assertThat(slow.take()).isEqualTo("slow");
        assertThat(next.take()).isEqualTo("next");
        working.get(1, TimeUnit.MINUTES);
    }

    @Test
    void whatIsGivenUpIsNotBegunOrGivenBack() {
        Ahead<String> notBegun = work("a");
        notBegun.abandon();
        assertThat(done).hasValue(0);
        assertThatThrownBy(notBegun::take).isInstanceOf(IllegalStateException.class);
        Ahead<String> ready = work("b");
        ready.run();
        ready.abandon();
        assertThat(givenBack).containsExactly("b");
    }

    @Test
    void aFailureIsToldToWhoeverTakesTheResultOnly() {
        IllegalArgumentException failure = new IllegalArgumentException("bad");
        Ahead<String> taken = new Ahead<>(
                () -> {
                    throw failure;
                },
                givenBack::add);
        assertThatThrownBy(taken::take).isSameAs(failure);
        Ahead<String> abandoned = new Ahead<>(
                () -> {
                    throw failure;
                },
                givenBack::add);
        abandoned.run();
        abandoned.abandon();
        StackOverflowError error = new StackOverflowError();
        Ahead<String> worse = new Ahead<>(
                () -> {
                    throw error;
                },
                givenBack::add);
        assertThatThrownBy(worse::take).isSameAs(error);
        assertThat(givenBack).isEmpty();
    }

    @Test
    void anInterruptDoesNotEndTheWaitAndIsKept() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        Ahead<String> slow = new Ahead<>(
                () -> {
                    begun.countDown();
                    return awaited(go) ? "a" : "late";
                },
                givenBack::add);
        CompletableFuture<Void> working = OwnThread.run(slow::run);
        assertThat(awaited(begun)).isTrue();
        Thread waiting = Thread.currentThread();
        waiting.interrupt();
        CompletableFuture<Void> going = OwnThread.run(() -> {
            await().until(() -> !waiting.isInterrupted()); // the wait has taken note of it
            go.countDown();
        });
        assertThat(slow.take()).isEqualTo("a");
        assertThat(Thread.interrupted()).isTrue();
        working.get(1, TimeUnit.MINUTES);
        going.get(1, TimeUnit.MINUTES);
    }
}
