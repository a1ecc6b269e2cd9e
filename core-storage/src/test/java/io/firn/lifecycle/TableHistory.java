package io.firn.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.error.NotFoundException;
import io.firn.error.StorageIoException;
import io.firn.fs.FileStore;
import io.firn.lifecycle.rebuild.LostCatalog;
import io.firn.lifecycle.rebuild.LostLogs;
import io.firn.lifecycle.rebuild.LostLogs.Loss;
import io.firn.lifecycle.rebuild.RebuildReport;
import io.firn.lifecycle.verify.TableVerifier;
import io.firn.log.CatalogLog;
import io.firn.partition.PartitionFilter;
import io.firn.table.Isolation;
import io.firn.table.ReadOrder;
import io.firn.table.ScanOptions;
import io.firn.table.Table;
import io.firn.table.TableConfig;
import io.firn.table.TableReader;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

/**
 * A table to which everything is done that can be done to one, by processes that may end at any operation. Confined to
 * one thread.
 */
final class TableHistory {
    private static final List<ReadOrder> ORDERS = List.of(ReadOrder.values());
    private static final List<Loss> LOSSES = Loss.ALL_BUT_THE_TAIL;

    private final RandomGenerator random;
    private final HistoryOracle oracle = new HistoryOracle();
    private final HistoryWriters writers;
    private final HistorySink sink;
    private final HistoryCopy copy = new HistoryCopy(oracle);
    private final List<HistoryFollower> followers = new ArrayList<>();
    /** What was done, for messages. */
    private final List<String> steps = new ArrayList<>();

    private int maintainers;
    private int events;
    private boolean lost;

    TableHistory(FileStore store, RandomGenerator random) {
        this.random = random;
        this.writers = new HistoryWriters(oracle, random);
        this.sink = new HistorySink(oracle, random);
        for (ReadOrder order : ReadOrder.values()) {
            followers.add(new HistoryFollower(oracle, random, order, Isolation.READ_COMMITTED));
        }
        followers.add(new HistoryFollower(oracle, random, ReadOrder.WRITER, Isolation.READ_UNCOMMITTED));
        TableConfig config = TableConfig.builder()
                .segmentSizeBytes(64 << 10)
                .compressionBlockSizeBytes(64 << 10)
                .indexStride(3)
                .build();
        Table.create(WrittenTable.ROOT, HistoryOracle.MAPPING.scheme(), config, WrittenTable.environment(store))
                .close();
    }

    /** Somebody does something. */
    void step(FileStore store) {
        switch (random.nextInt(16)) {
            case 0, 1, 2, 3 -> note("visit", () -> unlessOvertaken(() -> writers.visit(store)));
            case 4, 5 -> note("stay", () -> writers.stay(store));
            case 6, 7 -> note("sink", () -> unlessOvertaken(() -> sink.run(store)));
            case 8 -> note("copy", () -> copy(store));
            case 9 -> note("recover", () -> recover(store));
            case 10 -> note("rebuild", () -> rebuild(store));
            default -> maintain(store);
        }
    }

    private void note(String what, Runnable act) {
        steps.add(what);
        act.run();
    }

    /** Somebody comes in between two operations of another one. */
    void event(FileStore store) {
        if (lost) {
            return; // nobody works with a table that lacks its logs
        }
        events++;
        switch (random.nextInt(4)) {
            case 0 -> maintain(store);
            case 1 -> note("look", () -> look(store));
            default -> follow(store);
        }
    }

    void follow(FileStore store) {
        followers.get(random.nextInt(followers.size())).follow(store, 1 + random.nextInt(60));
    }

    private void maintain(FileStore store) {
        switch (random.nextInt(10)) {
            case 0 -> run(store, LifecycleRequest.settleAll());
            case 1 -> run(store, LifecycleRequest.settleAll().where(partition(random.nextInt(3))));
            case 2, 3 -> run(store, LifecycleRequest.compressAll());
            case 4 -> run(store, LifecycleRequest.decompressAll());
            case 5, 6 -> run(store, LifecycleRequest.compact());
            case 7 -> run(store, LifecycleRequest.due());
            case 8 -> drop(store, random.nextInt(HistoryOracle.PARTITIONS));
            default -> erase(store, "k" + random.nextInt(HistoryOracle.KEYS));
        }
    }

    private static PartitionFilter partition(int number) {
        return PartitionFilter.exact("p", "p" + number);
    }

    private LifecycleStats run(FileStore store, LifecycleRequest request) {
        steps.add(request.steps() + (request.filter().equals(PartitionFilter.all()) ? "" : " " + request.filter()));
        int before = ++maintainers;
        LifecycleStats stats = WrittenTable.maintain(store, request);
        if (before == maintainers) {
            assertThat(stats.errors()).as("%s", request).isEmpty();
        }
        return stats;
    }

    private void drop(FileStore store, int partition) {
        remove(
                store,
                LifecycleRequest.drop(partition(partition)),
                id -> id.partition().equals("p" + partition));
    }

