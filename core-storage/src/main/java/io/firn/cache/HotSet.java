package io.firn.cache;

import io.firn.error.FirnException;
import io.firn.fs.FileStore;
import io.firn.fs.StoreFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keys of the blocks that were in memory when a run ended, in a file of a local level. Format:
 * {@code docs/format/cache.md}. Never forced; a file that does not read well is as good as none.
 */
final class HotSet {
    static final String FILE = "hot";
    private static final String TEMPORARY = "hot.tmp";
    private static final int MAGIC = 0x48_4e_52_46; // "FRNH"
    private static final int HEADER_BYTES = 12;
    private static final int MAX_FILE_BYTES = 64 << 20;

    private static final Logger LOG = LoggerFactory.getLogger(HotSet.class);

    private HotSet() {}

    /** Reads the keys in the order that they were written in. */
    static List<BlockKey> load(FileStore store, Path directory) {
        Path path = directory.resolve(FILE);
        try {
            if (!store.exists(path) || store.info(path).sizeBytes() > MAX_FILE_BYTES) {
                return List.of();
            }
            try (StoreFile file = store.openRead(path)) {
                ByteBuffer bytes = ByteBuffer.allocate((int) file.sizeBytes()).order(ByteOrder.LITTLE_ENDIAN);
                file.read(bytes, 0);
                return decode(bytes.flip());
            }
        } catch (FirnException e) {
            LOG.warn("cannot read which blocks were hot path={}", path, e);
            return List.of();
        }
    }

    private static List<BlockKey> decode(ByteBuffer bytes) {
        if (bytes.remaining() < HEADER_BYTES || bytes.getInt() != MAGIC) {
            return List.of();
        }
        int crc = bytes.getInt();
        if (crc != crcOf(bytes)) {
            return List.of();
        }
        List<BlockKey> keys = new ArrayList<>();
        for (int left = bytes.getInt(); left > 0; left--) {
            int block = bytes.getInt();
            byte[] identity = new byte[bytes.getInt()];
            bytes.get(identity);
            keys.add(new BlockKey(new String(identity, StandardCharsets.UTF_8), block));
        }
        return keys;
    }

    /** Writes keys to a temporary file that then gets the name. */
    static void save(FileStore store, Path directory, List<BlockKey> keys) {
        Path temporary = directory.resolve(TEMPORARY);
        try {
            store.delete(temporary);
            try (StoreFile file = store.createExclusively(temporary).orElseThrow()) {
                file.write(encode(keys), 0);
            }
            store.rename(temporary, directory.resolve(FILE));
        } catch (FirnException e) {
            LOG.warn("cannot write which blocks are hot path={}", temporary, e);
        }
    }

    private static ByteBuffer encode(List<BlockKey> keys) {
        List<byte[]> identities = keys.stream()
                .map(key -> key.file().getBytes(StandardCharsets.UTF_8))
                .toList();
        int size = HEADER_BYTES;
        for (byte[] identity : identities) {
            size += 2 * Integer.BYTES + identity.length;
        }
        ByteBuffer bytes = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putInt(MAGIC).putInt(0).putInt(keys.size());
        for (int i = 0; i < keys.size(); i++) {
            bytes.putInt(keys.get(i).block());
            bytes.putInt(identities.get(i).length).put(identities.get(i));
        }
        bytes.flip();
        return bytes.putInt(Integer.BYTES, crcOf(bytes.slice(2 * Integer.BYTES, size - 2 * Integer.BYTES)));
    }

    private static int crcOf(ByteBuffer content) {
        CRC32C crc = new CRC32C();
        crc.update(content.duplicate());
        return (int) crc.getValue();
    }
}
