package io.firn.connect.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.connect.source.ReplayRun.Taken;
import io.firn.record.RecordHeader;
import io.firn.record.StreamRecord;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.DataException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The controls of a replay with the real engine and a clock of its own. */
class ReplayControlsTest {
    private static final long START_MS = 978_307_200_000L;

    /** Two topics with two partitions; a record per second, in turn over the four. */
    @TempDir
    static Path root;

    /** For tests that need other topics. */
    @TempDir
    Path own;

    @BeforeAll
    static void archive() {
        archive(root, "a", 0);
        archive(root, "b", 2);
    }

    @Test
    void mergesTopicsAndPartitionsByTime() {
        try (ReplayRun run = ReplayRun.start(root, "restore.order", "timestamp")) {
            assertThat(run.tasks()).isEqualTo(1);
            assertThat(values(run.takeAll())).isEqualTo(inOrder(40));
        }
    }

    @Test
    void withoutOrderTasksShareTheWork() {
        try (ReplayRun run = ReplayRun.start(root)) {
            assertThat(run.tasks()).isEqualTo(2);
            assertThat(values(run.takeAll())).containsExactlyInAnyOrderElementsOf(inOrder(40));
        }
    }

    @Test
    void mergesTheSameAfterRestartsAnywhere() {
        try (ReplayRun run = ReplayRun.start(root, "restore.order", "timestamp", "poll.max.records", "3")) {
            List<String> values = new ArrayList<>();
            for (int i = 0; i < 7; i++) {
                values.addAll(values(run.take(3)));
                run.restart();
            }
            values.addAll(values(run.takeAll()));

            assertThat(values).isEqualTo(inOrder(40));
        }
    }

    @Test
    void aPartitionKeepsItsOrderWhereItsTimesDoNotRise() {
        archive(own, "a", 0);
        archive(own, "b", 2);
        try (ArchiveFixture late = ArchiveFixture.open(own, "late", "", "late", 0)) {
            late.append(0, 0, record(START_MS + 5_000, "late-0"));
            late.append(0, 1, record(START_MS, "late-1"));
            late.append(0, 2, record(START_MS + 5_000, "late-2"));
            late.commit();
        }
        try (ReplayRun run = ReplayRun.start(own, "restore.order", "timestamp")) {
            List<String> values = values(run.takeAll());

            assertThat(values.stream().filter(value -> value.startsWith("late")))
                    .containsExactly("late-0", "late-1", "late-2");
            assertThat(values.subList(0, 9))
                    .containsExactly("n-0", "n-1", "n-2", "n-3", "n-4", "n-5", "late-0", "late-1", "late-2");
        }
    }

    @Test
    void followsInTheOrderOfTimeWhatIsCommittedLater() {
        try (ArchiveFixture growing = ArchiveFixture.open(own, "g", "", "g", 0)) {
            growing.append(0, 0, record(START_MS, "n-0"));
            growing.append(1, 0, record(START_MS + 2, "n-2"));
            growing.commit();
            try (ReplayRun run =
                    ReplayRun.start(own, "restore.mode", "continuous", "replay.speed", "1", "restore.topics", "g")) {
                assertThat(values(run.takeAll())).containsExactly("n-0", "n-2");
                for (int i = 1; i <= 3; i++) {
                    growing.append(1, 2L * i - 1, record(START_MS + i * 10L + 1, "n-" + (i * 10 + 1)));
                    growing.append(1, 2L * i, record(START_MS + i * 10L + 3, "n-" + (i * 10 + 3)));
                    growing.append(0, i, record(START_MS + i * 10L + 2, "n-" + (i * 10 + 2)));
                    growing.commit();
                    assertThat(values(run.takeAll()))
                            .containsExactly("n-" + (i * 10 + 1), "n-" + (i * 10 + 2), "n-" + (i * 10 + 3));
                }
            }
        }
    }

    @Test
    void mergingNeedsMemoryForEachPartition() {
        ReplayRun fits = ReplayRun.start(root, "restore.order", "timestamp", "replay.memory.bytes", "4194304");
        assertThat(fits.takeAll()).hasSize(40);
        fits.close();
        try (ReplayRun run = ReplayRun.start(root, "restore.order", "timestamp", "replay.memory.bytes", "4194303")) {
            assertThatThrownBy(run::takeAll)
                    .isInstanceOf(ConnectException.class)
                    .hasMessageContaining("replay.memory.bytes=4194304")
                    .hasMessageContaining("restore.order=partition");
        }
    }

