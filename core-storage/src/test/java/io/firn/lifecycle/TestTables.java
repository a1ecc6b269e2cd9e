package io.firn.lifecycle;

import io.firn.fs.BufferPool;
import io.firn.fs.FileStore;
import io.firn.log.CatalogLog;
import io.firn.log.SegmentEntry;
import io.firn.log.TableLayout;
import io.firn.partition.PartitionScheme;
import io.firn.segment.CompressionOptions;
import io.firn.segment.SegmentAccess;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.UUID;

/** Small tables for the tests of the lifecycle. */
public final class TestTables {
    static final UUID TABLE_ID = new UUID(0x1122334455667788L, 0x99AABBCCDDEEFF00L);
    public static final InstantSource CLOCK = InstantSource.fixed(Instant.ofEpochMilli(1_000_000));

    private TestTables() {}

    static TableLayout create(FileStore store, Path root) {
        store.createDirectory(root);
        store.forceDirectory(Objects.requireNonNull(root.getParent()));
        TableLayout layout = new TableLayout(store, root, TABLE_ID);
        layout.createDirectories(List.of(layout.lanes(), layout.hot(), layout.catalog(), layout.temporary()));
        CatalogLog.create(layout, CLOCK).close();
        return layout;
    }

    static TableLayout create(FileStore store) {
        return create(store, Path.of("/table"));
    }

    static RewriteContext context(TableLayout layout) {
        return context(layout, 4);
    }

    static RewriteContext context(TableLayout layout, int fanOut) {
        SegmentAccess access = SegmentAccess.of(new BufferPool(1 << 20)).withReadBufferBytes(4096);
        return new RewriteContext(
                layout, access, CLOCK, new FileForcer(layout.store(), 1), new StopSignal(), fanOut, 0);
    }

    /** Rules under which everything is due, or nothing. */
    static MaintenanceRules rules(boolean due) {
        CompressionRule rule = new CompressionRule() {
            @Override
            public boolean isDue(SegmentEntry segment, Instant now) {
                return due;
            }

            @Override
            public boolean isImmediate() {
                return due;
            }
        };
        return new MaintenanceRules(
                PartitionScheme.parse("p:string"),
                LaneFeed.OPTIONS,
                new CompressionOptions(4096, 1),
                rule,
                due ? 0 : Long.MAX_VALUE,
                Long.MAX_VALUE,
                0,
                0,
                1,
                RetentionLimits.NONE);
    }

    static TableMaintainer maintainer(TableLayout layout) {
        return new TableMaintainer(context(layout), rules(false));
    }

    static LifecycleStats run(TableLayout layout, LifecycleRequest request) {
        try (TableMaintainer maintainer = maintainer(layout)) {
            return maintainer.run(request);
        }
    }
}
