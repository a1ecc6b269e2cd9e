package io.firn.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.error.WriterFencedException;
import io.firn.testing.ForwardingFileStore;
import io.firn.testing.InMemoryFileStore;
import io.firn.testing.StoreCall;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Somebody else acts between any two operations of a reader or of an owner that opens the lane. */
class LaneLogRaceTest {

    @Test
    void aReaderSeesTheStateBeforeOrAfterACommitThatComesBetween() {
        assertThat(forEveryOperation(false, LaneLogRaceTest::commitMore)).isGreaterThan(5);
    }

    @Test
    void aReaderSeesTheStateBeforeOrAfterASuccessorThatComesBetween() {
        assertThat(forEveryOperation(false, LaneLogRaceTest::succeed)).isGreaterThan(5);
    }

    @Test
    void anOwnerThatOpensIsFencedOrGoesOnWhenItsPredecessorCommitsMeanwhile() {
        assertThat(forEveryOperation(true, LaneLogRaceTest::commitMore)).isGreaterThan(10);
    }

    @Test
    void anOwnerThatOpensIsFencedOrGoesOnWhenAnotherOneOpensMeanwhile() {
        assertThat(forEveryOperation(true, LaneLogRaceTest::succeed)).isGreaterThan(10);
    }

    @Test
    void aReaderSeesTheStateWhenAnOwnerFinishesOpeningMeanwhile() {
        int operations = 0;
        while (readerMeetsOpening(operations)) {
            operations++;
        }
        assertThat(operations).isGreaterThan(5);
    }

    /** The fence stands before the reader begins; the base comes, and the older log goes, before one operation. */
    private static boolean readerMeetsOpening(int when) {
        InMemoryFileStore store = new InMemoryFileStore();
        TableLayout quiet = LogTables.create(store);
        ForwardingFileStore watched = new ForwardingFileStore(store);
        TableLayout layout = new TableLayout(watched, LogTables.ROOT, LogTables.TABLE_ID);
        try (LaneLog predecessor = LogTables.open(quiet)) {
            predecessor.commit(LogTables.commitTo(quiet, predecessor, 10));
        }
        LogDirectory directory = quiet.laneLog(LogTables.MAIN.lane());
        AtomicInteger calls = new AtomicInteger();
        try (EpochLog opening = EpochLog.fence(directory, LogTables.CLOCK)) {
            LaneState state = LaneCodec.decode(opening.predecessor().orElseThrow());
            byte[] base = LaneCodec.encodeBase(state, LogTables.MAIN, LogOwner.ofThisProcess());
            watched.runBefore(StoreCall.any(), () -> {
                if (calls.getAndIncrement() == when) {
                    opening.begin(base);
                    opening.deletePredecessors();
                }
            });
            assertThat(LogTables.read(layout).position())
                    .as("before operation %d", when)
                    .isEqualTo(10);
            return calls.get() > when;
        } catch (WriterFencedException helped) {
            // The reader found a lock that nobody holds, and opened the lane in place of the owner.
            assertThat(helped).hasMessageContaining("Epoch 2");
            return true;
        }
    }

    @Test
    void readersThatHelpAnOwnerAtOnceBothSeeTheState() {
        int operations = 0;
        while (helperMeetsHelper(false, operations)) {
            operations++;
        }
        assertThat(operations).isGreaterThan(10);
    }

    @Test
    void readersThatHelpAMaintainerAtOnceBothSeeTheState() {
        int operations = 0;
        while (helperMeetsHelper(true, operations)) {
            operations++;
        }
        assertThat(operations).isGreaterThan(10);
    }

    /** Owners died between their fence and their base; another reader helps before one operation of the first. */
    private static boolean helperMeetsHelper(boolean catalog, int when) {
        InMemoryFileStore store = new InMemoryFileStore();
        TableLayout quiet = LogTables.create(store);
        ForwardingFileStore watched = new ForwardingFileStore(store);
        TableLayout layout = new TableLayout(watched, LogTables.ROOT, LogTables.TABLE_ID);
        try (LaneLog predecessor = LogTables.open(quiet)) {
            predecessor.commit(LogTables.commitTo(quiet, predecessor, 10));
        }
        LogDirectory directory = catalog ? quiet.catalogLog() : quiet.laneLog(LogTables.MAIN.lane());
        LogTables.fenceAndDie(directory);
        AtomicInteger calls = new AtomicInteger();
        watched.runBefore(StoreCall.any(), () -> {
            if (calls.getAndIncrement() == when) {
                help(quiet, catalog);
            }
        });
        if (catalog) {
            assertThat(Catalog.read(layout).state().segments()).isEmpty();
        } else {
            assertThat(LogTables.read(layout).position())
                    .as("before operation %d", when)
                    .isEqualTo(10);
        }
        return calls.get() > when;
    }

    private static void help(TableLayout layout, boolean catalog) {
        if (catalog) {
            CatalogLog.open(layout, LogTables.CLOCK).close();
        } else {
            LogTables.open(layout).close();
        }
    }

    private interface Intruder {
        void act(TableLayout layout, LaneLog predecessor);
    }

    /** Runs the scenario once for every operation of the reader or opener; returns how many there are. */
    private static int forEveryOperation(boolean opens, Intruder intruder) {
        int operations = 0;
        while (scenario(opens, intruder, operations)) {
            operations++;
        }
        return operations;
    }

    /** False when the reader or opener was done before its {@code when}-th operation. */
    private static boolean scenario(boolean opens, Intruder intruder, int when) {
        InMemoryFileStore store = new InMemoryFileStore();
        TableLayout quiet = LogTables.create(store);
        ForwardingFileStore watched = new ForwardingFileStore(store);
        TableLayout layout = new TableLayout(watched, LogTables.ROOT, LogTables.TABLE_ID);
        try (LaneLog predecessor = LogTables.open(quiet)) {
            predecessor.commit(LogTables.commitTo(quiet, predecessor, 10));
            AtomicInteger calls = new AtomicInteger();
            watched.runBefore(StoreCall.any(), () -> {
                if (calls.getAndIncrement() == when) {
                    intruder.act(quiet, predecessor);
                }
            });
            long position = opens ? open(layout) : LogTables.read(layout).position();
            assertThat(position).as("before operation %d", when).isIn(10L, 25L);
            return calls.get() > when;
        }
    }

    private static long open(TableLayout layout) {
        try (LaneLog opened = LogTables.open(layout)) {
            return opened.state().position();
        } catch (WriterFencedException fenced) {
            return 10;
        }
    }

    private static void commitMore(TableLayout layout, LaneLog predecessor) {
        try {
            predecessor.commit(LogTables.commitTo(layout, predecessor, 25));
        } catch (WriterFencedException fenced) {
            assertThat(fenced).hasMessageContaining("epoch 2");
        }
    }

    private static void succeed(TableLayout layout, LaneLog predecessor) {
        assertThat(predecessor.epoch()).isEqualTo(1);
        try (LaneLog successor = LogTables.open(layout)) {
            successor.commit(LogTables.commitTo(layout, successor, 25));
        }
    }
}
