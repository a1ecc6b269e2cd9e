package io.firn.series;

import io.firn.fs.PooledBuffer;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The record of a block that a cursor is at, from the cache. Holds one reference; confined to one thread. */
final class CachedWindow implements AutoCloseable {
    private final CachedRecords records;
    private final StoredBlock block;
    private final Path path;
    private @Nullable PooledBuffer present;
    private int number;

    CachedWindow(CachedRecords records, BlockInfo block) {
        this.records = records;
        this.block = records.stored(block);
        this.path = records.pathOf(block.id());
    }

    /** The bytes of a record, valid until the next call. */
    ByteBuffer record(int wanted) {
        PooledBuffer record = present;
        if (record == null || number != wanted) {
            close();
            record = records.get(block, wanted);
            present = record;
            number = wanted;
        }
        return record.bytes();
    }

    /** The block, for messages. */
    Path path() {
        return path;
    }

    /** Every level forgets the block: what it gave is not what was written. */
    void forget() {
        close();
        records.forget(List.of(block.info().id()));
    }

    @Override
    public void close() {
        if (present != null) {
            present.close();
            present = null;
        }
    }
}
