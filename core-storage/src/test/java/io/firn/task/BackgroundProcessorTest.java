package io.firn.task;

import static io.firn.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.testing.Latches;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class BackgroundProcessorTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final AtomicLong nowNs = new AtomicLong(-500);
    private final List<String> ran = new ArrayList<>();

    private BackgroundProcessor manual(Executor workers) {
        return new BackgroundProcessor(BackgroundOptions.defaults(), nowNs::get, workers);
    }

    private static BackgroundOptions stopping(Duration timeout) {
        BackgroundOptions defaults = BackgroundOptions.defaults();
        return new BackgroundOptions(
                true,
                defaults.cacheInterval(),
                defaults.compactionInterval(),
                defaults.metricsInterval(),
                defaults.cleanupInterval(),
                timeout);
    }

    private static long threads(String prefix) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith(prefix))
                .count();
    }

    @Test
    void defaultsAreThoseOfTheDesign() {
        assertThat(BackgroundOptions.defaults())
                .isEqualTo(new BackgroundOptions(
                        true,
                        Duration.ofSeconds(30),
                        Duration.ofMinutes(5),
                        Duration.ofSeconds(10),
                        Duration.ofHours(1),
                        Duration.ofSeconds(30)));
        assertThatThrownBy(() -> new BackgroundOptions(true, SECOND, SECOND, Duration.ZERO, SECOND, SECOND))
                .hasMessageContaining("metricsInterval");
    }

    @Test
    void runsEachTaskWithADelayAfterItsLastRun() {
        try (BackgroundProcessor processor = manual(Runnable::run)) {
            processor.add("a", SECOND.multipliedBy(2), () -> {
                ran.add("a" + nowNs.get() / 1_000_000_000);
                nowNs.addAndGet(1_000_000_000); // the run takes a second
            });
            processor.add("b", SECOND.multipliedBy(5), () -> ran.add("b" + nowNs.get() / 1_000_000_000));
            nowNs.set(0);
            for (int i = 0; i < 60 && nowNs.get() < 14_000_000_000L; i++) {
                long waitNs = processor.runDue();
                if (waitNs > 0) {
                    nowNs.addAndGet(250_000_000);
                }
            }
            assertThat(ran).startsWith("a2", "a5", "b6", "a8").doesNotHaveDuplicates();
            TaskStats first = processor.stats().get(0);
            assertThat(first.name()).isEqualTo("a");
            assertThat(first.lastDurationNs()).isEqualTo(1_000_000_000);
            assertThat(first.failures()).isZero();
            assertThat(first.runs())
                    .isEqualTo(ran.stream().filter(run -> run.startsWith("a")).count());
        }
    }

    @Test
    void aTaskThatFailsIsCountedAndGoesOn() {
        try (BackgroundProcessor processor = manual(Runnable::run)) {
            processor.add("bad", SECOND, () -> {
                ran.add("bad");
                if (ran.size() % 2 == 0) {
                    throw new IllegalStateException("on purpose");
                }
                throw new AssertionError("also on purpose");
            });
            for (int i = 0; i < 4; i++) {
                nowNs.addAndGet(SECOND.toNanos());
                processor.runDue();
            }
            assertThat(processor.stats()).containsExactly(new TaskStats("bad", 4, 4, 0, false));
        }
    }

    @Test
    void aTaskNeverRunsBesideItself() {
        List<Runnable> begun = new ArrayList<>();
        try (BackgroundProcessor processor = manual(begun::add)) {
            processor.add("slow", SECOND, () -> ran.add("slow"));
            nowNs.addAndGet(SECOND.toNanos());
            processor.runDue();
            nowNs.addAndGet(10 * SECOND.toNanos());
            processor.runDue();
            assertThat(begun).hasSize(1);
            assertThat(processor.stats().get(0).running()).isTrue();
            begun.get(0).run();
            assertThat(processor.runDue()).isEqualTo(SECOND.toNanos());
        }
    }

    @Test
    void aSlowTaskDelaysNoOther() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        AtomicInteger quick = new AtomicInteger();
        try (BackgroundProcessor processor = new BackgroundProcessor(BackgroundOptions.defaults())) {
            for (int i = 0; i < BackgroundProcessor.MAX_TASKS - 1; i++) {
                processor.add("slow" + i, Duration.ofMillis(1), () -> Latches.await(end));
            }
            processor.add("quick", Duration.ofMillis(1), quick::incrementAndGet);
            processor.start();
            processor.start();
            assertThat(threads("firn-background-timer")).isEqualTo(1);
            await().until(() -> quick.get() > 20
                    && processor.stats().stream().filter(TaskStats::running).count()
                            >= BackgroundProcessor.MAX_TASKS - 1);
            end.countDown();
        }
        await().until(() -> threads("firn-background") == 0); // a thread that has ended is alive a moment longer
    }

    @Test
    void stoppingInterruptsWhatDoesNotEnd() {
        CountDownLatch never = new CountDownLatch(1);
        BackgroundProcessor processor = new BackgroundProcessor(stopping(Duration.ofMillis(50)));
        processor.add("stuck", Duration.ofMillis(1), () -> Latches.await(never));
        processor.start();
        await().until(() -> processor.stats().get(0).running());
        processor.close();
        processor.close();
        // it is waited for 50 ms only, in which an interrupted thread may not have come to its end
        await().untilAsserted(() ->
                assertThat(processor.stats()).allMatch(stats -> stats.failures() == 1 && !stats.running()));
        await().until(() -> threads("firn-background") == 0);
        assertThat(processor.isRunning()).isFalse();
    }

    @Test
    void whoIsInterruptedWhileStoppingInterruptsTheWorkAndDoesNotWait() {
        CountDownLatch never = new CountDownLatch(1);
        AtomicBoolean stillInterrupted = new AtomicBoolean();
        BackgroundProcessor processor = new BackgroundProcessor(stopping(Duration.ofHours(1)));
        processor.add("stuck", Duration.ofMillis(1), () -> Latches.await(never));
        processor.start();
        await().until(() -> processor.stats().get(0).running());
        Thread stopping = new Thread(() -> {
            Thread.currentThread().interrupt();
            processor.close();
            stillInterrupted.set(Thread.currentThread().isInterrupted());
        });
        stopping.setDaemon(true);
        stopping.start();
        await().until(() -> !stopping.isAlive());
        assertThat(stillInterrupted).as("whoever looks later is told, too").isTrue();
        await().until(() -> processor.stats().get(0).failures() == 1);
        await().until(() -> threads("firn-background") == 0);
    }

    @Test
    void notEnabledNothingStarts() {
        try (BackgroundProcessor processor = new BackgroundProcessor(BackgroundOptions.disabled())) {
            processor.add("a", Duration.ofNanos(1), () -> ran.add("a"));
            processor.start();
            assertThat(processor.isRunning()).isFalse();
            assertThat(threads("firn-background")).isZero();
        }
        assertThat(ran).isEmpty();
    }

    @Test
    void aTaskThatIsAddedLaterRunsToo() {
        AtomicInteger runs = new AtomicInteger();
        try (BackgroundProcessor processor = new BackgroundProcessor(BackgroundOptions.defaults())) {
            processor.start();
            processor.add("later", Duration.ofMillis(1), runs::incrementAndGet);
            await().until(() -> runs.get() > 2);
        }
    }

    @Test
    void refusesWhatMakesNoSense() {
        BackgroundProcessor processor = manual(Runnable::run);
        processor.add("a", SECOND, () -> {});
        assertThatThrownBy(() -> processor.add("a", SECOND, () -> {})).hasMessageContaining("'a'");
        assertThatThrownBy(() -> processor.add("b", Duration.ZERO, () -> {}))
                .isInstanceOf(IllegalArgumentException.class);
        for (int i = 1; i < BackgroundProcessor.MAX_TASKS; i++) {
            processor.add("t" + i, SECOND, () -> {});
        }
        assertThatThrownBy(() -> processor.add("more", SECOND, () -> {})).isInstanceOf(IllegalStateException.class);
        processor.close();
        assertThatThrownBy(processor::start).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> processor.add("c", SECOND, () -> {})).isInstanceOf(IllegalStateException.class);
    }
}
