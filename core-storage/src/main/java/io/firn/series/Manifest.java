package io.firn.series;

import io.firn.lifecycle.LifecycleManager;
import io.firn.lifecycle.LifecycleOptions;
import io.firn.lifecycle.LifecycleRequest;
import io.firn.lifecycle.LifecycleRequest.Scope;
import io.firn.lifecycle.LifecycleRequest.Step;
import io.firn.lifecycle.LifecycleStats;
import io.firn.partition.PartitionFilter;
import io.firn.record.StreamRecord;
import io.firn.table.ScanOptions;
import io.firn.table.Table;
import io.firn.table.TableReader;
import io.firn.table.TableWriter;
import io.firn.table.WriterOptions;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The list of blocks, table {@code blocks}: what it says is there, everything else is a left-over. Each record is a
 * commit of its own. Guarded by the store's structure lock.
 */
final class Manifest implements AutoCloseable {
    /** Name of the one writer. */
    static final String WRITER = "blocks";

    private static final Logger LOG = LoggerFactory.getLogger(Manifest.class);
    private static final LifecycleOptions ONE_THREAD =
            LifecycleOptions.defaults().withForceThreads(1);
    private static final LifecycleRequest SETTLE =
            new LifecycleRequest(Set.of(Step.SETTLE, Step.COMPACT), Scope.ALL, PartitionFilter.all());

    private final Table table;
    private final TableWriter writer;
    private volatile ManifestState state = ManifestState.EMPTY;
    private volatile boolean failed;

    private Manifest(Table table, TableWriter writer) {
        this.table = table;
        this.writer = writer;
    }

    /** Opens the manifest for writing, which fences every other process off, and then reads it. */
    static Manifest open(Table table, boolean takeOver) {
        TableWriter writer =
                table.writer(WriterOptions.named(WRITER).takeOver(takeOver).build());
        Manifest manifest = new Manifest(table, writer);
        try {
            manifest.read();
            return manifest;
        } catch (RuntimeException unreadable) {
            writer.close();
            throw unreadable;
        }
    }

    /** What the committed records say. */
    ManifestState state() {
        return state;
    }

    /** Whether nobody knows if the last record counts. */
    boolean hasFailed() {
        return failed;
    }

    /** Appends a record; on return it is durable and counts. After a failure nobody knows until {@link #rollback}. */
    ManifestState commit(ManifestRecord record) {
        boolean done = false;
        try {
            long nowMs = table.environment().clock().millis();
            writer.append(StreamRecord.atMillis(nowMs)
                    .typeId(ManifestCodec.typeOf(record))
                    .value(ManifestCodec.encode(record))
                    .build());
            writer.commit();
            done = true;
        } finally {
            failed |= !done;
        }
        ManifestState next = state.plus(record);
        state = next;
        return next;
    }

    /** After a failure: finds out what counts. */
    void rollback() {
        failed = true;
        writer.rollback();
        read();
        failed = false;
    }

    /**
     * Brings the records into one small file; until then each opening of the store that wrote one has a segment of its
     * own, of 64 KiB and more. What fails is left for the next time.
     */
    void settle() {
        boolean done = false;
        try {
            writer.roll();
            writer.commit();
            done = true;
        } finally {
            failed |= !done;
        }
        try (LifecycleManager lifecycle = LifecycleManager.open(table, ONE_THREAD)) {
            LifecycleStats stats = lifecycle.run(SETTLE);
            if (!stats.errors().isEmpty()) {
                LOG.warn("left for the next time: path={} errors={}", table.path(), stats.errors());
            }
        }
    }

    private void read() {
        ManifestState read = ManifestState.EMPTY;
        ScanOptions options =
                ScanOptions.builder().writer(WRITER).counted(false).build();
        try (TableReader reader = table.reader(options)) {
            while (reader.next()) {
                read = read.plus(ManifestCodec.decode(reader.record(), table.path()));
            }
        }
        state = read;
    }

    @Override
    public void close() {
        writer.close();
    }
}
