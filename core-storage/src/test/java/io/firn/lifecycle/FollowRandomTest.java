package io.firn.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.partition.PartitionMapping;
import io.firn.record.StreamRecord;
import io.firn.table.Isolation;
import io.firn.table.ScanOptions;
import io.firn.table.Table;
import io.firn.table.TableConfig;
import io.firn.table.TableEnvironment;
import io.firn.table.TableReader;
import io.firn.table.TableWriter;
import io.firn.table.WriterOptions;
import io.firn.testing.InMemoryFileStore;
import io.firn.testing.Randomized;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/**
 * Followers see each writer's records once and in order, whatever is done between two refreshes: appends, rolls,
 * rollbacks, writers that open again, settling, compressing and decompressing.
 */
class FollowRandomTest {
    private static final PartitionMapping MAPPING = PartitionMapping.parse("k:string=key");
    private static final int SEEDS = Integer.getInteger("firn.follow.seeds", 60);
    private static final int STEPS = 60;
    private static final List<String> WRITERS = List.of("a", "b", "c");

    @Test
    void followersSeeEveryCommittedRecordOnce() {
        Randomized.forAll(SEEDS, random -> new Scenario(random).run());
    }

    /** One table, its writers, and two followers of which one often stops in the middle. */
    private static final class Scenario {
        private final RandomGenerator random;
        private final Map<String, TableWriter> writers = new TreeMap<>();
        private final Map<String, List<String>> pending = new TreeMap<>();
        private final Map<String, List<String>> committed = new TreeMap<>();
        private final Map<String, List<String>> seen = new TreeMap<>();
        private final Map<String, List<String>> seenLate = new TreeMap<>();
        private int next;

        Scenario(RandomGenerator random) {
            this.random = random;
        }

        void run() {
            InMemoryFileStore store = new InMemoryFileStore();
            TableEnvironment environment = TableEnvironment.deterministic(store, InstantSource.system());
            ScanOptions tailing =
                    ScanOptions.builder().isolation(Isolation.READ_COMMITTED).build();
            TableConfig small = TableConfig.builder()
                    .segmentSizeBytes(64 << 10)
                    .indexStride(3)
                    .build();
            try (Table table = Table.create(Path.of("/t"), MAPPING.scheme(), small, environment);
                    TableReader eager = table.reader(tailing);
                    TableReader late = table.reader(tailing)) {
                WRITERS.forEach(name -> begin(table, name));
                for (int step = 0; step < STEPS; step++) {
                    act(table, WRITERS.get(random.nextInt(WRITERS.size())));
                    follow(eager, seen, Integer.MAX_VALUE);
                    assertThat(seen).isEqualTo(committed);
                    follow(late, seenLate, random.nextInt(6));
                }
                follow(late, seenLate, Integer.MAX_VALUE);
                assertThat(seenLate).isEqualTo(committed);
                writers.values().forEach(TableWriter::close);
            }
        }

        private void begin(Table table, String name) {
            writers.put(
                    name,
                    table.writer(WriterOptions.named(name).mapping(MAPPING).build()));
            pending.put(name, new ArrayList<>());
            committed.computeIfAbsent(name, any -> new ArrayList<>());
            seen.computeIfAbsent(name, any -> new ArrayList<>());
            seenLate.computeIfAbsent(name, any -> new ArrayList<>());
        }

        private void act(Table table, String name) {
            TableWriter writer = of(writers, name);
            switch (random.nextInt(10)) {
                case 0, 1, 2, 3 -> append(name);
                case 4, 5 -> commit(name);
                case 6 -> writer.roll();
                case 7 -> {
                    writer.rollback();
                    of(pending, name).clear();
                }
                case 8 -> {
                    writer.close();
                    begin(table, name);
                }
                default -> maintain(table);
            }
        }

        private void append(String name) {
            for (int i = random.nextInt(20); i >= 0; i--) {
                String value = name + next++;
                of(pending, name).add(value);
                of(writers, name)
                        .append(StreamRecord.atMillis(next)
                                .key(bytes("k" + random.nextInt(3)))
                                .value(bytes(value))
                                .build());
            }
            if (random.nextBoolean()) {
                commit(name);
            }
        }

        private void commit(String name) {
            of(writers, name).commit();
            of(committed, name).addAll(of(pending, name));
            of(pending, name).clear();
        }

        private void maintain(Table table) {
            LifecycleRequest request = switch (random.nextInt(3)) {
                case 0 -> LifecycleRequest.settleAll();
                case 1 -> LifecycleRequest.compressAll();
                default -> LifecycleRequest.decompressAll();
            };
            try (LifecycleManager manager = LifecycleManager.open(table, LifecycleOptions.defaults())) {
                assertThat(manager.run(request).errors()).isEmpty();
            }
        }

        private static void follow(TableReader reader, Map<String, List<String>> values, int limit) {
            reader.refresh();
            for (int i = 0; i < limit && reader.next(); i++) {
                byte[] value = reader.record().toRecord().value();
                of(values, reader.writer()).add(new String(value, StandardCharsets.UTF_8));
            }
        }

        private static <T> T of(Map<String, T> byName, String name) {
            return Objects.requireNonNull(byName.get(name));
        }

        private static byte[] bytes(String text) {
            return text.getBytes(StandardCharsets.UTF_8);
        }
    }
}
