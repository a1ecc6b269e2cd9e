package io.firn.crash;

import io.firn.fs.IoMode;
import io.firn.fs.LocalFileStore;
import io.firn.lifecycle.LifecycleManager;
import io.firn.lifecycle.LifecycleOptions;
import io.firn.lifecycle.LifecycleRequest;
import io.firn.lifecycle.LifecycleStats;
import io.firn.partition.PartitionMapping;
import io.firn.record.StreamRecord;
import io.firn.table.Table;
import io.firn.table.TableEnvironment;
import io.firn.table.TableWriter;
import io.firn.table.WriterOptions;
import io.firn.testing.ForwardingFileStore;
import io.firn.testing.StoreCall;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.concurrent.CountDownLatch;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * A process that writes a table until it is killed: it stops before the n-th file operation of a phase, says so, and
 * waits for its end. Arguments: table, phase, n.
 */
public final class KilledWriter {
    static final PartitionMapping MAPPING = PartitionMapping.parse("k:string=key");
    static final String ACKNOWLEDGED = "acknowledged ";
    static final String STOPPED = "stopped ";

    static final int KEYS = 7;
    private static final int MAX_BATCH = 400;

    private final Phase target;
    private long operationsLeft;
    private Phase present = Phase.APPEND;

    private KilledWriter(Phase target, long operations) {
        this.target = target;
        this.operationsLeft = operations;
    }

    /** What the process does when it is killed. */
    enum Phase {
        /** Nothing in particular: the kill comes at any time. */
        APPEND,
        COMMIT,
        ROLL,
        SETTLE,
        COMPRESS
    }

    /** The process. */
    public static void main(String[] arguments) throws InterruptedException {
        Phase phase = Phase.valueOf(arguments[1]);
        new KilledWriter(phase, Long.parseLong(arguments[2])).run(Path.of(arguments[0]));
    }

    /** The record that has a sequence, in every run. */
    static StreamRecord record(long sequence) {
        String padding = "x".repeat((int) (sequence * 31 % 200));
        return StreamRecord.atMillis(sequence)
                .key(("key" + sequence % KEYS).getBytes(StandardCharsets.UTF_8))
                .value((sequence + padding).getBytes(StandardCharsets.UTF_8))
                .build();
    }

    private void run(Path path) throws InterruptedException {
        ForwardingFileStore store = new ForwardingFileStore(LocalFileStore.open(IoMode.MMAP));
        store.runBefore(StoreCall.any(), this::countOperation);
        RandomGenerator random = RandomGeneratorFactory.of("SplittableRandom")
                .create(ProcessHandle.current().pid());
        try (Table table = Table.open(path, TableEnvironment.deterministic(store, InstantSource.system()));
                TableWriter writer = table.writer(
                        WriterOptions.named("main").mapping(MAPPING).build())) {
            say(ACKNOWLEDGED + writer.position());
            while (true) {
                int batch = 1 + random.nextInt(MAX_BATCH);
                for (int i = 0; i < batch; i++) {
                    writer.append(record(writer.nextSequence()));
                }
                commit(writer, random.nextBoolean());
                maintain(table, random);
            }
        }
    }

    /** Only where it is wanted: the other phases need many short commits. */
    private void maintain(Table table, RandomGenerator random) {
        if (target == Phase.SETTLE || target == Phase.COMPRESS) {
            rewrite(table, Phase.SETTLE, LifecycleRequest.settleAll());
            rewrite(table, Phase.COMPRESS, LifecycleRequest.compressAll());
            if (random.nextInt(4) == 0) {
                rewrite(table, Phase.APPEND, LifecycleRequest.decompressAll());
            }
        }
    }

    private void rewrite(Table table, Phase phase, LifecycleRequest request) {
        LifecycleOptions oneThread = LifecycleOptions.defaults().withForceThreads(1);
        present = phase;
        try (LifecycleManager manager = LifecycleManager.open(table, oneThread)) {
            LifecycleStats stats = manager.run(request);
            if (!stats.errors().isEmpty()) {
                throw new IllegalStateException("lifecycle: " + stats.errors());
            }
        }
        present = Phase.APPEND;
    }

    private void commit(TableWriter writer, boolean roll) {
        present = roll ? Phase.ROLL : Phase.COMMIT;
        if (roll) {
            writer.roll();
        }
        long position = writer.commit();
        present = Phase.APPEND;
        say(ACKNOWLEDGED + position);
    }

    private void countOperation() {
        if (present == target && target != Phase.APPEND && --operationsLeft == 0) {
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
