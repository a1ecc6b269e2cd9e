package io.firn.log;

import io.firn.fs.FileStore;
import io.firn.fs.StoreFile;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Small tables for the tests of the logs. */
final class LogTables {
    static final Path ROOT = Path.of("/table");
    static final UUID TABLE_ID = new UUID(0x1122334455667788L, 0x99AABBCCDDEEFF00L);
    static final InstantSource CLOCK = InstantSource.fixed(Instant.ofEpochMilli(1_000_000));
    static final LaneIdentity MAIN = new LaneIdentity("main", Map.of("topic", "flights"));

    private LogTables() {}

    static TableLayout create(FileStore store) {
        store.createDirectory(ROOT);
        store.forceDirectory(Path.of("/"));
        TableLayout layout = new TableLayout(store, ROOT, TABLE_ID);
        layout.createDirectories(List.of(layout.lanes(), layout.hot(), layout.catalog(), layout.temporary()));
        CatalogLog.create(layout, CLOCK).close();
        return layout;
    }

    static LaneLog open(TableLayout layout) {
        return open(layout, MAIN);
    }

    static LaneLog open(TableLayout layout, LaneIdentity identity) {
        return LaneLog.open(layout, identity, CLOCK, () -> Catalog.read(layout).state());
    }

    static LaneState read(TableLayout layout) {
        return new Lanes(layout, CLOCK)
                .read(MAIN.lane())
                .map(LaneSnapshot::state)
                .orElse(LaneState.EMPTY);
    }

    /** Commits a position; the lane's one segment grows to as many bytes as there are records. */
    static LaneCommit commitTo(TableLayout layout, LaneLog lane, long position) {
        String path = "_table/hot/" + lane.lane() + "." + lane.epoch() + ".q";
        Path file = layout.resolve(path);
        try (StoreFile segment = layout.store()
                .createExclusively(file)
                .orElseGet(() -> layout.store().openWrite(file))) {
            segment.write(ByteBuffer.allocate((int) position), 0);
            segment.force();
        }
        layout.store().forceDirectory(layout.hot());
        return new LaneCommit(position, List.of(new LaneSegment(path, 0, position, position, false)), List.of());
    }

    /** Takes the next epoch as an owner does that dies before its base. */
    static void fenceAndDie(LogDirectory directory) {
        Path fence = directory.fileOf(directory.highestEpoch() + 1);
        directory.store().createExclusively(fence).orElseThrow().close();
        directory.store().forceDirectory(directory.path());
    }

    static byte[] bytesOf(FileStore store, Path path) {
        try (StoreFile file = store.openRead(path)) {
            ByteBuffer bytes = ByteBuffer.allocate((int) file.sizeBytes());
            file.read(bytes, 0);
            return bytes.array();
        }
    }

    static void overwrite(FileStore store, Path path, byte[] content, int length) {
        try (StoreFile file = store.openWrite(path)) {
            file.write(ByteBuffer.wrap(content, 0, length), 0);
            file.truncate(length);
        }
    }
}
