package io.firn.ipc.legacy;

import io.firn.ipc.StreamKey;
import io.firn.partition.PartitionFilter;
import io.firn.record.StreamRecord;
import io.firn.table.ScanOptions;
import io.firn.table.Table;
import io.firn.table.TableReader;
import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads one stream from its first record: what was migrated into the table, what of the old archive was not, and what
 * new writers have committed. Each record comes once, also when a migration runs meanwhile. Confined to one thread.
 */
public final class StorageReader implements AutoCloseable {
    private final @Nullable Table table;
    private final @Nullable LegacyArchive archive;
    private final StreamKey key;
    private final Iterator<LegacyStream> oldStreams;
    private final Set<String> newWriters;
    private @Nullable TableReader migrated;
    private @Nullable LegacyReader old;
    private @Nullable TableReader fresh;
    private @Nullable StreamRecord record;

    /**
     * Creates a reader before the first record.
     *
     * @param oldWriters the stream's writers in the table that hold migrated records
     * @param newWriters all other writers of the table
     */
    StorageReader(
            @Nullable Table table,
            @Nullable LegacyArchive archive,
            StreamKey key,
            List<LegacyStream> oldStreams,
            Set<String> oldWriters,
            Set<String> newWriters) {
        this.table = table;
        this.archive = archive;
        this.key = key;
        this.oldStreams = oldStreams.iterator();
        this.newWriters = newWriters;
        this.migrated = table == null ? null : reader(table, PartitionFilter.all(), oldWriters);
    }

    /**
     * Moves to the next record.
     *
     * @return false when the stream ends at present
     * @throws io.firn.error.CorruptDataException when stored bytes are damaged; the message names file and offset
     */
    public boolean next() {
        TableReader first = migrated;
        if (first != null && fresh == null && old == null && first.next()) {
            record = first.record().toRecord();
            return true;
        }
        return nextOld() || nextFresh();
    }

    /** Timestamp of the present record, nanoseconds since the epoch. */
    public long timestampNs() {
        return record().timestamp();
    }

    /** Type of the present record. */
    public int typeId() {
        return record().typeId();
    }

    /** Payload of the present record. */
    public ByteBuffer payload() {
        byte[] value = record().value();
        return ByteBuffer.wrap(value == null ? new byte[0] : value).asReadOnlyBuffer();
    }

    /** The present record. */
    public StreamRecord record() {
        StreamRecord present = record;
        if (present == null) {
            throw new IllegalStateException("the reader stands on no record");
        }
        return present;
    }

    @Override
    public void close() {
        closeOld();
        if (migrated != null) {
            migrated.close();
        }
        if (fresh != null) {
            fresh.close();
        }
    }

    private boolean nextOld() {
        while (true) {
            LegacyReader present = old;
            if (present == null) {
                if (archive == null || fresh != null || !oldStreams.hasNext()) {
                    return false;
                }
                present = archive.reader(oldStreams.next());
                old = present;
                skipMigrated(present);
            }
            if (present.next()) {
                record = present.record();
                return true;
            }
            closeOld();
        }
    }

    private void skipMigrated(LegacyReader reader) {
        long position = migrated == null ? 0 : migrated.position(reader.stream().writer());
        for (long number = 0; number < position; number++) {
            if (!reader.next()) {
                return; // the old files of what is in the table may be gone
            }
        }
    }

    private boolean nextFresh() {
        TableReader present = fresh;
        if (present == null) {
            if (table == null) {
                return false;
            }
            present = reader(table, key.filter(), newWriters);
            fresh = present;
        }
        if (!present.next()) {
            return false;
        }
        record = present.record().toRecord();
        return true;
    }

    private void closeOld() {
        LegacyReader present = old;
        old = null;
        if (present != null) {
            present.close();
        }
    }

    private static TableReader reader(Table source, PartitionFilter filter, Set<String> writers) {
        return source.reader(
                ScanOptions.builder().filter(filter).writers(writers).build());
    }
}
