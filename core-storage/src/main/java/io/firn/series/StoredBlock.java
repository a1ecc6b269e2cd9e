package io.firn.series;

import io.firn.cache.BlockFile;
import io.firn.cache.BlockKey;
import io.firn.cache.BlockSource;
import io.firn.fs.BufferPool;
import io.firn.fs.PooledBuffer;
import io.firn.record.RecordView;
import java.nio.ByteBuffer;
import java.util.Objects;

/**
 * The records of a block that hold its chunks, as a cache sees them: numbered from 0, each as it was encoded. A block
 * that changes its tier is written anew under another number, so its records are others. Thread-safe.
 *
 * @param info the block
 * @param identity names the content of the block and no other
 * @param library reads records
 * @param buffers where their bytes are put
 */
record StoredBlock(BlockInfo info, String identity, BlockLibrary library, BufferPool buffers) implements BlockFile {
    @Override
    public int blockCount() {
        return Math.toIntExact(info.indexSequence() - info.firstSequence());
    }

    @Override
    public int decodedBytes(int record) {
        return BlockRecords.TARGET_BYTES;
    }

    @Override
    public BlockKey key(int record) {
        return new BlockKey(identity, record);
    }

    @Override
    public BlockSource source(int record) {
        return new Source(this, record);
    }

    /** Copies a value into a buffer of the cache. */
    static PooledBuffer copy(ByteBuffer value, BufferPool buffers) {
        PooledBuffer copy = buffers.take(value.remaining());
        copy.bytes().put(0, value, value.position(), value.remaining());
        return copy;
    }

    /** Reads a record; it has been checked by its frame then, and each chunk is by its own checksum when it is used. */
    private record Source(StoredBlock file, int number) implements BlockSource {
        @Override
        public PooledBuffer readStored() {
            BlockInfo block = file.info;
            try (BlockLibrary.Lent lent = file.library.lend()) {
                RecordBytes bytes = BlockIndexReader.record(lent.reader(), block, block.firstSequence() + number);
                RecordView record = lent.reader().record();
                if (record.typeId() != BlockRecords.CHUNKS) {
                    throw bytes.corrupt("type " + record.typeId() + " where chunks of block " + block.id() + " belong");
                }
                return copy(Objects.requireNonNullElse(record.value(), ByteBuffer.allocate(0)), file.buffers);
            }
        }

        @Override
        public PooledBuffer decode(PooledBuffer stored) {
            if (!stored.retain()) {
                throw new IllegalStateException("the caller holds a reference");
            }
            return stored;
        }
    }
}
