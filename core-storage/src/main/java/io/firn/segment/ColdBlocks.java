package io.firn.segment;

import io.firn.cache.BlockFile;
import io.firn.cache.BlockKey;
import io.firn.cache.BlockSource;
import io.firn.compress.SeekableZstdReader;
import io.firn.error.CorruptDataException;
import io.firn.fs.BufferPool;
import io.firn.fs.PooledBuffer;
import java.nio.file.Path;

/**
 * The blocks of a cold segment as caches see them. Checksum words of decoded blocks are zero. Thread-safe.
 *
 * @param path the segment
 * @param reader reads its frames
 * @param index what its blocks contain
 * @param buffers where decoded blocks take their memory from
 * @param identity the path and the checksum of the index, which covers the checksums of all blocks
 */
record ColdBlocks(Path path, SeekableZstdReader reader, ColdIndex index, BufferPool buffers, String identity)
        implements BlockFile {

    static ColdBlocks of(Path path, SeekableZstdReader reader, ColdIndex index, BufferPool buffers) {
        String identity = path.toString() + BlockKey.IDENTITY_SEPARATOR + Integer.toHexString(reader.tailCrc());
        return new ColdBlocks(path, reader, index, buffers, identity);
    }

    @Override
    public int blockCount() {
        return index.blocks().size();
    }

    @Override
    public int decodedBytes(int block) {
        return index.blocks().get(block).rawBytes();
    }

    @Override
    public BlockKey key(int block) {
        return new BlockKey(identity, block);
    }

    @Override
    public BlockSource source(int block) {
        return new Source(this, block);
    }

    /** Reads and decodes a block for the caller alone, who closes it; every checksum of the file is compared. */
    PooledBuffer read(int block) {
        try (PooledBuffer compressed = reader.readCompressed(block)) {
            PooledBuffer stored = reader.decompress(block, compressed);
            return isOfFrames(block) ? stored : framesOf(block, stored);
        }
    }

    private PooledBuffer decode(int block, PooledBuffer compressed) {
        return isOfFrames(block)
                ? reader.decompress(block, compressed)
                : framesOf(block, reader.decompressUnchecked(block, compressed)); // columns check their frames
    }

    private boolean isOfFrames(int block) {
        return index.blocks().get(block).encoding() == ColdFormat.ENCODING_FRAMES;
    }

    private PooledBuffer framesOf(int block, PooledBuffer columns) {
        ColdBlock entry = index.blocks().get(block);
        try (columns) {
            return ColumnarDecoder.decode(columns.bytes(), entry.rawBytes(), buffers);
        } catch (IllegalArgumentException e) {
            throw new CorruptDataException(
                    path, reader.fileOffset(block), "columns of block " + block + ": " + e.getMessage());
        }
    }

    /** Tells a cache how to get at a block. */
    private record Source(ColdBlocks blocks, int block) implements BlockSource {
        @Override
        public PooledBuffer readStored() {
            return blocks.reader.readCompressed(block);
        }

        @Override
        public PooledBuffer decode(PooledBuffer stored) {
            return blocks.decode(block, stored);
        }
    }
}
