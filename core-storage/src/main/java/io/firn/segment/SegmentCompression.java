package io.firn.segment;

import io.firn.error.CorruptDataException;
import io.firn.error.FirnException;
import io.firn.error.StorageIoException;
import io.firn.fs.FileStore;
import io.firn.fs.PooledBuffer;
import io.firn.fs.StoreFile;
import io.firn.record.FrameChecksum;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.util.zip.CRC32C;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns sealed segments into cold files and back. The caller publishes and deletes; nothing is overwritten here.
 * Thread-safe.
 */
public final class SegmentCompression {
    private static final Logger LOG = LoggerFactory.getLogger(SegmentCompression.class);

    private final FileStore store;
    private final SegmentAccess access;

    /** Creates it for the files of a store. */
    public SegmentCompression(FileStore store, SegmentAccess access) {
        this.store = store;
        this.access = access;
    }

    /**
     * Writes the cold form of a sealed segment to a new file, forces it, reads it back completely and compares it with
     * the source. On return the content is durable, its name is not: force the directory. If anything fails there is no
     * new file.
     *
     * @param source a sealed segment, hot or cold
     * @return the size of the new file in bytes
     * @throws CorruptDataException if the source is damaged, or the new file does not give back what it was made of
     */
    public long compress(Segment source, Path target, CompressionOptions options) {
        source.dataEnd();
        try (StoreFile file = create(target)) {
            return deletingOnFailure(target, () -> {
                long size = write(source, file, options);
                file.force();
                verify(source, target);
                return size;
            });
        }
    }

    /**
     * Writes the cold form of a sealed segment to an empty file: the first step of {@link #compress}, without force and
     * without {@link #verify}, before which nothing may be published.
     *
     * @return the size of the file in bytes
     */
    public long write(Segment source, StoreFile target, CompressionOptions options) {
        return ColdSegmentWriter.write(source, target, access.codecs(), options);
    }

    /**
     * Reads a cold file completely and compares it with a segment byte for byte: header, footer, every frame and every
     * checksum.
     */
    public void verify(Segment source, Path coldFile) {
        try (ColdSegment cold = ColdSegment.open(store.openRead(coldFile), access)) {
            ColdSegmentVerifier.verify(source, cold, access.buffers());
        }
    }

    /**
     * Writes the hot form of a cold segment to a new file, the same bytes that it was made of, and forces it. If
     * anything fails there is no new file.
     *
     * @param source a cold segment
     * @return the size of the new file in bytes
     * @throws CorruptDataException if the source is damaged
     */
    public long decompress(Segment source, Path target) {
        if (!(source instanceof ColdSegment cold)) {
            throw new IllegalArgumentException("Segment " + source.path() + " is not compressed");
        }
        try (StoreFile file = create(target)) {
            return deletingOnFailure(target, () -> {
                writeHot(cold, file);
                file.force();
                return cold.sizeBytes();
            });
        }
    }

    private static void writeHot(ColdSegment cold, StoreFile file) {
        ColdIndex index = cold.index();
        CRC32C dataCrc = new CRC32C();
        dataCrc.update(index.header().duplicate());
        file.write(index.header().duplicate(), 0);
        FrameChecksum checksum = new FrameChecksum(cold.header().salt());
        for (int i = 0; i < index.blocks().size(); i++) {
            try (PooledBuffer block = cold.readBlock(i)) {
                FrameWalk.restoreChecksums(block.bytes(), checksum, cold.path());
                dataCrc.update(block.bytes().duplicate());
                file.write(block.bytes(), index.blocks().get(i).rawOffset());
            }
        }
        int expected = cold.footerOrThrow().summary().dataCrc();
        if ((int) dataCrc.getValue() != expected) {
            throw new CorruptDataException(
                    cold.path(),
                    0,
                    String.format(
                            "checksum 0x%08x of all frames, the footer says 0x%08x", dataCrc.getValue(), expected));
        }
        ByteBuffer end = HotBytes.endWord();
        file.write(end, index.dataEnd());
        file.write(index.footer().duplicate(), index.dataEnd() + SegmentFormat.END_WORD_SIZE);
    }

    private StoreFile create(Path target) {
        return store.createExclusively(target)
                .orElseThrow(() -> new StorageIoException(
                        "create",
                        target,
                        new FileAlreadyExistsException(target.toString(), null, "it exists already")));
    }

    private interface Work {
        long run();
    }

    private long deletingOnFailure(Path target, Work work) {
        boolean done = false;
        try {
            long size = work.run();
            done = true;
            return size;
        } finally {
            if (!done) {
                discard(target);
            }
        }
    }

    /** The failure that led here is the one to report; a left-over file has no name that anybody knows. */
    private void discard(Path target) {
        try {
            store.delete(target);
        } catch (FirnException e) {
            LOG.warn("leftover file path={} cause={}", target, e.toString());
        }
    }
}
