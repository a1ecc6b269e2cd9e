package io.firn.flink.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.flink.testing.Restarts;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.functions.RichMapFunction;
import org.apache.flink.api.common.state.CheckpointListener;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.CloseableIterator;
import org.awaitility.Awaitility;

/** Jobs around a source. */
final class SourceJobs {
    /** What {@link #seen} has taken, by all tasks of this process. */
    static final Queue<String> SEEN = new ConcurrentLinkedQueue<>();

    private static final long TAKE_S = 120;

    private SourceJobs() {}

    static StreamExecutionEnvironment environment(int parallelism, Configuration configuration) {
        configuration.addAll(Restarts.atOnce());
        StreamExecutionEnvironment environment = StreamExecutionEnvironment.getExecutionEnvironment(configuration);
        environment.setParallelism(parallelism);
        environment.enableCheckpointing(50);
        return environment;
    }

    static DataStream<String> stream(StreamExecutionEnvironment environment, Source<String, ?, ?> source) {
        return environment
                .fromSource(source, WatermarkStrategy.noWatermarks(), "firn")
                .uid("firn");
    }

    /**
     * The next elements of a running job: each once, also over failures. Flink's iterator knows neither a time nor an
     * interrupt, so it is asked by a thread of its own.
     *
     * @throws AssertionError with the number that each writer has got so far, when there are not enough after two minutes
     */
    static List<String> take(CloseableIterator<String> results, int count) throws Exception {
        Queue<String> elements = new ConcurrentLinkedQueue<>();
        FutureTask<Void> taking = new FutureTask<>(() -> {
            for (int taken = 0; taken < count && results.hasNext(); taken++) {
                elements.add(results.next());
            }
            return null;
        });
        Thread thread = new Thread(taking, "take-results");
        thread.setDaemon(true);
        thread.start();
        try {
            taking.get(TAKE_S, TimeUnit.SECONDS);
        } catch (TimeoutException late) {
            Map<String, Long> taken =
                    elements.stream().collect(Collectors.groupingBy(SourceJobs::writerOf, Collectors.counting()));
            throw new AssertionError("wanted " + count + " elements, got of each writer " + taken, late);
        }
        return new ArrayList<>(elements);
    }

    /** Cancels a job and waits until its tasks are closed, which may still write to the archive. */
    static void cancel(JobClient job) throws Exception {
        job.cancel().get(1, TimeUnit.MINUTES);
        Awaitility.await()
                .atMost(Duration.ofMinutes(1))
                .until(() -> job.getJobStatus().get().isGloballyTerminalState());
    }

    private static String writerOf(String element) {
        return element.split("[/ ]", -1)[0];
    }

    /** That the numbers of each writer come one after the other from 0; returns how many each has. */
    static Map<String, Integer> assertInOrder(List<String> elements) {
        Map<String, Integer> next = new HashMap<>();
        for (String element : elements) {
            String[] parts = element.split("[/ ]", -1);
            assertThat(Integer.parseInt(parts[1])).isEqualTo(next.getOrDefault(parts[0], 0));
            next.merge(parts[0], 1, Integer::sum);
        }
        return next;
    }

    /** Remembers elements on their way. */
    static DataStream<String> seen(DataStream<String> stream) {
        return stream.map(element -> {
            SEEN.add(element);
            return element;
        });
    }

    /** Fails when so many elements came since a checkpoint was completed, a number of times. */
    static final class Failing extends RichMapFunction<String, String> implements CheckpointListener {
        private static final long serialVersionUID = 1L;
        private static final AtomicInteger FAILURES_LEFT = new AtomicInteger();
        private static final AtomicInteger STARTS = new AtomicInteger();
        private static final AtomicInteger FAILURES = new AtomicInteger();

        private final int afterElements;
        private boolean checkpointed;
        private int elements;

        Failing(int afterElements, int failures) {
            this.afterElements = afterElements;
            FAILURES_LEFT.set(failures);
            STARTS.set(0);
            FAILURES.set(0);
        }

        static int failuresLeft() {
            return FAILURES_LEFT.get();
        }

        /** How often it has failed. */
        static int failures() {
            return FAILURES.get();
        }

        /** How often a subtask was started. */
        static int starts() {
            return STARTS.get();
        }

        @Override
        public void open(OpenContext context) {
            STARTS.incrementAndGet();
        }

        @Override
        public String map(String element) {
            if (checkpointed && ++elements > afterElements && FAILURES_LEFT.getAndUpdate(n -> Math.max(0, n - 1)) > 0) {
                FAILURES.incrementAndGet();
                throw new IllegalStateException("a failure that the test wants");
            }
            return element;
        }

        @Override
        public void notifyCheckpointComplete(long checkpointId) {
            checkpointed = true;
        }
    }
}
