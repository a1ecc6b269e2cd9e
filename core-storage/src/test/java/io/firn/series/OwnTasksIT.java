package io.firn.series;

import static io.firn.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.metrics.JmxExport;
import io.firn.metrics.OperationMetrics;
import io.firn.task.BackgroundOptions;
import io.firn.task.BackgroundProcessor;
import io.firn.task.TaskStats;
import io.firn.testing.Latches;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.stream.Collectors;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import javax.management.StandardMBean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A program with tasks and metrics of its own beside a store: one that works, ones that fail, hang and do not listen. */
class OwnTasksIT {
    private static final Duration OFTEN = Duration.ofMillis(1);

    private final MBeanServer jmx = ManagementFactory.getPlatformMBeanServer();

    @TempDir
    private Path directory;

    @AfterEach
    void nothingStays() {
        await().untilAsserted(() ->
                assertThat(StoreDirectory.threads("firn-background")).isZero());
    }

    private static BackgroundProcessor processor(Duration stopTimeout) {
        BackgroundOptions defaults = BackgroundOptions.defaults();
        return new BackgroundProcessor(new BackgroundOptions(
                true,
                defaults.cacheInterval(),
                defaults.compactionInterval(),
                defaults.metricsInterval(),
                defaults.cleanupInterval(),
                stopTimeout));
    }

    private static Map<String, TaskStats> byName(BackgroundProcessor background) {
        return background.stats().stream().collect(Collectors.toMap(TaskStats::name, Function.identity()));
    }

    /** As work does that knows no interrupts. */
    private static void awaitDeaf(CountDownLatch latch) {
        boolean done = false;
        while (!done) {
            try {
                latch.await();
                done = true;
            } catch (InterruptedException unheard) {
                done = false;
            }
        }
    }

    // --- tasks

    @Test
    void aTaskThatWorksGoesOnBesideOnesThatFailAndHangAndTheEndInterruptsThem() {
        CountDownLatch never = new CountDownLatch(1);
        CountDownLatch deaf = new CountDownLatch(1);
        try (SeriesStore store = new StoreDirectory(directory).open()) {
            AtomicLong written = new AtomicLong();
            BackgroundProcessor background = processor(Duration.ofMillis(200));
            background.add("collector", OFTEN, () -> {
                store.write(StoreDirectory.batch(1, written.get(), 10, at -> at));
                written.addAndGet(10);
            });
            background.add("refused", OFTEN, () -> store.write(new SeriesBatch()));
            background.add("hanging", OFTEN, () -> Latches.await(never));
            background.add("deaf", OFTEN, () -> awaitDeaf(deaf));
            background.start();
            await().until(() -> background.stats().stream()
                    .allMatch(task ->
                            List.of("hanging", "deaf").contains(task.name()) ? task.running() : task.runs() > 20));
            background.close();
            // close waits for 200 ms only, in which an interrupted thread may not have come to its end
            await().until(() ->
                    background.stats().stream().noneMatch(task -> task.name().equals("hanging") && task.running()));
            Map<String, TaskStats> tasks = byName(background);
            assertThat(tasks.get("collector"))
                    .as("a write may have been interrupted")
                    .matches(task -> task.failures() <= 1);
            assertThat(tasks.get("refused")).matches(task -> task.failures() == task.runs());
            assertThat(tasks.get("hanging"))
                    .as("it was told by an exception")
                    .matches(task -> task.runs() == 1 && task.failures() == 1 && !task.running());
            assertThat(tasks.get("deaf")).as("left to itself").matches(TaskStats::running);
            int acknowledged = (int) written.get();
            assertThat(StoreDirectory.read(store, 1))
                    .as("a commit that failed may have counted")
                    .isIn(acknowledged, acknowledged + 10);
        } finally {
            deaf.countDown();
        }
    }