    @Test
    void theConnectorSaysAtItsStartWhatMergingNeeds() {
        Map<String, String> config = new HashMap<>(Map.of("name", "run", "firn.path", root.toString()));
        for (String part : List.of("key", "value", "header")) {
            config.put(part + ".converter", "org.apache.kafka.connect.converters.ByteArrayConverter");
        }
        config.put("replay.memory.bytes", "4194303");
        start(config);
        config.put("replay.speed", "1");
        assertThatThrownBy(() -> start(config))
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("replay.memory.bytes=4194304")
                .hasMessageContaining("restore.order=partition");
        config.put("restore.preflight", "warn");
        start(config);
        config.put("restore.preflight", "strict");
        config.put("replay.memory.bytes", "4194304");
        start(config);
    }

    private static void start(Map<String, String> config) {
        FirnSourceConnector connector = new FirnSourceConnector();
        connector.start(config);
        connector.stop();
    }

    @Test
    void theGenerationBeforeComesFirst() {
        archive(own, "a", 0);
        try (ArchiveFixture again = ArchiveFixture.open(own, "a", "", "a", 1)) {
            again.append(0, 0, record(START_MS, "again"));
            again.commit();
        }
        try (ReplayRun run = ReplayRun.start(own, "restore.order", "timestamp")) {
            List<String> values = values(run.takeAll());
            assertThat(values).hasSize(21);
            assertThat(values.indexOf("again")).isGreaterThan(values.indexOf("n-36"));
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.5, 1, 10})
    void keepsThePaceOfTheTimestamps(double speed) {
        try (ReplayRun run = ReplayRun.start(root, "replay.speed", Double.toString(speed))) {
            List<Taken> taken = run.take(40);

            assertThat(values(taken)).isEqualTo(inOrder(40));
            long firstMs = taken.get(0).atMs();
            for (int i = 0; i < taken.size(); i++) {
                long dueMs = firstMs + (long) (i * 1_000 / speed);
                assertThat(taken.get(i).atMs()).isBetween(dueMs, dueMs + 51);
            }
            assertThat(run.longestWaitMs()).isLessThanOrEqualTo(100);
        }
    }

    @Test
    void goesOnAtThePaceAfterARestart() {
        try (ReplayRun run = ReplayRun.start(root, "replay.speed", "1")) {
            run.take(10);
            run.restart();
            List<Taken> taken = run.take(10);

            assertThat(values(taken)).isEqualTo(inOrder(20).subList(10, 20));
            assertThat(taken.get(9).atMs() - taken.get(0).atMs()).isBetween(9_000L, 9_051L);
        }
    }

    @Test
    void squeezesLongSilences() {
        archive(own, "a", 0);
        archive(own, "b", 2);
        archive(own, "c", 1_000_000);
        try (ReplayRun run = ReplayRun.start(own, "replay.speed", "2", "replay.max.gap.ms", "3000")) {
            List<Taken> taken = run.take(60);

            assertThat(taken.get(39).atMs() - taken.get(0).atMs()).isBetween(19_500L, 19_551L);
            assertThat(taken.get(40).atMs() - taken.get(39).atMs()).isBetween(1_449L, 1_551L);
        }
    }

    @Test
    void doesNotCatchUpWhatWasPaused() {
        try (ReplayRun run = ReplayRun.start(root, "replay.speed", "1")) {
            run.take(5);
            run.passMs(3_600_000);
            long nowMs = run.nowMs();
            List<Taken> taken = run.take(20);

            assertThat(taken.stream().filter(one -> one.atMs() < nowMs + 60)).hasSizeBetween(1, 7);
        }
    }

    @Test
    void keepsTheRateOfRecords() {
        try (ReplayRun run = ReplayRun.start(root, "replay.rate.records", "10", "restore.order", "timestamp")) {
            List<Taken> taken = run.take(40);

            assertThat(taken.get(39).atMs() - taken.get(0).atMs()).isBetween(3_600L, 4_000L);
            assertThat(run.longestWaitMs()).isLessThanOrEqualTo(100);
        }
    }

    @Test
    void tasksShareTheRate() {
        try (ReplayRun run = ReplayRun.start(root, "replay.rate.records", "10")) {
            assertThat(run.tasks()).isEqualTo(2);
            List<Taken> taken = run.take(40);

            assertThat(taken.get(39).atMs() - taken.get(0).atMs()).isBetween(3_400L, 4_200L);
        }
    }

