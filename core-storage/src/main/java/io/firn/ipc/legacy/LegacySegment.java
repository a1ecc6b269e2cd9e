package io.firn.ipc.legacy;

import io.firn.error.CorruptDataException;
import io.firn.fs.FileStore;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * One segment of an old stream: the hot file, the cold one, or for a while both.
 *
 * @param id number of the segment, -1 for the layout of one file per stream
 * @param hot the {@code .q} file
 * @param cold the {@code .q.zst} file
 */
record LegacySegment(long id, Optional<Path> hot, Optional<Path> cold) {
    private static final int COMPARE_BYTES = 1 << 16;

    /** The files, for messages. */
    List<Path> files() {
        return java.util.stream.Stream.concat(hot.stream(), cold.stream()).toList();
    }

    /**
     * Opens the segment's bytes. Where both files exist they must say the same: the old system could use an id twice.
     * A cold file without index beside a hot one is still being made, and left alone.
     */
    LegacyBytes open(FileStore store) {
        if (hot.isEmpty()) {
            return ColdLegacyBytes.open(store, cold.orElseThrow());
        }
        LegacyBytes bytes = new HotLegacyBytes(store.openRead(hot.get()));
        try {
            if (cold.isPresent() && store.exists(ColdLegacyBytes.indexOf(cold.get()))) {
                requireSame(store, bytes, cold.get());
            }
            return bytes;
        } catch (RuntimeException failed) {
            bytes.close();
            throw failed;
        }
    }

    private static void requireSame(FileStore store, LegacyBytes hot, Path coldPath) {
        try (LegacyBytes cold = ColdLegacyBytes.open(store, coldPath)) {
            ByteBuffer left = ByteBuffer.allocate(COMPARE_BYTES);
            ByteBuffer right = ByteBuffer.allocate(COMPARE_BYTES);
            long size = Math.max(hot.sizeBytes(), cold.sizeBytes());
            for (long at = 0; at < size; at += COMPARE_BYTES) {
                fill(hot, left, at);
                fill(cold, right, at);
                int differs = left.mismatch(right);
                if (differs >= 0) {
                    throw new CorruptDataException(
                            coldPath,
                            at + differs,
                            "it differs at this raw offset from " + hot.path() + ", which has the same id: the old"
                                    + " system used the id twice, both hold records. Move one of them (with its index)"
                                    + " to an archive of its own and migrate that one separately");
                }
            }
        }
    }

    /** Reads a piece; behind the end stand zeros, because a hot file is preallocated. */
    private static void fill(LegacyBytes bytes, ByteBuffer target, long position) {
        target.clear();
        bytes.read(target, position);
        while (target.hasRemaining()) {
            target.put((byte) 0);
        }
        target.flip();
    }
}
