package io.firn.connect.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.connect.errors.ConnectException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The position waits for the reports of errant records, also where it moves between commits. */
class ErrantReportsTest {
    /** More samples than a lane keeps before it stores them by itself. */
    private static final int MANY = 60_000;

    @TempDir
    Path directory;

    private final SourceLog log = new SourceLog("m", 1);
    private final Map<String, Map<Long, Double>> model = new TreeMap<>();
    private boolean storing;

    /** A report that is stored when the worker stores reports again; nobody waits for it in vain. */
    private final class Report extends CompletableFuture<Void> {
        @Override
        public Void get(long timeout, TimeUnit unit) throws TimeoutException {
            if (!storing) {
                throw new TimeoutException();
            }
            return null;
        }
    }

    private TaskRig rig() {
        return new TaskRig(directory.resolve("archive"), log)
                .with("partition.missing.field", "errant")
                .reporter((record, error) -> new Report());
    }

    private TaskRig seriesRig() {
        return rig().with("record.format", "series")
                .with("commit.interval.ms", "60000")
                .with("series.labels", SeriesDump.LABELS)
                .with("series.value", "value.load");
    }

    private void sendErrant() {
        log.append(
                0,
                log.endOffset(0),
                new ProducerRecord<>("m", 0, 1L, null, "no json".getBytes(StandardCharsets.UTF_8)));
    }

    private void sendSamples(int count) {
        for (int i = 0; i < count; i++) {
            log.append(0, log.endOffset(0), SeriesDump.record("m", 0, 1, i, i));
            SeriesDump.apply(model, 0, 1, i, i);
        }
    }

    @Test
    void thePositionOfSeriesWaitsForThemBetweenCommits() {
        sendErrant();
        sendSamples(MANY);
        TaskRig rig = seriesRig();
        SinkTaskHarness task = rig.task();
        task.assign(rig.partitions());
        task.iterate(MANY);
        task.iterate(MANY);
        assertThat(SeriesDump.positions(rig.tablePath()).getOrDefault("m-0", 0L))
                .isZero();

        storing = true;
        task.iterate(MANY);
        task.iterate(MANY);
        task.stop();
        assertThat(SeriesDump.positions(rig.tablePath())).containsEntry("m-0", log.endOffset(0));
        assertThat(SeriesDump.read(rig.tablePath())).isEqualTo(model);
    }

    @Test
    void aFencedTaskThatStoresSamplesBetweenCommitsWaitsBeforeItFails() {
        sendSamples(MANY);
        TaskRig rig = seriesRig();
        SinkTaskHarness zombie = rig.task();
        zombie.assign(rig.partitions());
        zombie.iterate(MANY - 10_000);
        SinkTaskHarness owner = rig.task();
        owner.assign(rig.partitions());
        zombie.iterate(10_000);
        zombie.iterate(0);

        rig.advance(Duration.ofSeconds(20));
        assertThatThrownBy(() -> zombie.iterate(0))
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("is now archived into");
    }

    @Test
    void noGenerationIsBegunBeforeTheyAreStored() {
        sendErrant();
        TaskRig rig = rig().with("on.topic.recreated", "new-generation");
        SinkTaskHarness task = rig.task();
        task.assign(rig.partitions());
        task.iterate(10);
        task.seekToBeginning();

        assertThatThrownBy(() -> task.iterate(10)).hasMessageContaining("did not take 1 errant records");
        assertThat(ArchiveDump.positions(rig.tablePath()).values()).containsOnly(0L);
    }
}
