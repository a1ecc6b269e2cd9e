package io.firn.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.fs.PoliteLock;
import io.firn.log.Lanes;
import io.firn.log.TableLayout;
import io.firn.partition.PartitionFilter;
import io.firn.testing.ForwardingFileStore;
import io.firn.testing.InMemoryFileStore;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A writer, and a maintainer who does not see the lock, come in between any two file operations of a run. */
class OvertakenMaintainerTest {
    private static final String PARTITION = "p=1";
    /** A run that has less operations does nothing of what is asked for. */
    private static final int LEAST_OPERATIONS = 50;

    private final InMemoryFileStore files = new InMemoryFileStore();
    private final ForwardingFileStore watched = new ForwardingFileStore(files);
    private final TableLayout layout = TestTables.create(files);
    private final Map<Long, String> written = new TreeMap<>();
    private boolean othersCame;

    static List<LifecycleRequest> requests() {
        return List.of(LifecycleRequest.settleAll(), LifecycleRequest.compressAll());
    }

    @ParameterizedTest
    @MethodSource("requests")
    void nothingCommittedIsLost(LifecycleRequest request) {
        int operation = 1;
        while (new OvertakenMaintainerTest().isOvertaken(request, operation)) {
            operation++;
        }
        assertThat(operation).isGreaterThan(LEAST_OPERATIONS);
    }

    /** Returns false when the run had ended before that operation. */
    private boolean isOvertaken(LifecycleRequest request, int operation) {
        run(request, operation, feed -> {
            feed.roll();
            feed.append(PARTITION);
            feed.commit();
            settleUnseen();
            feed.append(PARTITION);
            feed.commit();
        });
        assertVisible("overtaken at operation " + operation);
        TestTables.run(layout, LifecycleRequest.settleAll());
        assertVisible("settled after it was overtaken at operation " + operation);
        return othersCame;
    }

    @Test
    void anErasureTakesSegmentsThatAreRolledMeanwhile() {
        byte[] key = PARTITION.getBytes(StandardCharsets.UTF_8);
        LifecycleRequest erasure = LifecycleRequest.erase(Erasure.of(RecordKeys.of(List.of(key))));
        int operation = 1;
        while (new OvertakenMaintainerTest().isRolledMeanwhile(erasure, operation)) {
            operation++;
        }
        assertThat(operation).isGreaterThan(LEAST_OPERATIONS);
    }

    private boolean isRolledMeanwhile(LifecycleRequest erasure, int operation) {
        LifecycleStats stats = run(erasure, operation, feed -> {
            feed.roll();
            feed.commit();
        });
        assertThat(stats.skipped())
                .as("rolled at operation %d", operation)
                .noneMatch(reason -> reason.contains("could not be settled"));
        return othersCame;
    }

    /** Runs a maintainer that has the catalog open from a run before, with others at work before one operation. */
    private LifecycleStats run(LifecycleRequest request, int operation, Consumer<LaneFeed> others) {
        try (LaneFeed feed = LaneFeed.open(layout, "main", TestTables.CLOCK);
                PoliteLock owner =
                        new Lanes(layout, TestTables.CLOCK).tryLock(feed.lane()).orElseThrow()) {
            assertThat(owner).isNotNull();
            feed.append(PARTITION);
            feed.roll();
            feed.commit();
            LifecycleStats stats = run(request, operation, () -> others.accept(feed), () -> {
                feed.append("p=2");
                feed.append(PARTITION);
                feed.commit();
            });
            for (long sequence = 0; sequence < feed.position(); sequence++) {
                written.put(sequence, LaneFeed.valueOf(feed.lane(), sequence));
            }
            return stats;
        }
    }

    private LifecycleStats run(LifecycleRequest request, int operation, Runnable others, Runnable betweenRuns) {
        try (TableMaintainer maintainer = TestTables.maintainer(layoutOn(watched))) {
            maintainer.run(LifecycleRequest.settleAll());
            betweenRuns.run();
            AtomicInteger seen = new AtomicInteger();
            watched.runBeforeOnce(call -> seen.incrementAndGet() == operation, () -> {
                othersCame = true;
                others.run();
            });
            return maintainer.run(request);
        }
    }

    /** As a maintainer does on a host that does not see the first one's lock. */
    private void settleUnseen() {
        ForwardingFileStore lockless = new ForwardingFileStore(files) {
            @Override
            public Optional<PoliteLock> tryLock(Path lockFile) {
                return lockFile.startsWith(layout.catalog()) ? Optional.of(() -> {}) : super.tryLock(lockFile);
            }
        };
        TestTables.run(layoutOn(lockless), LifecycleRequest.settleAll().where(PartitionFilter.exact("p", "1")));
    }

    private static TableLayout layoutOn(ForwardingFileStore store) {
        return new TableLayout(store, Path.of("/table"), TestTables.TABLE_ID);
    }

    private void assertVisible(String when) {
        assertThat(VisibleRecords.of(layout).lanes().values()).as(when).containsExactly(written);
    }
}
