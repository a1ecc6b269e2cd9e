package io.firn.ipc;

import io.firn.record.RecordView;
import io.firn.table.Isolation;
import io.firn.table.ScanOptions;
import io.firn.table.Table;
import io.firn.table.TableEnvironment;
import io.firn.table.TableReader;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Objects;
import java.util.function.LongSupplier;

/**
 * Reads or tails one stream of an archive, hot and cold alike, from any process.
 *
 * <p>By default it shows records as they are appended ({@link Isolation#READ_UNCOMMITTED}); those that are not
 * committed yet may be withdrawn when the writer dies. What was migrated from an old archive comes first, as far as it
 * is there when the reader comes to the end. Confined to one thread.
 *
 * <p>A loop that calls {@link #next} all the time looks into memory that it shares with the writer, which costs
 * nanoseconds. What does not show there (a segment that begins, another writer, a change of owner) is looked for when
 * nothing came for a millisecond, and every {@value #BUSY_LOOK_MS} ms while records come.
 */
public final class ArchiveReader implements AutoCloseable {
    private static final ByteBuffer NO_BYTES = ByteBuffer.allocate(0).asReadOnlyBuffer();

    private static final long QUIET_NS = 1_000_000;
    private static final long BUSY_LOOK_MS = 20;
    private static final long BUSY_LOOK_NS = BUSY_LOOK_MS * 1_000_000;

    private final TableReader reader;
    private final boolean sharesMemory;
    private final LongSupplier nanoClock;
    private boolean moved;
    private long quietSinceNs;
    private long lookedNs;

    private ArchiveReader(TableReader reader, Isolation isolation, LongSupplier nanoClock) {
        this.reader = reader;
        this.sharesMemory = isolation == Isolation.READ_UNCOMMITTED;
        this.nanoClock = nanoClock;
        this.lookedNs = nanoClock.getAsLong() - BUSY_LOOK_NS; // the first look is due at once
    }

    /**
     * Opens a reader from the first record of a stream; the stream may still be without any.
     *
     * @param root directory of the table
     * @param date YYYY-MM-DD
     * @throws io.firn.error.NotFoundException when there is no table
     */
    public static ArchiveReader open(Path root, String venue, String symbol, String date, String stream) {
        Table table = Table.open(root, TableEnvironment.system());
        return open(table, StreamKey.of(venue, symbol, date, stream), Isolation.READ_UNCOMMITTED);
    }

    /** Opens a reader on a stream of a table that is open. */
    public static ArchiveReader open(Table table, StreamKey key, Isolation isolation) {
        return open(table, key, isolation, System::nanoTime);
    }

    /** Opens a reader whose looks go by a clock of nanoseconds from any origin. */
    static ArchiveReader open(Table table, StreamKey key, Isolation isolation, LongSupplier nanoClock) {
        ScanOptions options = ScanOptions.builder()
                .filter(key.filter())
                .writersFirst(StreamKey::isOfOldArchive)
                .isolation(isolation)
                .build();
        return new ArchiveReader(table.reader(options), isolation, nanoClock);
    }

    /**
     * Moves to the next record; at the end it looks for what came since.
     *
     * @return false when there is nothing more at present; call it again to tail
     * @throws io.firn.error.CorruptDataException when stored bytes are damaged; the message names file and offset
     */
    public boolean next() {
        if (reader.next() || (isLookDue() && refresh() && reader.next())) {
            moved = true;
            return true;
        }
        return false;
    }

    /**
     * Looks at once for what {@link #next} would find within {@value #BUSY_LOOK_MS} ms: after it {@link #next} finds
     * everything that was appended (committed) before.
     *
     * @return false when nothing changed
     */
    public boolean refresh() {
        boolean changed = reader.refresh();
        lookedNs = nanoClock.getAsLong();
        quietSinceNs = lookedNs;
        return changed;
    }

    private boolean isLookDue() {
        if (!sharesMemory) {
            return true;
        }
        long now = nanoClock.getAsLong();
        if (moved) {
            moved = false;
            quietSinceNs = now;
        }
        return now - lookedNs >= (now - quietSinceNs >= QUIET_NS ? QUIET_NS : BUSY_LOOK_NS);
    }

    /** Timestamp of the present record, nanoseconds since the epoch. */
    public long timestampNs() {
        return reader.record().timestampNs();
    }

    /** Type of the present record. */
    public int typeId() {
        return reader.record().typeId();
    }

    /** Sequence of the present record. */
    public long sequence() {
        return reader.record().sequence();
    }

    /** Payload of the present record: read-only, valid until the next move. */
    public ByteBuffer payload() {
        return Objects.requireNonNullElse(reader.record().value(), NO_BYTES);
    }

    /** The present record as a table keeps it. */
    public RecordView record() {
        return reader.record();
    }

    /** Closes every open file. Idempotent. */
    @Override
    public void close() {
        reader.close();
    }
}
