package io.firn.flink.source;

import io.firn.error.ConfigException;
import io.firn.error.NotFoundException;
import io.firn.flink.TableLocation;
import io.firn.table.ArchiveRoot;
import io.firn.table.LaneReader;
import io.firn.table.LaneReaders;
import io.firn.table.Table;
import java.util.Map;

/**
 * The table that the splits of a reader belong to, opened with the first of them. Confined to the thread that reads.
 */
final class SplitTable implements AutoCloseable {
    /** Of cursors and their blocks, in each reader. */
    private static final long MEMORY_BYTES = 64L << 20;

    private final Table table;
    private final LaneReaders lanes;

    private SplitTable(Table table) {
        this.table = table;
        this.lanes = table.laneReaders(MEMORY_BYTES);
    }

    /**
     * Opens it.
     *
     * @throws NotFoundException when this host sees no such table; the message names it and the host of the split
     * @throws ConfigException likewise when it sees another one
     */
    static SplitTable open(TableLocation location, FirnSplit split) {
        Table table;
        try {
            table = location.open();
        } catch (NotFoundException missing) {
            throw new NotFoundException(
                    "Host " + ArchiveRoot.hostName() + " sees no table '" + location.table() + "' at "
                            + location.path() + ", where host " + split.plannedOn()
                            + ", which planned the job, sees one. Every host of the job must see the same directory"
                            + " there: mount the shared file system on all of them. (" + missing.getMessage() + ")",
                    missing);
        }
        try {
            requireSame(table, split);
            return new SplitTable(table);
        } catch (RuntimeException refused) {
            table.close();
            throw refused;
        }
    }

    LaneReader reader(FirnSplit split) {
        requireSame(table, split);
        return lanes.open(
                split.writer(),
                split.choice()
                        .scan(table)
                        .fromSequences(Map.of(split.writer(), split.nextSequence()))
                        .toSequences(Map.of(split.writer(), split.endSequence()))
                        .build());
    }

    /** Looks for what was committed since, for all splits at once. */
    boolean refresh() {
        return lanes.refresh();
    }

    String path() {
        return table.path().toString();
    }

    @Override
    public void close() {
        lanes.close();
        table.close();
    }

    private static void requireSame(Table table, FirnSplit split) {
        if (!table.id().equals(split.tableId())) {
            throw new ConfigException("Host " + ArchiveRoot.hostName() + " sees table " + table.id() + " at "
                    + table.path() + ", but host " + split.plannedOn() + ", which planned the job, sees table "
                    + split.tableId() + " there. Every host of the job must see the same directory: mount the shared"
                    + " file system on all of them.");
        }
    }
}
