package io.firn.table;

import io.firn.segment.ReadAhead;

/**
 * What was read ahead of sequential readers of sealed and cold files so far.
 *
 * @param readyBlocks blocks that were loaded when their reader came to them
 * @param lateBlocks blocks that were begun, but that their reader had to wait for or load itself
 * @param heldBytes bytes of blocks that are ready or in the making at present
 */
public record ReadAheadStats(long readyBlocks, long lateBlocks, long heldBytes) {
    static ReadAheadStats of(ReadAhead readAhead) {
        return new ReadAheadStats(readAhead.readyBlocks(), readAhead.lateBlocks(), readAhead.heldBytes());
    }
}
