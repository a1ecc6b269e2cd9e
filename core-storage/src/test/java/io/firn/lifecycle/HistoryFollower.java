package io.firn.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.error.StorageIoException;
import io.firn.fs.FileStore;
import io.firn.table.Isolation;
import io.firn.table.ReadOrder;
import io.firn.table.ScanOptions;
import io.firn.table.Table;
import io.firn.table.TableReader;
import io.firn.testing.ForwardingFileStore;
import io.firn.testing.StoreCall;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Follows a table over everything that happens, errors of its disk among it: no record twice, those of a writer in
 * order, and in the end all. After a restart of its machine it goes on from its positions. Confined to one thread.
 */
final class HistoryFollower {
    private static final int FAILURES = 400;

    private final HistoryOracle oracle;
    private final RandomGenerator random;
    private final ReadOrder order;
    private final Isolation isolation;
    private final Set<HistoryOracle.Id> seen = new HashSet<>();
    /** What it has seen since its positions moved: a restart shows that once more. */
    private final Set<HistoryOracle.Id> sinceEnd = new HashSet<>();

    private final Set<String> values = new HashSet<>();
    private Map<String, Long> positions = Map.of();
    private Map<String, Long> last = new HashMap<>();
    private boolean healthy = true;
    private @Nullable Table table;
    private @Nullable TableReader reader;

    HistoryFollower(HistoryOracle oracle, RandomGenerator random, ReadOrder order, Isolation isolation) {
        this.oracle = oracle;
        this.random = random;
        this.order = order;
        this.isolation = isolation;
    }

    private boolean isCommitted() {
        return isolation == Isolation.READ_COMMITTED;
    }

    /** Reads some of the next records. */
    void follow(FileStore store, int most) {
        TableReader following = reader == null ? begin(store) : reader;
        healthy = false;
        try {
            following.refresh();
            read(following, most);
        } catch (StorageIoException failed) {
            assertThat(failed).hasMessageContaining("on purpose");
        } finally {
            healthy = true;
        }
    }

    private void read(TableReader following, int most) {
        for (int i = 0; i < most; i++) {
            if (!following.next()) {
                sinceEnd.clear();
                last.clear();
                return;
            }
            see(following);
        }
    }

    private void see(TableReader following) {
        if (!isCommitted()) {
            assertThat(values.add(oracle.check(following))).as("once").isTrue();
            seen.add(new HistoryOracle.Id(following.writer(), following.record().sequence()));
            return;
        }
        HistoryOracle.Id id = oracle.meet(following);
        assertThat(seen.add(id)).as("once: %s by %s", id, order).isTrue();
        sinceEnd.add(id);
        String part = order == ReadOrder.WRITER ? id.writer() : id.writer() + " " + id.partition();
        if (order != ReadOrder.TIME) {
            assertThat(last.getOrDefault(part, -1L)).as("order of %s", part).isLessThan(id.sequence());
            last.put(part, id.sequence());
        }
    }

    private TableReader begin(FileStore store) {
        ForwardingFileStore faulty = new ForwardingFileStore(store);
        Table opened = WrittenTable.open(faulty);
        TableReader begun = opened.reader(ScanOptions.builder()
                .order(order)
                .isolation(isolation)
                .fromSequences(positions)
                .build());
        faulty.runBefore(StoreCall.any(), () -> {
            if (!healthy && random.nextInt(FAILURES) == 0) {
                throw new StorageIoException("read", WrittenTable.ROOT, new IOException("on purpose"));
            }
        });
        table = opened;
        reader = begun;
        return begun;
    }

    /** The machine restarts: it goes on from its positions. */
    void restart() {
        TableReader following = reader;
        if (following == null) {
            return;
        }
        if (isCommitted()) {
            Map<String, Long> reached = new HashMap<>();
            for (HistoryOracle.Id id : seen) {
                reached.computeIfAbsent(id.writer(), following::position);
            }
            positions = reached;
            if (order == ReadOrder.WRITER) {
                sinceEnd.clear();
            }
            seen.removeAll(sinceEnd);
        } else {
            values.clear();
        }
        sinceEnd.clear();
        last.clear();
        reader = null;
        table = null;
    }

    /** Reads to the end, and has seen everything. */
    void end(FileStore store) {
        TableReader following = reader == null ? begin(store) : reader;
        int before;
        do {
            before = seen.size();
            read(following, Integer.MAX_VALUE);
            following.refresh();
        } while (seen.size() > before);
        read(following, Integer.MAX_VALUE);
        oracle.followed(seen);
        following.close();
        if (table != null) {
            table.close();
        }
        restart();
    }
}
