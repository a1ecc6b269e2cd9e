package io.firn.connect.sink;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.connect.avro.StructuredDecoder;
import io.firn.connect.sink.KilledStructuredSink.Phase;
import io.firn.connect.testing.ConnectEquality;
import io.firn.lifecycle.verify.TableVerifier;
import io.firn.record.StreamRecord;
import io.firn.table.KafkaOrigin;
import io.firn.table.LaneInfo;
import io.firn.table.ScanOptions;
import io.firn.table.Table;
import io.firn.table.TableReader;
import io.firn.testing.ForkedJvm;
import io.firn.testing.Randomized;
import io.firn.testing.TestProfile;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.random.RandomGenerator;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaAndValue;
import org.apache.kafka.connect.header.Header;
import org.apache.kafka.connect.sink.SinkRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code kill -9} of a process that archives structured records while their schemas change, at any time and in the
 * middle of storing a schema and of committing: every record comes once, and its schema is there before it.
 * {@code -Dfirn.structured.kills} sets how many.
 */
class StructuredKillTest {
    private static final int KILLS = Integer.getInteger("firn.structured.kills", TestProfile.isStress() ? 500 : 6);
    private static final int KILLS_PER_TABLE = 6;
    private static final int MAX_OPERATIONS = 80;
    private static final int MAX_COMMITS = 12;
    private static final Duration TIMEOUT = Duration.ofMinutes(2);
    private static final List<Phase> PHASES = List.of(Phase.values());

    private final Map<Phase, Integer> kills = new EnumMap<>(Phase.class);

    @TempDir
    Path directory;

    @Test
    void everyRecordIsThereOnceWithItsSchema() {
        int tables = (KILLS + KILLS_PER_TABLE - 1) / KILLS_PER_TABLE;
        for (int i = 0; i < tables; i++) {
            Path root = directory.resolve("archive" + i);
            Randomized.forAll(1, random -> killAgainAndAgain(root, random));
        }
        System.out.println("kill -9 of a structured sink: " + kills);
        assertThat(kills).containsOnlyKeys(PHASES);
    }

    private void killAgainAndAgain(Path root, RandomGenerator random) {
        TaskRig rig = KilledStructuredSink.rig(root);
        for (int i = 0; i < KILLS_PER_TABLE; i++) {
            Phase phase = PHASES.get(i % PHASES.size());
            long acknowledged = kill(root, phase, random);
            assertThat(positionsAfterCheck(rig))
                    .as("positions after a kill in %s", phase)
                    .isGreaterThanOrEqualTo(acknowledged);
            kills.merge(phase, 1, Integer::sum);
        }
        SinkTaskHarness task = rig.task();
        task.transform(KilledStructuredSink::structured);
        task.assign(rig.partitions());
        rig.drain(task);
        task.stop();
        assertThat(positionsAfterCheck(rig))
                .isEqualTo(rig.log().endOffset(0) + rig.log().endOffset(1));
    }

    /** Runs a sink and kills it; returns the sum of the offsets that it had acknowledged. */
    private long kill(Path root, Phase phase, RandomGenerator random) {
        try (ForkedJvm sink = ForkedJvm.of(KilledStructuredSink.class, directory)
                .arguments(root, phase, 1 + random.nextInt(MAX_OPERATIONS))
                .start()) {
            int commits = 1 + random.nextInt(MAX_COMMITS);
            sink.awaitLine(
                    line -> phase == Phase.APPEND
                            ? sink.lines().size() >= commits
                            : line.startsWith(KilledStructuredSink.STOPPED),
                    TIMEOUT);
            sink.kill();
            return sink.lines().stream()
                    .filter(line -> line.startsWith(KilledStructuredSink.ACKNOWLEDGED))
                    .mapToLong(line -> Long.parseLong(line.substring(KilledStructuredSink.ACKNOWLEDGED.length())))
                    .max()
                    .orElse(0);
        }
    }

    /** Compares all that is archived with the beginning of the topic; returns the sum of the next offsets. */
    private static long positionsAfterCheck(TaskRig rig) {
        long sum = 0;
        try (Table table = Table.open(rig.tablePath())) {
            assertThat(TableVerifier.verify(table).damages()).isEmpty();
            for (LaneInfo lane : table.lanes()) {
                int partition = KafkaOrigin.of(lane.properties()).orElseThrow().partition();
                List<SinkRecord> wanted = rig.log().read(partition, 0, Integer.MAX_VALUE).stream()
                        .filter(record -> record.kafkaOffset() < lane.position())
                        .toList();
                check(table, lane.writer(), wanted);
                sum += lane.position();
            }
        }
        return sum;
    }

    private static void check(Table table, String writer, List<SinkRecord> wanted) {
        StructuredDecoder decoder = new StructuredDecoder(table.schemas());
        try (TableReader reader =
                table.reader(ScanOptions.builder().writer(writer).build())) {
            int count = 0;
            while (reader.next()) {
                assertThat(count).as("one record for each of the topic").isLessThan(wanted.size());
                SinkRecord expected = KilledStructuredSink.structured(wanted.get(count));
                assertThat(reader.record().sequence()).isEqualTo(expected.kafkaOffset());
                assertSame(decoder, reader.record().toRecord(), expected);
                count++;
            }
            assertThat(count).isEqualTo(wanted.size());
        }
    }

    private static void assertSame(StructuredDecoder decoder, StreamRecord stored, SinkRecord expected) {
        assertSame(decoder, stored.key(), expected.keySchema(), expected.key());
        assertSame(decoder, stored.value(), expected.valueSchema(), expected.value());
        Header header = Objects.requireNonNull(expected.headers().lastWithName("h"));
        assertThat(stored.headers()).hasSize(1);
        assertSame(decoder, stored.headers().get(0).value(), header.schema(), header.value());
        assertThat(stored.timestamp()).isEqualTo(expected.timestamp());
    }

    private static void assertSame(
            StructuredDecoder decoder, byte @Nullable [] bytes, @Nullable Schema schema, @Nullable Object value) {
        SchemaAndValue back = decoder.decode(bytes);
        assertThat(ConnectEquality.isSame(back.schema(), schema)).isTrue();
        assertThat(ConnectEquality.isSame(back.value(), value)).isTrue();
    }
}