    @Test
    void keepsTheRateOfBytes() {
        try (ReplayRun run = ReplayRun.start(root, "replay.rate.bytes", "70", "restore.order", "timestamp")) {
            List<Taken> taken = run.take(40);
            long bytes = taken.stream()
                    .mapToLong(
                            one -> one.value().length() + ((byte[]) one.record().key()).length)
                    .sum();

            assertThat(taken.get(39).atMs() - taken.get(0).atMs())
                    .isBetween(bytes * 1000 / 70 - 400, bytes * 1000 / 70);
        }
    }

    @Test
    void shiftsTimestampsByTheSameTimeAfterARestart() {
        try (ReplayRun run = ReplayRun.start(
                root,
                "restore.order",
                "timestamp",
                "poll.max.records",
                "5",
                "replay.timestamps",
                "shift",
                "restore.from",
                "2001-01-01",
                "replay.timestamps.shift.to",
                "2020-01-01")) {
            List<Taken> taken = new ArrayList<>(run.take(5));
            run.passMs(60_000);
            run.restart();
            taken.addAll(run.takeAll());

            for (int i = 0; i < 40; i++) {
                assertThat(taken.get(i).record().timestamp()).isEqualTo(1_577_836_800_000L + i * 1_000L);
            }
        }
    }

    @Test
    void shiftsByMillisecondsButNotBefore1970() {
        try (ReplayRun run =
                ReplayRun.start(root, "replay.timestamps", "shift", "replay.timestamps.shift.ms", "-" + START_MS)) {
            assertThat(run.takeAll())
                    .extracting(one -> one.record().timestamp())
                    .contains(0L, 39_000L);
        }
        try (ReplayRun run = ReplayRun.start(
                root, "replay.timestamps", "shift", "replay.timestamps.shift.ms", "-" + (START_MS + 1))) {
            assertThatThrownBy(run::takeAll)
                    .isInstanceOf(DataException.class)
                    .hasMessageContaining("replay.timestamps.shift.ms");
        }
    }

    @Test
    void stampsRecordsWithTheTimeOfTheReplay() {
        try (ReplayRun run = ReplayRun.start(root, "replay.timestamps", "now", "replay.speed", "1")) {
            assertThat(run.take(40))
                    .allSatisfy(one -> assertThat(one.record().timestamp()).isEqualTo(ReplayRun.WALL_MS + one.atMs()));
        }
    }

    @Test
    void replaysRangesOfOffsets() {
        try (ReplayRun run =
                ReplayRun.start(root, "restore.offsets.from", "a:0=3,b:*=9", "restore.offsets.to", "a:*=5,b:1=0")) {
            assertThat(values(run.takeAll()))
                    .containsExactlyInAnyOrder("n-12", "n-16", "n-1", "n-5", "n-9", "n-13", "n-17", "n-38");
        }
    }

    @Test
    void aPositionBehindTheFirstOffsetStays() {
        try (ReplayRun run = ReplayRun.start(root, "restore.topics", "a", "restore.order", "timestamp")
                .with("restore.offsets.from", "a:*=2")) {
            run.takeAll();
            run.restart();
            assertThat(run.takeAll()).isEmpty();
        }
    }

    @Test
    void choosesRecordsByKeyAndHeader() {
        try (ReplayRun run = ReplayRun.start(root, "restore.records", "key = 'k0' and header.kind in ('0', '2')")) {
            assertThat(values(run.takeAll()))
                    .containsExactlyInAnyOrderElementsOf(inOrder(40).stream()
                            .filter(value -> number(value) % 2 == 0 && number(value) % 3 != 1)
                            .toList());
        }
    }

    @Test
    void aPollEndsWhenNothingMatches() {
        try (ReplayRun run = ReplayRun.start(
                root, "restore.records", "header.kind = '2'", "poll.max.records", "1", "restore.order", "timestamp")) {
            List<String> values = values(run.takeAll());
            assertThat(values)
                    .isEqualTo(inOrder(40).stream()
                            .filter(value -> number(value) % 3 == 2)
                            .toList());
        }
    }

    @Test
    void aPollLooksAtNoMoreThanItMayHandOut() {
        try (ReplayRun run = ReplayRun.start(
                root, "restore.records", "key = 'none'", "poll.max.records", "10", "restore.order", "timestamp")) {
            long startMs = run.nowMs();
            for (int poll = 0; poll < 4; poll++) {
                assertThat(run.poll()).isEmpty();
            }
            assertThat(run.nowMs()).as("there may be more, so no poll waits").isEqualTo(startMs);
            assertThat(run.poll()).isEmpty();
            assertThat(run.nowMs()).as("the end is reached").isEqualTo(startMs + 100);
        }
    }

