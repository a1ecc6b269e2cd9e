package io.firn.ipc.legacy;

import io.firn.error.NotFoundException;
import io.firn.fs.FileStore;
import io.firn.fs.StoreFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Where a reader of an old stream came to the end, so that a later one goes on there. Immutable; thread-safe.
 *
 * @param listing the segments that there were
 * @param records how many records stand before it
 * @param last the last of them
 * @param tail where the next one was expected
 */
record LegacyPlace(LegacyListing listing, long records, Mark last, Tail tail) {
    /**
     * A record, by which a later reader sees that it has the same file before it.
     *
     * @param id its segment
     * @param offset its raw offset
     * @param content hash of its header, which holds a checksum of its payload
     */
    record Mark(long id, long offset, long content) {}

    /**
     * The end.
     *
     * @param id the segment
     * @param offset raw offset behind its last record
     * @param growing whether the segment was hot and not sealed
     */
    record Tail(long id, long offset, boolean growing) {}

    /** Whether what was read up to here is still what the stream begins with, as far as names tell. */
    boolean holdsIn(LegacyListing now) {
        return now.goesOnFrom(listing, tail.id());
    }

    /** Whether nothing came since: no segment, no record, no seal. Reads twenty bytes. */
    boolean isEndOf(FileStore store, LegacyStream stream, LegacyListing now) {
        if (now.ids().last() != tail.id()) {
            return false;
        }
        return !tail.growing() || (now.hot().contains(tail.id()) && isUnchanged(store, stream));
    }

    private boolean isUnchanged(FileStore store, LegacyStream stream) {
        ByteBuffer words = ByteBuffer.allocate(2 * Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        try (StoreFile file = store.openRead(LegacyFiles.hot(stream, tail.id()))) {
            file.read(words.limit(Integer.BYTES), LegacyFormat.FLAGS_OFFSET);
            words.limit(words.capacity()).position(Integer.BYTES);
            file.read(words, tail.offset());
        } catch (NotFoundException compressed) {
            return false;
        }
        return (words.getInt(0) & LegacyFormat.SEALED_FLAG) == 0 && words.getInt(Integer.BYTES) == 0;
    }
}
