package io.firn.examples.lifecycle;

import io.firn.lifecycle.LifecycleManager;
import io.firn.lifecycle.LifecycleOptions;
import io.firn.lifecycle.LifecycleRequest;
import io.firn.lifecycle.LifecycleStats;
import io.firn.table.CompressionPolicy;
import io.firn.table.Table;
import io.firn.table.TableConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * {@code <directory>}: a manager that works by itself beside a writer, then on command: one partition, everything, and
 * back.
 */
public final class LifecycleManagerExample {
    private static final int READINGS = 4_320; // three days

    private LifecycleManagerExample() {}

    /** Writes, lets the manager work, and says what it did. */
    public static void main(String[] args) {
        TableConfig config = TableConfig.builder()
                .compressionPolicy(new CompressionPolicy.Immediate())
                .build();
        try (Table table = Table.openOrCreate(Path.of(args[0]), Readings.BY_DAY.scheme(), config)) {
            byItself(table);
            onCommand(table);
        }
    }

    private static void byItself(Table table) {
        LifecycleOptions options = LifecycleOptions.defaults().withThreads(2).withCommitDelay(Duration.ofMillis(10));
        try (LifecycleManager manager = LifecycleManager.open(table, options).start()) {
            Readings.append(table, READINGS);
            manager.notifyCommit(); // the sink does this after each of its commits
            while (Readings.coldFiles(table) == 0) {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
            }
        }
        System.out.println("by itself: " + Readings.coldFiles(table) + " files compressed, " + Readings.count(table)
                + " records read");
    }

    private static void onCommand(Table table) {
        try (LifecycleManager manager = LifecycleManager.open(table, LifecycleOptions.defaults())) {
            say("decompress everything", manager.run(LifecycleRequest.decompressAll()), table);
            say("compress one partition", manager.compressPartition(Path.of("dt=2001-01-02")), table);
            say("compress everything", manager.run(LifecycleRequest.compressAll()), table);
        }
    }

    private static void say(String what, LifecycleStats stats, Table table) {
        System.out.println(what + ": " + stats.compressedSegments() + " compressed, " + stats.decompressedSegments()
                + " decompressed, " + stats.errors().size() + " errors, " + Readings.count(table) + " records read");
    }
}