    @Test
    void saysWhereRecordsCameFrom() {
        try (ReplayRun run = ReplayRun.start(
                root,
                "restore.headers.provenance",
                "true",
                "restore.partition.mode",
                "fixed:9",
                "replay.timestamps",
                "now",
                "restore.order",
                "timestamp")) {
            Taken seventh = run.takeAll().get(7);

            assertThat(seventh.record().headers())
                    .extracting(header -> header.key())
                    .containsExactly(
                            "kind",
                            "firn.origin.topic",
                            "firn.origin.partition",
                            "firn.origin.offset",
                            "firn.origin.timestamp");
            assertThat(seventh.header("firn.origin.topic")).isEqualTo("b");
            assertThat(seventh.header("firn.origin.partition")).isEqualTo("1");
            assertThat(seventh.header("firn.origin.offset")).isEqualTo("1");
            assertThat(seventh.header("firn.origin.timestamp")).isEqualTo(Long.toString(START_MS + 7_000));
            assertThat(seventh.record().kafkaPartition()).isEqualTo(9);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"partition", "timestamp"})
    void replaysEverythingSeveralTimes(String order) {
        try (ReplayRun run = ReplayRun.start(root, "restore.loop", "3", "restore.order", order)) {
            List<String> values = values(run.takeAll());

            assertThat(values).hasSize(120);
            if (order.equals("timestamp")) {
                assertThat(values.subList(0, 40)).isEqualTo(inOrder(40));
                assertThat(values.subList(80, 120)).isEqualTo(inOrder(40));
            }
            assertThat(run.offsets().values()).allMatch(offset -> offset.equals(Map.of("sequence", 10L, "loop", 2L)));
        }
    }

    @Test
    void goesOnInTheLoopInWhichItWas() {
        try (ReplayRun run =
                ReplayRun.start(root, "restore.loop", "3", "restore.order", "timestamp", "poll.max.records", "17")) {
            List<String> values = new ArrayList<>();
            while (values.size() < 119) {
                values.addAll(values(run.take(1)));
                run.restart();
            }
            values.addAll(values(run.takeAll()));

            List<String> expected = new ArrayList<>();
            for (int loop = 0; loop < 3; loop++) {
                expected.addAll(inOrder(40));
            }
            assertThat(values).isEqualTo(expected);
        }
    }

    @Test
    void aLaneThatIsInTheNextLoopAlreadyIsNotReplayedInTheOneBefore() {
        try (ReplayRun run =
                ReplayRun.start(root, "restore.loop", "2", "restore.order", "timestamp", "poll.max.records", "1")) {
            run.take(41);
            run.restart();

            assertThat(values(run.takeAll())).isEqualTo(inOrder(40).subList(1, 40));
        }
    }

    @Test
    void offsetsOfAReplayWithoutLoopsCount() {
        try (ReplayRun run = ReplayRun.start(root, "restore.order", "timestamp")) {
            run.takeAll();
            run.with("restore.loop", "2").restart();
            assertThat(values(run.takeAll())).isEqualTo(inOrder(40));
            run.with("restore.loop", "1").restart();
            assertThat(run.takeAll()).isEmpty();
        }
    }

    @Test
    void everyLoopHasThePace() {
        try (ReplayRun run = ReplayRun.start(root, "restore.loop", "2", "replay.speed", "1")) {
            List<Taken> taken = run.take(80);

            assertThat(taken.get(79).atMs() - taken.get(40).atMs()).isBetween(38_950L, 39_051L);
        }
    }

    private static void archive(Path root, String topic, long first) {
        try (ArchiveFixture archive = ArchiveFixture.open(root, topic, "", topic, 0)) {
            for (int offset = 0; offset < 10; offset++) {
                for (int partition = 0; partition < 2; partition++) {
                    long n = first + offset * 4L + partition;
                    archive.append(partition, offset, record(START_MS + n * 1_000, "n-" + n));
                }
            }
            archive.commit();
        }
    }

    private static StreamRecord record(long timestampMs, String value) {
        int n = number(value);
        return StreamRecord.atMillis(timestampMs)
                .key(bytes("k" + n % 2))
                .headers(List.of(new RecordHeader("kind", bytes(Integer.toString(n % 3)))))
                .value(bytes(value))
                .build();
    }

    private static int number(String value) {
        String digits = value.replaceAll("\\D", "");
        return digits.isEmpty() ? 0 : Integer.parseInt(digits);
    }

    private static List<String> inOrder(int count) {
        List<String> values = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            values.add("n-" + i);
        }
        return values;
    }

    private static List<String> values(List<Taken> taken) {
        return taken.stream().map(Taken::value).toList();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
