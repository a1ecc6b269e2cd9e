package io.firn.ipc.legacy;

import io.firn.error.FirnException;
import io.firn.error.NotFoundException;
import io.firn.fs.FileStore;
import io.firn.record.RecordHeader;
import io.firn.record.StreamRecord;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads one stream of an old archive from its first record to its last, hot and cold segments alike, and verifies what
 * the old format lets verify. Changes nothing.
 *
 * <p>It ends where the stream ended when it was opened; what a writer appends to the last segment meanwhile may come,
 * too. Segments that are compressed meanwhile are found in their new file. Confined to one thread.
 */
public final class LegacyReader implements AutoCloseable {
    /** Header of a record whose old flags (u16) were not 0; they are its value. */
    public static final String FLAGS_HEADER = "legacy.flags";
    /** Header of a record whose old sequence (u64) is not its number in the stream; that is its value. */
    public static final String SEQUENCE_HEADER = "legacy.sequence";

    private static final int MAX_TRIES = 5;

    private final FileStore store;
    private final LegacyStream stream;
    private final LegacyListing listing;
    private final List<Long> ids;
    private final List<Path> blankFiles = new ArrayList<>();
    private int nextId;
    private @Nullable LegacyCursor cursor;
    private long number = -1;
    private LegacyPlace.@Nullable Mark last;
    private LegacyPlace.@Nullable Tail tail;

    private LegacyReader(FileStore store, LegacyStream stream, LegacyListing listing) {
        this.store = store;
        this.stream = stream;
        this.listing = listing;
        this.ids = List.copyOf(listing.ids());
    }

    /** Opens a reader before the first record. */
    static LegacyReader open(FileStore store, LegacyStream stream) {
        return new LegacyReader(store, stream, LegacyFiles.list(store, stream));
    }

    /**
     * Opens a reader on the last record that another one has read, of a stream that {@link LegacyPlace#holdsIn goes on}
     * from there.
     *
     * @throws io.firn.error.CorruptDataException when that record is not there any more
     */
    static LegacyReader openAt(FileStore store, LegacyStream stream, LegacyListing listing, LegacyPlace place) {
        LegacyReader reader = new LegacyReader(store, stream, listing);
        reader.nextId = reader.ids.indexOf(place.last().id());
        LegacyCursor first = reader.openNext();
        try {
            first.resume(place.last());
        } catch (RuntimeException failed) {
            reader.close();
            throw failed;
        }
        reader.number = place.records() - 1;
        return reader;
    }

    /** Where {@link #next} returned false; empty when it did not yet, or there is no record. */
    Optional<LegacyPlace> place() {
        LegacyPlace.Mark mark = last;
        LegacyPlace.Tail end = tail;
        return mark == null || end == null
                ? Optional.empty()
                : Optional.of(new LegacyPlace(listing, number + 1, mark, end));
    }

    /**
     * Moves to the next record.
     *
     * @throws FirnException when a file is damaged; the message names file and offset
     */
    public boolean next() {
        while (true) {
            LegacyCursor present = cursor;
            if (present == null) {
                if (nextId == ids.size()) {
                    return false;
                }
                present = openNext();
            }
            if (present.next()) {
                number++;
                return true;
            }
            long id = ids.get(nextId - 1);
            present.mark(id).ifPresent(mark -> last = mark);
            tail = new LegacyPlace.Tail(id, present.offset(), present.isGrowing());
            if (present.isGrowing()) {
                return false;
            }
            present.close();
            cursor = null;
        }
    }

    private LegacyCursor openNext() {
        LegacyCursor opened = openSegment(ids.get(nextId), nextId == ids.size() - 1);
        nextId++;
        if (opened.isBlank()) {
            blankFiles.add(opened.path());
        }
        cursor = opened;
        return opened;
    }

    /** Number of the present record in the stream, from 0; unlike the old sequence it never starts again. */
    public long number() {
        return number;
    }

    /** The present record; what has no field in a table stands in headers. */
    public StreamRecord record() {
        LegacyCursor present = present();
        ByteBuffer payload = present.payload();
        byte[] value = new byte[payload.remaining()];
        payload.get(value);
        StreamRecord.Builder record = StreamRecord.atNanos(present.timestampNs())
                .typeId(present.typeId())
                .value(value);
        List<RecordHeader> headers = new ArrayList<>();
        if (present.flags() != 0) {
            headers.add(new RecordHeader(
                    FLAGS_HEADER,
                    number(Short.BYTES).putShort((short) present.flags()).array()));
        }
        if (present.sequence() != number) {
            headers.add(new RecordHeader(
                    SEQUENCE_HEADER,
                    number(Long.BYTES).putLong(present.sequence()).array()));
        }
        return record.headers(headers).build();
    }

    /** Files before the stream's last one that hold zeros only, as far as it has come; they were taken for empty. */
    List<Path> blankFiles() {
        return List.copyOf(blankFiles);
    }

    /** The stream. */
    public LegacyStream stream() {
        return stream;
    }

    @Override
    public void close() {
        LegacyCursor present = cursor;
        cursor = null;
        nextId = ids.size();
        if (present != null) {
            present.close();
        }
    }

    private LegacyCursor present() {
        LegacyCursor present = cursor;
        if (present == null || number < 0) {
            throw new IllegalStateException("the reader stands on no record");
        }
        return present;
    }

    private LegacyCursor openSegment(long id, boolean last) {
        for (int tries = 1; ; tries++) {
            LegacySegment segment = LegacyFiles.segment(store, stream, id);
            try {
                return openCursor(segment.open(store), id, last);
            } catch (NotFoundException replaced) {
                if (tries == MAX_TRIES) {
                    throw replaced;
                }
            }
        }
    }

    private LegacyCursor openCursor(LegacyBytes bytes, long id, boolean last) {
        try {
            boolean isHot = bytes instanceof HotLegacyBytes;
            return LegacyCursor.open(bytes, stream.layout() == LegacyLayout.SINGLE_FILE ? -1 : id, last && isHot);
        } catch (RuntimeException failed) {
            bytes.close();
            throw failed;
        }
    }

    private static ByteBuffer number(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