    private void erase(FileStore store, String key) {
        RecordKeys keys = RecordKeys.of(List.of(HistoryOracle.bytes(key)));
        remove(store, LifecycleRequest.erase(Erasure.of(keys)), id -> id.key().equals(key));
    }

    private void remove(FileStore store, LifecycleRequest request, Predicate<HistoryOracle.Id> which) {
        Set<HistoryOracle.Id> going = oracle.remove(which);
        int before = maintainers + 1;
        LifecycleStats stats = run(store, request);
        if (before == maintainers && stats.skipped().isEmpty()) {
            oracle.removed(going);
        }
    }

    /** Where locks keep nobody away, a maintainer may take a writer for dead and delete what it is writing. */
    private void unlessOvertaken(Runnable writing) {
        int before = maintainers;
        try {
            writing.run();
        } catch (StorageIoException | NotFoundException overtaken) {
            assertThat(maintainers).as("%s", overtaken).isGreaterThan(before);
        }
    }

    private void copy(FileStore store) {
        copy.run(store);
    }

    private void recover(FileStore store) {
        try (Table table = WrittenTable.open(store)) {
            int before = events;
            List<String> failures = TableRecovery.recover(table).failures();
            if (before == events) { // else it was overtaken, by a reader that helps, too
                assertThat(failures).isEmpty();
            }
        }
    }

    /** Logs are lost, when nobody is there, and rebuilt, also when that is interrupted. */
    private void rebuild(FileStore store) {
        writers.leave();
        HistoryWriters.recover(store);
        lost = true;
        followers.forEach(HistoryFollower::restart); // who stays open may take a rebuilt log for the old one (D82)
        boolean lanes = random.nextBoolean();
        if (lanes) {
            loseLanes(store);
        }
        if (!lanes || random.nextInt(3) == 0) {
            LostCatalog.lose(store, random);
            copy.renew();
        }
        mend(store);
        lost = false;
    }

    private void loseLanes(FileStore store) {
        try (Table table = WrittenTable.open(store)) {
            for (String lane : store.list(table.layout().lanes())) {
                if (HistoryWriters.isTheirs(lane) && random.nextBoolean()) {
                    LostLogs.lose(store, table.layout().lane(lane), LOSSES.get(random.nextInt(LOSSES.size())));
                }
            }
        }
    }

    /** Rebuilds whatever is lost. */
    private static void mend(FileStore store) {
        assertThat(LostLogs.rebuild(store).failures()).as("lanes").isEmpty();
        assertThat(LostCatalog.rebuild(store).failures()).as("catalog").isEmpty();
    }

    /** A process is no more; what it had lost is rebuilt by the next one. */
    void killed(FileStore store) {
        steps.add("killed");
        writers.forget();
        if (steps.contains("rebuild")) {
            mendAfterKill(store);
        }
    }

    private static void mendAfterKill(FileStore store) {
        mend(store);
        HistoryWriters.recover(store);
    }

    /** The machine lost power. */
    void restarted(FileStore store) {
        followers.forEach(HistoryFollower::restart);
        killed(store);
    }

    /** Reads everything in some order. */
    void look(FileStore store) {
        ReadOrder order = ORDERS.get(random.nextInt(ORDERS.size()));
        Set<HistoryOracle.Id> seen = new HashSet<>();
        try (Table opened = WrittenTable.open(store);
                TableReader reader =
                        opened.reader(ScanOptions.builder().order(order).build())) {
            Map<String, Long> last = new TreeMap<>();
            while (reader.next()) {
                HistoryOracle.Id id = oracle.meet(reader);
                assertThat(seen.add(id)).as("once: %s", id).isTrue();
                String part = order == ReadOrder.WRITER ? id.writer() : id.writer() + id.partition();
                Long before = last.put(part, id.sequence());
                assertThat(order == ReadOrder.TIME || before == null || before < id.sequence())
                        .isTrue();
            }
        }
        oracle.see(seen);
    }

    /** Everybody goes; what is there is sound, and stays so when the catalog is rebuilt. */
    void end(FileStore store) {
        steps.add("end");
        writers.leave();
        HistoryWriters.recover(store);
        sink.settle(store);
        recover(store);
        look(store);
        run(store, LifecycleRequest.compressAll());
        look(store);
        assertSound(store);
        copy.complete(store);
        try (Table table = WrittenTable.open(store)) {
            CatalogLog.open(table.layout(), table.environment().clock()).close();
        }
        LostCatalog.lose(store, random);
        RebuildReport report = LostCatalog.rebuild(store);
        assertThat(report.failures()).isEmpty();
        assertThat(report.unproven()).isEmpty();
        look(store);
        assertSound(store);
        followers.forEach(follower -> follower.end(store));
    }

    private static void assertSound(FileStore store) {
        try (Table table = WrittenTable.open(store)) {
            assertThat(TableVerifier.verify(table).damages()).isEmpty();
        }
    }

    AssertionError failure(Throwable cause) {
        return new AssertionError("after " + String.join(", ", steps), cause);
    }
}
