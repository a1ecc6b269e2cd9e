package io.firn.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.error.WriterFencedException;
import io.firn.fs.FileStore;
import io.firn.log.SinkClaims.Claim;
import io.firn.testing.CrashFileStore;
import io.firn.testing.ForwardingFileStore;
import io.firn.testing.InMemoryFileStore;
import io.firn.testing.SimulatedCrash;
import io.firn.testing.StoreCall;
import io.firn.testing.StoreOperation;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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

    private final InMemoryFileStore store = new InMemoryFileStore();
    private final TableLayout layout = LogTables.create(store);

    @Test
    void numbersAscendAndAnOwnerClaimsOnce() {
        assertThat(claims(layout).claim(job(1))).isEqualTo(1);
        assertThat(claims(layout).claim(job(1))).isEqualTo(1);
        assertThat(claims(layout).claim(job(2))).isEqualTo(2);
        assertThat(claims(layout).claim(job(2))).isEqualTo(2);
    }

    @Test
    void aLaterOwnerFencesTheEarlierOneWithAMessageThatNamesBoth() {
        long first = claims(layout).claim(job(1));
        claims(layout).claim(job(2));
        assertThatThrownBy(() -> claims(layout).require(first, job(1)))
                .isInstanceOf(WriterFencedException.class)
                .hasMessageContaining("'clicks'")
                .hasMessageContaining("belongs to job 'two' (2), which claimed it after job 'one' (1)")
                .hasMessageContaining("another sink id");
        assertThatThrownBy(() -> claims(layout).claim(job(1)))
                .as("an owner does not take the sink back")
                .isInstanceOf(WriterFencedException.class);
        assertThatCode(() -> claims(layout).require(2, job(2))).doesNotThrowAnyException();
    }

    @Test
    void sinksAreToldApart() {
        claims(layout).claim(job(1));
        new SinkClaims(layout, LogTables.CLOCK, "CLICKS").claim(job(2));
        assertThatCode(() -> claims(layout).require(1, job(1))).doesNotThrowAnyException();
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
                intruder.set((int) claims(quiet).claim(job(2)));
            }
        });
        long mine;
        try {
            mine = claims(new TableLayout(watched, LogTables.ROOT, LogTables.TABLE_ID))
                    .claim(job(1));
        } catch (WriterFencedException overtaken) {
            mine = 1;
            assertThat(intruder.get()).isEqualTo(2);
        }
        if (calls.get() > when) {
            assertThat(List.of(mine, (long) intruder.get()))
                    .as("the intruder came before operation %s", when)
                    .containsExactlyInAnyOrder(1L, 2L);
            assertThat(names(store)).containsExactly(number(1), number(2));
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
            assertThat(claims(after).claim(job(2))).isEqualTo(2);
        } else {
            assertThat(claims(after).claim(job(1))).isEqualTo(1);
            assertThat(claims(after).claim(job(2))).isEqualTo(2);
        }
        return !stands;
    }

    @Test
    void oldClaimsAreForgottenAndAPowerLossMeanwhileHarmsNobody() {
        CrashFileStore machine = new CrashFileStore();
        TableLayout crashing = LogTables.create(machine);
        for (int i = 1; i <= 300; i++) {
            assertThat(claims(crashing).claim(job(i))).isEqualTo(i);
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
            assertThat(claims(after).claim(job(258))).isEqualTo(258);
            assertThatThrownBy(() -> claims(after).require(256, job(256))).hasMessageContaining("(258)");
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
        return new Claim("id-" + number, "job '" + name + "' (" + number + ")");
    }

    private static String number(int claim) {
        return String.format("%020d", claim);
    }

    private static List<String> names(FileStore store) {
        Path directory = LogTables.ROOT.resolve("_table/sinks").resolve(LaneName.encode(SINK));
        return store.list(directory).stream()
                .filter(name -> !name.endsWith(".tmp"))
                .toList();
    }
}
