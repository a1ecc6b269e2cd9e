package io.firn.series;

import io.firn.fs.IoMode;
import io.firn.fs.LocalFileStore;
import io.firn.table.TableEnvironment;
import io.firn.testing.ForwardingFileStore;
import io.firn.testing.StoreCall;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * A process with a series store until it is killed: one thread writes and deletes and says what is durable, another one
 * makes, joins, moves and removes blocks. Before the n-th file operation of a phase the thread of that phase stops for
 * ever and says so; the other goes on. Arguments: directory, phase, n, number of the first step.
 */
public final class KilledSeriesStore {
    static final String DONE = "done ";
    static final String STOPPED = "stopped ";

    private final Phase target;
    private final AtomicLong operationsLeft;
    private final Thread writer = Thread.currentThread();
    private volatile Phase writing = Phase.OPEN;
    private volatile Phase maintaining = Phase.NONE;

    private KilledSeriesStore(Phase target, long operations) {
        this.target = target;
        this.operationsLeft = new AtomicLong(operations);
    }

    /** What the process does when it is killed. */
    enum Phase {
        /** Nothing in particular: the kill comes at any time. */
        NONE,
        OPEN,
        WRITE,
        DELETE,
        CUT,
        COMPACT,
        EXPIRE,
        COMPRESS,
        DECOMPRESS,
        MAINTAIN;

        /** Those of the second thread. */
        static final List<Phase> MAINTENANCE = List.of(CUT, COMPACT, EXPIRE, COMPRESS, DECOMPRESS, MAINTAIN);

        private void run(SeriesStore store) {
            switch (this) {
                case CUT -> store.cut();
                case COMPACT -> store.compact();
                case EXPIRE -> store.expire(KilledSteps.OLD_AGE);
                case COMPRESS -> store.compress();
                case DECOMPRESS -> store.decompress();
                case MAINTAIN -> store.maintain();
                default -> throw new IllegalStateException(this + " is not of the second thread");
            }
        }
    }

    /** How the process and the test open the store. */
    static SeriesStoreOptions options(TableEnvironment environment, boolean commitsByFlush) {
        return SeriesStoreOptions.builder()
                .environment(environment)
                .set(SeriesOption.COMMIT_EVERY, commitsByFlush ? "flush" : "write")
                .set(SeriesOption.SEGMENT_SIZE, "128KiB")
                .set(SeriesOption.HEAD_MAX_SAMPLES, "3000")
                .set(SeriesOption.COMPACT_MIN_BLOCKS, "3")
                .set(SeriesOption.COMPACT_MAX_DURATION, "5m")
                .set(SeriesOption.RETENTION, KilledSteps.OLD_AGE.toSeconds() + "s")
                .set(SeriesOption.COLD_AFTER, "1s")
                .build();
    }

    /** Whether the store of a directory commits by flush: told by its name. */
    static boolean commitsByFlush(Path directory) {
        return directory.getFileName().toString().endsWith("flush");
    }

    /** The process. */
    public static void main(String[] arguments) {
        Phase phase = Phase.valueOf(arguments[1]);
        new KilledSeriesStore(phase, Long.parseLong(arguments[2]))
                .run(Path.of(arguments[0]), Long.parseLong(arguments[3]));
    }

    private void run(Path path, long firstStep) {
        ForwardingFileStore files = new ForwardingFileStore(LocalFileStore.open(IoMode.MMAP));
        files.runBefore(StoreCall.any(), this::countOperation);
        TableEnvironment environment = TableEnvironment.deterministic(files, InstantSource.system());
        SeriesStore store = SeriesStore.open(path, options(environment, commitsByFlush(path)));
        Thread maintainer = new Thread(() -> maintain(store), "maintainer");
        maintainer.setDaemon(true);
        maintainer.start();
        for (long step = firstStep; ; step++) {
            writing = KilledSteps.kind(step) == KilledSteps.Kind.DELETE ? Phase.DELETE : Phase.WRITE;
            KilledSteps.run(store, step);
            say(DONE + step);
        }
    }

    private void maintain(SeriesStore store) {
        RandomGenerator random = RandomGeneratorFactory.of("SplittableRandom")
                .create(ProcessHandle.current().pid());
        try {
            while (true) {
                boolean aim = Phase.MAINTENANCE.contains(target) && random.nextBoolean();
                maintaining = aim ? target : Phase.MAINTENANCE.get(random.nextInt(Phase.MAINTENANCE.size()));
                maintaining.run(store);
            }
        } catch (RuntimeException | Error failure) {
            failure.printStackTrace();
            System.exit(1); // a failure without a kill: the test waits in vain and shows the trace
        }
    }

    private void countOperation() {
        Phase present = Thread.currentThread() == writer ? writing : maintaining;
        if (present == target && target != Phase.NONE && operationsLeft.decrementAndGet() == 0) {
            say(STOPPED + present);
            waitForTheEnd();
        }
    }

    private static void waitForTheEnd() {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static void say(String line) {
        System.out.println(line);
    }
}
