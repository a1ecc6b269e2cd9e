package io.firn.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.error.CorruptDataException;
import io.firn.fs.BufferPool;
import io.firn.fs.FileStore;
import io.firn.fs.PooledBuffer;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Blocks whose bytes follow from their key, a store that notes what is read from it, and caches over both. The stored
 * form of a block is one byte longer and inverted.
 */
final class CacheFixture {
    static final int SLOT = SlotFiles.SLOT_BYTES;
    static final CacheHierarchy.Executors SAME_THREAD = new CacheHierarchy.Executors(Runnable::run, Runnable::run);
    static final String FAST = "/fast";
    static final String LARGE = "/large";

    final FileStore store;
    final BufferPool pool = new BufferPool(1 << 20);
    final ConcurrentLinkedQueue<BlockKey> reads = new ConcurrentLinkedQueue<>();
    int blockBytes = 1000;

    CacheFixture(FileStore store) {
        this.store = store;
    }

    /** A cache whose work below memory is done on the calling thread. */
    CacheHierarchy open(String... keysAndValues) {
        Map<String, String> properties = new TreeMap<>(Map.of("promote.after", "1"));
        for (int i = 0; i < keysAndValues.length; i += 2) {
            properties.put(keysAndValues[i], keysAndValues[i + 1]);
        }
        return CacheHierarchy.open(store, CacheOptions.fromProperties(properties), pool, SAME_THREAD);
    }

    static String slots(int count) {
        return Integer.toString(count * SLOT);
    }

    static BlockKey key(int block) {
        return new BlockKey("file#1", block);
    }

    BlockSource source(BlockKey key) {
        return new BlockSource() {
            @Override
            public PooledBuffer readStored() {
                reads.add(key);
                return stored(key);
            }

            @Override
            public PooledBuffer decode(PooledBuffer stored) {
                return decoded(key, stored);
            }
        };
    }

    private static byte valueAt(BlockKey key, int index) {
        return (byte) (key.hashCode() * 31 + index * 7 + index / 256);
    }

    PooledBuffer stored(BlockKey key) {
        PooledBuffer buffer = pool.take(blockBytes + 1);
        for (int i = 0; i < blockBytes; i++) {
            buffer.bytes().put(i, (byte) ~valueAt(key, i));
        }
        buffer.bytes().put(blockBytes, (byte) 77);
        return buffer;
    }

    private PooledBuffer decoded(BlockKey key, PooledBuffer stored) {
        ByteBuffer bytes = stored.bytes();
        for (int i = 0; i < blockBytes; i++) {
            if (bytes.get(i) != (byte) ~valueAt(key, i)) {
                throw new CorruptDataException(Path.of(key.file()), i, "not the byte of " + key);
            }
        }
        PooledBuffer buffer = pool.take(blockBytes);
        for (int i = 0; i < blockBytes; i++) {
            buffer.bytes().put(i, (byte) ~bytes.get(i));
        }
        return buffer;
    }

    /** Asks for blocks and checks every byte. */
    void read(CacheHierarchy cache, int... blocks) {
        for (int block : blocks) {
            read(cache, key(block));
        }
    }

    void read(CacheHierarchy cache, BlockKey key) {
        try (PooledBuffer buffer = cache.get(key, source(key))) {
            check(key, buffer);
        }
    }

    void check(BlockKey key, PooledBuffer buffer) {
        assertThat(buffer.bytes().capacity()).isEqualTo(blockBytes);
        for (int i = 0; i < blockBytes; i++) {
            if (buffer.bytes().get(i) != valueAt(key, i)) {
                throw new AssertionError("wrong byte " + i + " of " + key);
            }
        }
    }

    /** Blocks that were read from the store since the last call. */
    List<Integer> takeReads() {
        List<Integer> blocks = reads.stream().map(BlockKey::block).toList();
        reads.clear();
        return blocks;
    }
}
