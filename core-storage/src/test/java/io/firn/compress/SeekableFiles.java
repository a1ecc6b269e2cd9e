package io.firn.compress;

import io.firn.fs.BufferPool;
import io.firn.fs.FileStore;
import io.firn.fs.PooledBuffer;
import io.firn.fs.StoreFile;
import io.firn.testing.InMemoryFileStore;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Writes and reads seekable files for the tests of this package. */
final class SeekableFiles {
    static final Path PATH = Path.of("/block.q.zst");

    private SeekableFiles() {}

    /** Lines of text with some chance in them, so that they compress like real records. */
    static byte[] text(int bytes, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        StringBuilder text = new StringBuilder(bytes + 64);
        while (text.length() < bytes) {
            text.append("{\"origin\":\"A").append((char) ('A' + random.nextInt(26)));
            text.append("L\",\"delay\":").append(random.nextInt(2_000)).append(",\"distance\":");
            text.append(random.nextInt(5_000)).append("}\n");
        }
        return text.substring(0, bytes).getBytes(StandardCharsets.ISO_8859_1);
    }

    static List<byte[]> blocks(int count, int bytes) {
        List<byte[]> blocks = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            blocks.add(text(bytes, i));
        }
        return blocks;
    }

    static ByteBuffer direct(byte[] bytes) {
        return ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
    }

    static long write(StoreFile file, ZstdCodecs codecs, int level, List<byte[]> blocks, byte[] payload) {
        try (SeekableZstdWriter writer = SeekableZstdWriter.create(file, codecs, level)) {
            for (byte[] block : blocks) {
                writer.writeBlock(direct(block));
            }
            return writer.finish(ByteBuffer.wrap(payload));
        }
    }

    /** The bytes of a file with these blocks. */
    static byte[] bytesOf(int level, List<byte[]> blocks, byte[] payload) {
        FileStore store = new InMemoryFileStore();
        try (ZstdCodecs codecs = new ZstdCodecs(new BufferPool(1 << 24));
                StoreFile file = store.createExclusively(PATH).orElseThrow()) {
            long size = write(file, codecs, level, blocks, payload);
            return readAll(file, Math.toIntExact(size));
        }
    }

    static byte[] readAll(StoreFile file, int size) {
        ByteBuffer bytes = ByteBuffer.allocate(size);
        if (file.sizeBytes() != size || file.read(bytes, 0) != size) {
            throw new AssertionError("file has " + file.sizeBytes() + " bytes, its writer says " + size);
        }
        return bytes.array();
    }

    static StoreFile fileOf(byte[] content) {
        StoreFile file = new InMemoryFileStore().createExclusively(PATH).orElseThrow();
        file.write(ByteBuffer.wrap(content), 0);
        return file;
    }

    static byte[] block(SeekableZstdReader reader, int block) {
        try (PooledBuffer buffer = reader.readBlock(block)) {
            byte[] bytes = new byte[buffer.bytes().capacity()];
            buffer.bytes().get(0, bytes);
            return bytes;
        }
    }
}
