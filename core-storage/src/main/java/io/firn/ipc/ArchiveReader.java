package io.firn.ipc;

import io.firn.partition.PartitionFilter;
import io.firn.record.RecordView;
import io.firn.table.Isolation;
import io.firn.table.ScanOptions;
import io.firn.table.Table;
import io.firn.table.TableEnvironment;
import io.firn.table.TableReader;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Objects;

/**
 * Reads or tails one stream of an archive, hot and cold alike, from any process.
 *
 * <p>By default it shows records as they are appended ({@link Isolation#READ_UNCOMMITTED}); those that are not
 * committed yet may be withdrawn when the writer dies. What was migrated from an old archive comes first. Confined to
 * one thread.
 */
public final class ArchiveReader implements AutoCloseable {
    private static final ByteBuffer NO_BYTES = ByteBuffer.allocate(0).asReadOnlyBuffer();

    private final TableReader reader;

    private ArchiveReader(TableReader reader) {
        this.reader = reader;
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
        return new ArchiveReader(table.reader(
                ScanOptions.builder().filter(only(key)).isolation(isolation).build()));
    }

    /**
     * Moves to the next record; at the end it looks for what came since.
     *
     * @return false when there is nothing more at present; call it again to tail
     * @throws io.firn.error.CorruptDataException when stored bytes are damaged; the message names file and offset
     */
    public boolean next() {
        return reader.next() || (reader.refresh() && reader.next());
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

    /** Chooses the partition of a stream. */
    static PartitionFilter only(StreamKey key) {
        return PartitionFilter.and(
                PartitionFilter.exact("venue", key.venue()),
                PartitionFilter.exact("symbol", key.symbol().orElse(null)),
                PartitionFilter.exact("date", key.date()),
                PartitionFilter.exact("stream", key.stream()));
    }
}
