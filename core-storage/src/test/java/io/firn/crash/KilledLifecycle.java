package io.firn.crash;

import io.firn.fs.FileStore;
import io.firn.fs.IoMode;
import io.firn.fs.LocalFileStore;
import io.firn.ipc.ArchiveOptions;
import io.firn.ipc.legacy.MigrationReport;
import io.firn.ipc.legacy.Migrator;
import io.firn.lifecycle.Erasure;
import io.firn.lifecycle.LifecycleManager;
import io.firn.lifecycle.LifecycleOptions;
import io.firn.lifecycle.LifecycleRequest;
import io.firn.lifecycle.LifecycleStats;
import io.firn.lifecycle.RecordKeys;
import io.firn.lifecycle.RetentionLimits;
import io.firn.partition.PartitionFilter;
import io.firn.table.Table;
import io.firn.table.TableEnvironment;
import io.firn.testing.ForwardingFileStore;
import io.firn.testing.StoreCall;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A process that rewrites a table until it is killed: it stops before its n-th change of a file, says so, and waits for
 * its end. Arguments: operation, table, n.
 */
public final class KilledLifecycle {
    static final String STOPPED = "stopped";
    static final String GONE_KEY = "key0";

    private KilledLifecycle() {}

    /** What is killed. */
    enum Operation {
        COMPACT,
        COMPRESS,
        DECOMPRESS,
        DROP,
        /** All but the newest partition. */
        EXPIRE,
        ERASE,
        MIGRATE;

        private LifecycleRequest request() {
            return switch (this) {
                case COMPACT -> LifecycleRequest.compact();
                case COMPRESS -> LifecycleRequest.compressAll();
                case DECOMPRESS -> LifecycleRequest.decompressAll();
                case DROP -> LifecycleRequest.drop(PartitionFilter.exact("k", GONE_KEY));
                case EXPIRE -> LifecycleRequest.expire(new RetentionLimits(Optional.empty(), OptionalLong.of(1)));
                case ERASE ->
                    LifecycleRequest.erase(
                            Erasure.of(RecordKeys.of(List.of(GONE_KEY.getBytes(StandardCharsets.UTF_8)))));
                case MIGRATE -> throw new IllegalStateException("the lifecycle does not migrate");
            };
        }

        /** Does all of it; returns what failed. */
        List<String> run(FileStore store, Path table) {
            TableEnvironment environment = TableEnvironment.deterministic(store, InstantSource.system());
            return this == MIGRATE ? migrate(environment, table) : maintain(environment, table, request());
        }

        /** Whether records go for ever. */
        boolean removes() {
            return this == ERASE || removesPartitions();
        }

        /** Whether partitions go, each as a whole. */
        boolean removesPartitions() {
            return this == DROP || this == EXPIRE;
        }
    }

    /** Where the archive lies that is migrated into a table. */
    static Path oldArchive(Path table) {
        return table.resolveSibling(table.getFileName() + "-old");
    }

    /** The process. */
    public static void main(String[] arguments) {
        long stopAt = Long.parseLong(arguments[2]);
        AtomicLong changes = new AtomicLong();
        FileStore store = counting(() -> {
            if (changes.incrementAndGet() == stopAt) {
                System.out.println(STOPPED);
                waitForTheEnd();
            }
        });
        Operation.valueOf(arguments[0]).run(store, Path.of(arguments[1]));
    }

    /** Real files; something is done before each change of one. */
    static FileStore counting(Runnable beforeChange) {
        ForwardingFileStore store = new ForwardingFileStore(LocalFileStore.open(IoMode.MMAP));
        store.runBefore((StoreCall call) -> call.operation().isMutating(), beforeChange);
        return store;
    }

    static List<String> maintain(TableEnvironment environment, Path path, LifecycleRequest request) {
        try (Table table = Table.open(path, environment);
                LifecycleManager manager =
                        LifecycleManager.open(table, LifecycleOptions.defaults().withForceThreads(1))) {
            LifecycleStats stats = manager.run(request);
            return stats.errors();
        }
    }

    private static List<String> migrate(TableEnvironment environment, Path path) {
        ArchiveOptions options = ArchiveOptions.defaults().withEnvironment(environment);
        Migrator migrator = Migrator.open(oldArchive(path), path, options);
        try (Table table = migrator.table()) {
            MigrationReport report = migrator.run();
            return report.failures();
        }
    }

    private static void waitForTheEnd() {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
