package io.firn.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.error.StorageIoException;
import io.firn.error.WriterFencedException;
import io.firn.fs.FileStore;
import io.firn.log.SinkClaims.Claim;
import io.firn.testing.CrashFileStore;
import io.firn.testing.Fault;
import io.firn.testing.FaultyFileStore;
import io.firn.testing.ForwardingFileStore;
import io.firn.testing.InMemoryFileStore;
import io.firn.testing.SimulatedCrash;
import io.firn.testing.StoreCall;
import io.firn.testing.StoreOperation;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SinkClaimsTest {
    private static final String SINK = "clicks";
    private static final Path SINKS = LogTables.ROOT.resolve("_table/sinks").resolve(LaneName.encode(SINK));

    private final InMemoryFileStore store = new InMemoryFileStore();
    private final TableLayout layout = LogTables.create(store);

    @Test
    void numbersAscendAndAnOwnerClaimsOnce() {
        assertThat(claimNumber(layout, job(1))).isEqualTo(1);
        assertThat(claimNumber(layout, job(1))).isEqualTo(1);
        assertThat(claimNumber(layout, job(2))).isEqualTo(2);
        assertThat(claimNumber(layout, job(2))).isEqualTo(2);
    }

    @Test
    void aLaterOwnerFencesTheEarlierOneWithAMessageThatNamesBoth() {
        claims(layout).claim(job(1));
        claims(layout).claim(job(2));
        assertThatThrownBy(() -> claims(layout).require(job(1)))
                .isInstanceOf(WriterFencedException.class)
                .hasMessageContaining("'clicks'")
                .hasMessageContaining("belongs to job 'two' (2), which claimed it after job 'one' (1)")
                .hasMessageContaining("an id of its own");
        assertThatThrownBy(() -> claims(layout).claim(job(1)))
                .as("an owner does not take the sink back")
                .isInstanceOf(WriterFencedException.class);
        assertThatCode(() -> claims(layout).require(job(2))).doesNotThrowAnyException();
    }

    @Test
    void ofTwoOperatorsOfOneJobTheLaterFencesTheEarlierOneAndTheCommitterServesBoth() {
        Claim committer = job(1);
        assertThat(claimNumber(layout, committer)).isEqualTo(1);
        assertThat(claimNumber(layout, operator(1, "a"))).isEqualTo(2);
        assertThat(claimNumber(layout, operator(1, "a"))).as("another subtask").isEqualTo(2);
        assertThatCode(() -> claims(layout).require(committer)).doesNotThrowAnyException();
        assertThat(claimNumber(layout, operator(1, "b"))).isEqualTo(3);
        assertThatThrownBy(() -> claims(layout).require(operator(1, "a")))
                .isInstanceOf(WriterFencedException.class)
                .hasMessageContaining("belongs to operator b of job 'one' (1), which claimed it after operator a of")
                .hasMessageContaining("two sinks of one job");
        assertThatThrownBy(() -> claims(layout).claim(operator(1, "a")))
                .as("it does not take the sink back")
                .isInstanceOf(WriterFencedException.class);
        assertThatCode(() -> claims(layout).claim(operator(1, "b"))).doesNotThrowAnyException();
        assertThat(claimNumber(layout, committer)).as("no claim of its own").isEqualTo(3);
        claims(layout).claim(job(2));
        assertThatThrownBy(() -> claims(layout).require(committer)).hasMessageContaining("job 'two' (2)");
        assertThatThrownBy(() -> claims(layout).require(operator(1, "b"))).hasMessageContaining("job 'two' (2)");
    }

    @Test
    void anOwnerWhoseUnfinishedClaimIsDeletedMakesItAgain() {
        AtomicInteger deletions = new AtomicInteger();
        ForwardingFileStore watched = new ForwardingFileStore(store);
        watched.runBefore(StoreCall.any(), () -> {
            boolean unfinished =
                    store.exists(SINKS) && allNames(store).stream().anyMatch(name -> name.endsWith(".tmp"));
            if (unfinished && deletions.getAndIncrement() < 3) {
                claims(layout).claim(job(10 + deletions.get()));
            }
        });
        claims(new TableLayout(watched, LogTables.ROOT, LogTables.TABLE_ID)).claim(job(1));
        assertThat(deletions.get()).isGreaterThan(3);
        assertThat(allNames(store)).containsExactly(number(1), number(2), number(3), number(4));
        assertThatCode(() -> claims(layout).require(job(1))).doesNotThrowAnyException();
    }

    @Test
    void aFullDiskLeavesNoUnfinishedClaim() {
        FaultyFileStore full = new FaultyFileStore(store);
        full.inject(Fault.on(StoreCall.is(StoreOperation.WRITE)));
        assertThatThrownBy(() -> claims(new TableLayout(full, LogTables.ROOT, LogTables.TABLE_ID))
                        .claim(job(1)))
                .isInstanceOf(StorageIoException.class);
        assertThat(allNames(store)).isEmpty();
        assertThat(claimNumber(layout, job(1))).isEqualTo(1);
    }

    @Test
    void sinksAreToldApart() {
        claims(layout).claim(job(1));
        new SinkClaims(layout, LogTables.CLOCK, "CLICKS").claim(job(2));
        assertThatCode(() -> claims(layout).require(job(1))).doesNotThrowAnyException();
    }

    @Test
    void anotherOwnerThatClaimsBetweenAnyTwoOperationsGetsAnotherNumber() {
        int operations = 0;
        while (intruderClaimsBefore(operations)) {
            operations++;
        }
        assertThat(operations).isGreaterThan(8);
    }

    /** False when the first owner had claimed before its {@code when}-th operation. */
    private static boolean intruderClaimsBefore(int when) {
        InMemoryFileStore store = new InMemoryFileStore();
        TableLayout quiet = LogTables.create(store);
        ForwardingFileStore watched = new ForwardingFileStore(store);
        AtomicInteger calls = new AtomicInteger();
        AtomicInteger intruder = new AtomicInteger();
        watched.runBefore(StoreCall.any(), () -> {
            if (calls.getAndIncrement() == when) {
                intruder.set((int) claimNumber(quiet, job(2)));
            }
        });
        Optional<WriterFencedException> overtaken = Optional.empty();
        try {
            claims(new TableLayout(watched, LogTables.ROOT, LogTables.TABLE_ID)).claim(job(1));
        } catch (WriterFencedException fenced) {
            overtaken = Optional.of(fenced);
        }
        if (calls.get() > when) {
            assertThat(allNames(store))
                    .as("the intruder came before operation %s", when)
                    .containsExactly(number(1), number(2));
            int last = intruder.get() == 2 ? 2 : 1;
            assertThatCode(() -> claims(quiet).claim(job(last))).doesNotThrowAnyException();
            assertThatThrownBy(() -> claims(quiet).claim(job(3 - last))).isInstanceOf(WriterFencedException.class);
            assertThat(overtaken).matches(fenced -> fenced.isEmpty() || last == 2);
        }
        return calls.get() > when;
    }

    @Test
    void ofManyThreadsEachGetsANumberOfItsOwn() throws Exception {
        int threads = 8;
        CyclicBarrier together = new CyclicBarrier(threads);
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            List<Future<Boolean>> owners = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                Claim mine = job(i);
                owners.add(pool.submit(() -> {
                    together.await();
                    try {
                        claims(layout).claim(mine);
                        return true;
                    } catch (WriterFencedException overtaken) {
                        return false;
                    }
                }));
            }
            for (Future<Boolean> owner : owners) {
                owner.get();
            }
        } finally {
            pool.shutdownNow();
        }
        assertThat(names(store))
                .containsExactlyElementsOf(IntStream.rangeClosed(1, threads)
                        .mapToObj(SinkClaimsTest::number)
                        .toList());
        long standing =
                IntStream.range(0, threads).filter(SinkClaimsTest.this::stands).count();
        assertThat(standing).as("owners that are not fenced").isEqualTo(1);
    }

    private boolean stands(int owner) {
        try {
            claims(layout).claim(job(owner));
            return true;
        } catch (WriterFencedException overtaken) {
            return false;
        }
    }

    @Test
    void aPowerLossAtEveryPointLeavesAClaimWholeOrAbsent() {
        CrashFileStore counted = new CrashFileStore();
        TableLayout first = LogTables.create(counted);
        claims(first).claim(job(1));
        long before = counted.mutationCount();
        claims(first).claim(job(2));
        long operations = counted.mutationCount() - before;
        assertThat(operations).isGreaterThan(6);
        int lost = 0;
        for (long operation = 1; operation <= operations + 1; operation++) {
            for (long seed = 0; seed < 4; seed++) {
                lost += powerFailsBefore(operation, seed, operation > operations) ? 1 : 0;
            }
        }
        assertThat(lost).isPositive();
    }

    /** Returns whether the second claim was lost. */
    private static boolean powerFailsBefore(long operation, long seed, boolean returned) {
        CrashFileStore machine = new CrashFileStore();
        TableLayout layout = LogTables.create(machine);
        claims(layout).claim(job(1));
        machine.crashAt(operation);
        try {
            claims(layout).claim(job(2));
            assertThat(returned).isTrue();
        } catch (SimulatedCrash powerFailed) {
            assertThat(returned).isFalse();
        }
        TableLayout after =
                new TableLayout(machine.crash(new SplittableRandom(seed)), LogTables.ROOT, LogTables.TABLE_ID);
        boolean stands = names(after.store()).contains(number(2));
        assertThat(stands || !returned)
                .as("a claim is durable when claim() returns")
                .isTrue();
        if (stands) {
            assertThatThrownBy(() -> claims(after).claim(job(1))).hasMessageContaining("job 'two' (2)");
            assertThat(claimNumber(after, job(2))).isEqualTo(2);
        } else {
            assertThat(claimNumber(after, job(1))).isEqualTo(1);
            assertThat(claimNumber(after, job(2))).isEqualTo(2);
        }
        claims(after).claim(job(3));
        assertThat(allNames(after.store()))
                .as("what a dead owner left is deleted by the next one")
                .containsExactly(number(1), number(2), number(3));
        return !stands;
    }

    @Test
    void oldClaimsAreForgottenAndAPowerLossMeanwhileHarmsNobody() {
        CrashFileStore machine = new CrashFileStore();
        TableLayout crashing = LogTables.create(machine);
        for (int i = 1; i <= 300; i++) {
            assertThat(claimNumber(crashing, job(i))).isEqualTo(i);
        }
        assertThat(names(machine)).hasSize(256).startsWith(number(45)).endsWith(number(300));
        long before = machine.mutationCount();
        claims(crashing).claim(job(301));
        long operations = machine.mutationCount() - before;
        for (long seed = 0; seed < 3; seed++) {
            CrashFileStore down = new CrashFileStore();
            TableLayout table = LogTables.create(down);
            for (int i = 1; i <= 256; i++) {
                claims(table).claim(job(i));
            }
            down.crashAt(operations);
            assertThatThrownBy(() -> claims(table).claim(job(257))).isInstanceOf(SimulatedCrash.class);
            assertThat(down.mutations().get(down.mutations().size() - 1).operation())
                    .isEqualTo(StoreOperation.DELETE);
            TableLayout after =
                    new TableLayout(down.crash(new SplittableRandom(seed)), LogTables.ROOT, LogTables.TABLE_ID);
            assertThat(claimNumber(after, job(258))).isEqualTo(258);
            assertThatThrownBy(() -> claims(after).require(job(256))).hasMessageContaining("(258)");
        }
    }

    private static SinkClaims claims(TableLayout layout) {
        return new SinkClaims(layout, LogTables.CLOCK, SINK);
    }

    private static Claim job(int number) {
        String name = switch (number) {
            case 1 -> "one";
            case 2 -> "two";
            default -> "many";
        };
        return new Claim("id-" + number, "", "job '" + name + "' (" + number + ")");
    }

    private static Claim operator(int job, String operator) {
        return new Claim(job(job).job(), operator, "operator " + operator + " of " + job(job).description());
    }

    /** Claims the sink; the latest number is the owner's then. */
    private static long claimNumber(TableLayout layout, Claim mine) {
        claims(layout).claim(mine);
        List<String> names = names(layout.store());
        return Long.parseLong(names.get(names.size() - 1));
    }

    private static String number(int claim) {
        return String.format("%020d", claim);
    }

    private static List<String> names(FileStore store) {
        return allNames(store).stream().filter(name -> !name.endsWith(".tmp")).toList();
    }

    private static List<String> allNames(FileStore store) {
        return store.list(SINKS);
    }
}
