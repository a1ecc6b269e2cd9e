package io.firn.segment;

import io.firn.cache.BlockKey;
import io.firn.cache.BlockSource;
import io.firn.cache.BlockStream;
import io.firn.compress.SeekableZstdReader;
import io.firn.error.CorruptDataException;
import io.firn.error.FirnException;
import io.firn.fs.PooledBuffer;
import io.firn.fs.StoreFile;
import io.firn.record.FrameVerifier;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Optional;

/** A {@code .q.zst} file: always sealed, decompressed block by block. */
final class ColdSegment extends Segment implements SegmentBlocks {
    private final StoreFile file;
    private final SegmentAccess access;
    private final SeekableZstdReader reader;
    private final ColdIndex index;
    private final SegmentFooter sealedFooter;
    private final ColdBlocks blocks;
    private final BlockStream randomReads;

    private ColdSegment(StoreFile file, SegmentAccess access, SeekableZstdReader reader, Tail tail) {
        super(file.path(), tail.header, tail.footer);
        this.file = file;
        this.access = access;
        this.reader = reader;
        this.index = tail.index;
        this.sealedFooter = tail.footer;
        this.blocks = ColdBlocks.of(file.path(), reader, tail.index, access.buffers());
        this.randomReads = access.cache().stream(blocks);
    }

    private record Tail(SegmentHeader header, SegmentFooter footer, ColdIndex index) {}

    /** Opens with one read of the tail; takes over the file, also when it fails. */
    static ColdSegment open(StoreFile file, SegmentAccess access) {
        try {
            SeekableZstdReader reader = SeekableZstdReader.open(file, file.sizeBytes(), access.codecs());
            ColdSegment segment = new ColdSegment(file, access, reader, readTail(reader, file.path()));
            segment.checkContexts();
            return segment;
        } catch (FirnException e) {
            file.close();
            throw e;
        }
    }

    private static Tail readTail(SeekableZstdReader reader, Path path) {
        ColdIndex index = ColdIndexCodec.decode(reader.payload(), reader.payloadOffset(), path);
        SegmentHeader header = SegmentHeaderCodec.decode(index.header(), path);
        if (SegmentHeaderCodec.length(index.header(), path) != index.header().capacity()) {
            throw new CorruptDataException(
                    path, reader.payloadOffset(), "the header's length is not that of its bytes");
        }
        SegmentFooter footer =
                SegmentFooterCodec.decode(index.footer(), index.dataEnd() + SegmentFormat.END_WORD_SIZE, path);
        checkBlocks(reader, index, footer, path);
        return new Tail(header, footer, index);
    }

    /** Seek table, block directory and footer describe the same blocks. */
    private static void checkBlocks(SeekableZstdReader reader, ColdIndex index, SegmentFooter footer, Path path) {
        long records = 0;
        boolean agree = reader.blockCount() == index.blocks().size();
        for (int i = 0; agree && i < index.blocks().size(); i++) {
            ColdBlock block = index.blocks().get(i);
            records += block.recordCount();
            agree = block.encoding() == ColdFormat.ENCODING_FRAMES
                    ? block.rawBytes() == reader.rawBytes(i)
                    : block.rawBytes() >= reader.rawBytes(i);
        }
        SegmentSummary summary = footer.summary();
        if (!agree || records != summary.recordCount() || index.dataEnd() != summary.dataEnd()) {
            throw new CorruptDataException(
                    path, reader.payloadOffset(), "seek table, block directory and footer do not agree");
        }
    }

    private void checkContexts() {
        try {
            newContextTable();
        } catch (IllegalArgumentException e) {
            throw new CorruptDataException(path(), reader.payloadOffset(), "footer: " + e.getMessage());
        }
    }

    ColdIndex index() {
        return index;
    }

    /** A cold segment always has a footer. */
    SegmentFooter footerOrThrow() {
        return sealedFooter;
    }

    /** Decompresses a block for the caller alone; checksum words are zero. The caller closes the buffer. */
    PooledBuffer readBlock(int block) {
        return blocks.read(block);
    }

    @Override
    public int blockCount() {
        return index.blocks().size();
    }

    @Override
    public int blockAt(long rawOffset) {
        return index.blockAt(rawOffset);
    }

    @Override
    public long blockStart(int block) {
        return index.blocks().get(block).rawOffset();
    }

    @Override
    public long blockEnd(int block) {
        return index.blocks().get(block).rawEnd();
    }

    /** Gives a block that others may read too; checksum words are zero. */
    @Override
    public PooledBuffer randomBlock(int block) {
        return randomReads.get(block);
    }

    @Override
    public Optional<BlockSource> blockSource(BlockKey key) {
        boolean here = key.file().equals(blocks.identity()) && key.block() < blocks.blockCount();
        return here ? Optional.of(blocks.source(key.block())) : Optional.empty();
    }

    /** Gives a block to a scan: from the cache if it is there, but it is not put there. As {@link #randomBlock}. */
    @Override
    public PooledBuffer scannedBlock(int block) {
        return access.cache().scan(blocks.key(block), blocks.source(block));
    }

    /** The frames of a cold block have no checksums: its own was checked when it was decompressed. */
    @Override
    public LoadedBlock aheadBlock(int block) {
        return new LoadedBlock(scannedBlock(block), false);
    }

    /** Blocks that were decompressed so far. */
    long blocksDecompressed() {
        return reader.blocksDecompressed();
    }

    @Override
    public FrameVerifier newVerifier() {
        return FrameVerifier.ofFramesWithoutChecksums();
    }

    @Override
    public long dataStart() {
        return index.dataStart();
    }

    @Override
    public long sizeBytes() {
        return index.hotSizeBytes();
    }

    @Override
    public SegmentCursor cursor(long fromOffset, long limitOffset) {
        if (limitOffset > dataEnd()) {
            throw new CorruptDataException(
                    path(), dataEnd(), "the frames end here, but " + limitOffset + " bytes are expected");
        }
        return new FrameCursor(this, newWindow(), fromOffset, limitOffset, false);
    }

    @Override
    public SegmentCursor tail(long fromOffset, long committedOffset) {
        return new FrameCursor(this, newWindow(), fromOffset, committedOffset, true);
    }

    @Override
    FrameWindow newWindow() {
        return new BlockWindow(this, new BlockSequence(this, access.readAhead()));
    }

    @Override
    public int readAt(long rawOffset, ByteBuffer target) {
        return new HotBytes(this).read(rawOffset, target);
    }

    @Override
    public void close() {
        randomReads.close();
        file.close();
    }
}