    @Test
    void whoIsInterruptedWhileClosingInterruptsTheWorkAndDoesNotWait() {
        CountDownLatch never = new CountDownLatch(1);
        BackgroundProcessor background = processor(Duration.ofHours(1));
        background.add("hanging", OFTEN, () -> Latches.await(never));
        background.start();
        await().until(() -> background.stats().get(0).running());
        AtomicBoolean stillInterrupted = new AtomicBoolean();
        Thread closing = new Thread(() -> {
            background.close();
            stillInterrupted.set(Thread.currentThread().isInterrupted());
        });
        closing.setDaemon(true);
        closing.start();
        await().until(() -> closing.getState() == Thread.State.TIMED_WAITING);
        closing.interrupt();
        await().until(() -> !closing.isAlive());
        assertThat(stillInterrupted).isTrue();
        assertThat(background.isRunning()).isFalse();
        await().until(() -> background.stats().get(0).failures() == 1);
    }

    @Test
    void whatAProcessorCannotTakeIsToldAndTheOtherTasksRun() {
        try (BackgroundProcessor background = processor(Duration.ofSeconds(30))) {
            background.add("collector", OFTEN, () -> {});
            assertThatThrownBy(() -> background.add("collector", OFTEN, () -> {}))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("'collector' already");
            assertThatThrownBy(() -> background.add("never", Duration.ZERO, () -> {}))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("interval of never");
            assertThatThrownBy(() -> {
                        for (int i = 1; ; i++) {
                            background.add("of lane " + i, OFTEN, () -> {});
                        }
                    })
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("of lane " + BackgroundProcessor.MAX_TASKS);
            background.start();
            await().until(() -> byName(background).values().stream().allMatch(task -> task.runs() > 1));
            background.close();
            assertThatThrownBy(background::start)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("closed");
        }
    }

    // --- metrics

    @Test
    void whatIsQuickerThanAProgramsClockTookNoTime() throws Exception {
        AtomicLong coarse = new AtomicLong();
        OperationMetrics copied = OperationMetrics.enabled(coarse::get);
        try (SeriesStore store = new StoreDirectory(directory).open();
                JmxExport export = JmxExport.register(jmx, "copier", copied)) {
            for (int i = 0; i < 3; i++) {
                long startNs = copied.startNs();
                store.write(StoreDirectory.batch(1, i, 1, at -> at));
                copied.recordWrite(1, startNs);
            }
            long startNs = copied.startNs();
            coarse.addAndGet(10_000_000);
            copied.recordWrite(1, startNs);
            assertThat(jmx.getAttribute(export.name(), "WriteP50Ns"))
                    .as("three of four")
                    .isEqualTo(0L);
            assertThat((Long) jmx.getAttribute(export.name(), "WriteP99Ns")).isBetween(9_700_000L, 10_300_000L);
            assertThat(jmx.getAttribute(export.name(), "Writes")).isEqualTo(4L);
        }
    }

    /** What the program shows of itself. */
    public interface CopierMXBean {
        /** Series that it copies. */
        int getSeries();
    }

    @Test
    void metricsOfAProgramsOwnStandBesideThoseOfItsStore() throws Exception {
        OperationMetrics copied = OperationMetrics.enabled();
        String owner = "copier, \"a\"=b";
        StandardMBean bean = new StandardMBean((CopierMXBean) () -> 7, CopierMXBean.class, true);
        try (SeriesStore store = new StoreDirectory(directory)
                        .with("metrics.jmx", "true")
                        .open();
                JmxExport operations = JmxExport.register(jmx, owner, copied);
                JmxExport copier = JmxExport.register(jmx, "Copier", owner, bean)) {
            long startNs = copied.startNs();
            store.write(StoreDirectory.batch(1, 0, 100, at -> at));
            copied.recordWrite(100, startNs);
            store.cut();
            assertThat(store.compress().errors()).isEmpty();
            copied.recordCompression();
            assertThat(jmx.getAttribute(operations.name(), "Writes")).isEqualTo(100L);
            assertThat(jmx.getAttribute(operations.name(), "Compressions")).isEqualTo(1L);
            assertThat(jmx.getAttribute(copier.name(), "Series")).isEqualTo(7);
            assertThat(ObjectName.unquote(copier.name().getKeyProperty("owner")))
                    .isEqualTo(owner);
            assertThatThrownBy(() -> JmxExport.register(jmx, "no, word", owner, bean))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining(owner);
            operations.close();
            assertThat(jmx.queryNames(new ObjectName("io.firn:type=Operations,*"), null))
                    .as("that of the store")
                    .hasSize(1);
        }
        assertThat(jmx.queryNames(new ObjectName("io.firn:*"), null)).isEmpty();
    }
}
