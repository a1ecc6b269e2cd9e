package io.firn.ipc.legacy;

import io.firn.error.NotFoundException;
import io.firn.ipc.StreamKey;
import io.firn.table.LaneInfo;
import io.firn.table.Table;
import io.firn.table.TableEnvironment;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Finds a stream wherever it is at present: in the table (hot files first, then cold), in the old archive, or partly in
 * each while a migration runs.
 *
 * <p>Thread-safe; holds no open file.
 */
public final class StorageResolver {
    private final Path tablePath;
    private final Path oldRoot;
    private final @Nullable Table table;
    private final @Nullable LegacyArchive archive;

    private StorageResolver(Path tablePath, Path oldRoot, @Nullable Table table, @Nullable LegacyArchive archive) {
        this.tablePath = tablePath;
        this.oldRoot = oldRoot;
        this.table = table;
        this.archive = archive;
    }

    /**
     * Opens a resolver; one of the two may be missing.
     *
     * @throws NotFoundException when both are missing; the message names both
     */
    public static StorageResolver open(Path tablePath, Path oldRoot, TableEnvironment environment) {
        Table table = null;
        LegacyArchive archive = null;
        NotFoundException missing = null;
        try {
            table = Table.open(tablePath, environment);
        } catch (NotFoundException noTable) {
            missing = noTable;
        }
        try {
            archive = LegacyArchive.open(environment.store(), oldRoot);
        } catch (NotFoundException noArchive) {
            if (missing != null) {
                noArchive.addSuppressed(missing);
                throw new NotFoundException(missing.getMessage() + "; " + noArchive.getMessage(), noArchive);
            }
        }
        return new StorageResolver(tablePath, oldRoot, table, archive);
    }

    /**
     * Opens a reader from the first record of a stream, in the order in which it was written: what was migrated, what
     * was not migrated yet, what new writers have written.
     *
     * @param date YYYY-MM-DD
     * @throws NotFoundException when the stream is nowhere; the message names every place
     */
    public StorageReader resolve(String venue, String symbol, String date, String stream) {
        return resolve(StreamKey.of(venue, symbol, date, stream));
    }

    /** Opens a reader; as {@link #resolve(String, String, String, String)}. */
    public StorageReader resolve(StreamKey key) {
        List<LegacyStream> old = archive == null ? List.of() : archive.find(key);
        Set<String> oldWriters = new TreeSet<>();
        Set<String> newWriters = new TreeSet<>(); // of any stream: a writer may have many partitions
        boolean known = false;
        for (LaneInfo lane : table == null ? List.<LaneInfo>of() : table.lanes()) {
            boolean migrated = StreamKey.isOfOldArchive(lane.writer());
            boolean ofStream = lane.writer().endsWith("@" + key.partition().toPath());
            if (!migrated || ofStream) {
                (migrated ? oldWriters : newWriters).add(lane.writer());
            }
            known |= ofStream;
        }
        if (old.isEmpty() && !known && !isInTable(key)) {
            throw new NotFoundException("The stream " + key.partition().toPath() + " is neither in the table "
                    + tablePath + " nor in the old archive " + oldRoot
                    + "; check its venue, symbol, date and stream");
        }
        return new StorageReader(table, archive, key, old, oldWriters, newWriters);
    }

    private boolean isInTable(StreamKey key) {
        return table != null && !table.summarize(key.filter()).isEmpty();
    }
}
