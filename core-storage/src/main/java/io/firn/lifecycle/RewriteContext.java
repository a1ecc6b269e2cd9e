package io.firn.lifecycle;

import io.firn.error.StorageFullException;
import io.firn.log.TableLayout;
import io.firn.segment.SegmentAccess;
import java.io.IOException;
import java.time.InstantSource;

/**
 * What all rewrites of a table share.
 *
 * @param layout where the table lies
 * @param access how segments are read
 * @param clock the time
 * @param forcer makes many files durable
 * @param stop ends rewrites early
 * @param fanOut most files that are written at the same time
 * @param minFreeBytes bytes that a rewrite leaves free on the file system
 */
record RewriteContext(
        TableLayout layout,
        SegmentAccess access,
        InstantSource clock,
        FileForcer forcer,
        StopSignal stop,
        int fanOut,
        long minFreeBytes) {
    /**
     * Refuses a rewrite that would fill the file system.
     *
     * @param inputBytes what the rewrite may write at most
     * @throws StorageFullException when too little would stay free; nothing was written
     */
    void checkSpace(long inputBytes) {
        long usable = layout.store().usableBytes(layout.root());
        if (usable - inputBytes < minFreeBytes) {
            throw new StorageFullException(
                    "rewrite " + inputBytes + " bytes in",
                    layout.root(),
                    new IOException("only " + usable + " bytes are free and " + minFreeBytes
                            + " must stay free (disk.min.free.bytes); it is tried again when there is more space"));
        }
    }
}
