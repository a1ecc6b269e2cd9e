package io.firn.cache;

import static io.firn.cache.CacheFixture.FAST;
import static io.firn.cache.CacheFixture.SLOT;
import static io.firn.cache.CacheFixture.key;
import static org.assertj.core.api.Assertions.assertThat;

import io.firn.fs.FileStore;
import io.firn.fs.IoMode;
import io.firn.fs.LocalFileStore;
import io.firn.fs.PooledBuffer;
import io.firn.fs.StoreFile;
import io.firn.testing.Fault;
import io.firn.testing.FaultyFileStore;
import io.firn.testing.InMemoryFileStore;
import io.firn.testing.Randomized;
import io.firn.testing.StoreCall;
import io.firn.testing.StoreOperation;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalLevelTest {
    private final FaultyFileStore store = new FaultyFileStore(new InMemoryFileStore());
    private final CacheFixture fixture = new CacheFixture(store);

    @TempDir
    Path directory;

    @AfterEach
    void everyBufferIsGivenBack() {
        assertThat(fixture.pool.outstandingCount()).isZero();
    }

    private LocalLevel open(FileStore files, String path, int slots) {
        return LocalLevel.open(files, new LocalCacheOptions(path, (long) slots * SLOT), fixture.pool, null)
                .orElseThrow();
    }

    private boolean put(LocalLevel level, int block) {
        try (PooledBuffer stored = fixture.stored(key(block))) {
            return level.put(key(block), stored);
        }
    }

    /** Whether the block is there; if so every byte is checked. */
    private boolean has(LocalLevel level, int block) {
        LevelHit hit = level.find(key(block), 1000);
        if (hit == null) {
            return false;
        }
        try (PooledBuffer stored = hit.stored();
                PooledBuffer decoded = fixture.source(key(block)).decode(stored)) {
            fixture.check(key(block), decoded);
        }
        return true;
    }

    @Test
    void keepsBlocksOfAnySizeAcrossARestart() {
        int[] sizes = {0, 1, SLOT - 2, SLOT - 1, SLOT, 2 * SLOT - 1, 5 * SLOT + 3};
        for (int size : sizes) {
            fixture.blockBytes = size;
            String path = "/size-" + size;
            try (LocalLevel level = open(store, path, 64)) {
                assertThat(put(level, 1)).isTrue();
                assertThat(has(level, 1)).isTrue();
            }
            try (LocalLevel level = open(store, path, 64)) {
                assertThat(has(level, 1)).isTrue();
                assertThat(has(level, 2)).isFalse();
            }
        }
    }

    @Test
    void findsItsBlocksAfterADeathWithoutClose() {
        InMemoryFileStore files = new InMemoryFileStore();
        LocalLevel killed = open(files, FAST, 16);
        put(killed, 1);
        put(killed, 2);
        InMemoryFileStore afterwards = new InMemoryFileStore();
        afterwards.createDirectory(Path.of(FAST));
        for (String name : List.of("index", "slots-0")) {
            write(afterwards, Path.of(FAST, name), read(files, Path.of(FAST, name)));
        }
        try (LocalLevel level = open(afterwards, FAST, 16)) {
            assertThat(has(level, 1)).isTrue();
            assertThat(has(level, 2)).isTrue();
        }
        killed.close();
    }

    @Test
    void staysWithinItsBytesAlsoOverRestartsWithOtherLimits() {
        for (int slots : new int[] {20, 7, 33, 1, 12}) {
            try (LocalLevel level = open(store, FAST, slots)) {
                for (int i = 0; i < 200; i++) {
                    put(level, i);
                    assertThat(level.stats().bytes()).isLessThanOrEqualTo((long) slots * SLOT);
                }
                assertThat(level.fileBytes()).isLessThanOrEqualTo((long) slots * SLOT);
                assertThat(level.stats().entries()).isEqualTo(slots);
            }
        }
    }

    @Test
    void whatIsUsedOftenStays() {
        try (LocalLevel level = open(store, FAST, 20)) {
            for (int i = 0; i < 10; i++) {
                put(level, i);
            }
            for (int round = 0; round < 20; round++) {
                for (int i = 0; i < 10; i++) {
                    assertThat(has(level, i)).isTrue();
                }
            }
            int found = 0;
            for (int i = 0; i < 1000; i++) {
                put(level, 100 + i);
                found += has(level, i % 10) ? 1 : 0;
            }
            assertThat(found).isGreaterThan(950);
        }
    }

    @Test
    void aSecondProcessGoesWithoutTheDirectory() {
        try (LocalLevel first = open(store, FAST, 4)) {
            assertThat(LocalLevel.open(store, new LocalCacheOptions(FAST, 1 << 20), fixture.pool, null))
                    .isEmpty();
            assertThat(put(first, 1)).isTrue();
        }
        try (LocalLevel next = open(store, FAST, 4)) {
            assertThat(has(next, 1)).isTrue();
        }
    }

    @Test
    void aDirectoryThatCannotBeUsedIsNoLevel() {
        assertThat(LocalLevel.open(store, new LocalCacheOptions("/no/such", 1 << 20), fixture.pool, null))
                .isEmpty();
        store.inject(Fault.on(StoreCall.is(StoreOperation.LIST)));
        assertThat(LocalLevel.open(store, new LocalCacheOptions(FAST, 1 << 20), fixture.pool, null))
                .isEmpty();
        try (LocalLevel level = open(store, FAST, 4)) {
            assertThat(put(level, 1)).isTrue();
        }
    }

    @Test
    void everyDamagedByteIsAMissAtMost() {
        fixture.blockBytes = 40;
        InMemoryFileStore original = new InMemoryFileStore();
        try (LocalLevel level = open(original, FAST, 4)) {
            put(level, 1);
            put(level, 2);
            put(level, 3);
        }
        for (String name : List.of("index", "slots-0")) {
            byte[] good = read(original, Path.of(FAST, name));
            int misses = 0;
            for (int i = 0; i < good.length; i++) {
                byte[] bad = good.clone();
                bad[i] ^= (byte) (1 << (i % 8));
                misses += missesWith(original, name, bad) > 0 ? 1 : 0;
            }
            assertThat(misses).isGreaterThanOrEqualTo(name.equals("index") ? good.length : 3 * 41);
            for (int length = 0; length < good.length; length += good.length / 50 + 1) {
                assertThat(missesWith(original, name, Arrays.copyOf(good, length)))
                        .isPositive();
            }
        }
    }

    /** Blocks of three that a level does not find; those that it finds are right, or this throws. */
    private int missesWith(FileStore original, String damagedName, byte[] content) {
        InMemoryFileStore files = new InMemoryFileStore();
        files.createDirectory(Path.of(FAST));
        for (String name : List.of("index", "slots-0")) {
            byte[] bytes = name.equals(damagedName) ? content : read(original, Path.of(FAST, name));
            write(files, Path.of(FAST, name), bytes);
        }
        try (LocalLevel level = open(files, FAST, 4)) {
            int misses = 0;
            for (int block = 1; block <= 3; block++) {
                misses += has(level, block) ? 0 : 1;
                assertThat(put(level, block)).isTrue();
                assertThat(has(level, block)).isTrue();
            }
            return misses;
        }
    }

    @Test
    void aFullDiskStopsGrowthAndNothingElse() {
        try (LocalLevel level = open(store, FAST, 10)) {
            store.limitSpace(SLOT * 5L);
            assertThat(put(level, 1)).isFalse();
            assertThat(has(level, 1)).isFalse();
            assertThat(level.stats().failures()).isEqualTo(1);
            store.heal();
            assertThat(put(level, 1)).isFalse();
            level.maintain();
            assertThat(put(level, 1)).isTrue();
            assertThat(has(level, 1)).isTrue();
            store.limitSpace(0); // the index cannot grow: the entry lives as long as the process
            assertThat(put(level, 2)).isTrue();
            assertThat(has(level, 2)).isTrue();
        }
        store.heal();
        try (LocalLevel level = open(store, FAST, 10)) {
            assertThat(has(level, 1)).isTrue();
        }
    }

    @Test
    void whateverTheFileSystemRefusesNoCallerNotices() {
        fixture.blockBytes = 5000;
        for (int nth = 1; nth < 60; nth++) {
            FaultyFileStore faulty = new FaultyFileStore(new InMemoryFileStore());
            faulty.inject(Fault.on(StoreCall.any()).nth(nth).sticky());
            try (CacheHierarchy cache = threeLevels(faulty)) {
                fixture.read(cache, 1, 2, 3, 1, 2, 3, 4, 5, 6, 7, 8, 1, 2);
                cache.forget("file");
                fixture.read(cache, 1, 2);
                cache.maintain();
            }
        }
    }

    private CacheHierarchy threeLevels(FileStore files) {
        CacheOptions options = new CacheOptions(
                true,
                4L * SLOT,
                new LocalCacheOptions(FAST, 8L * SLOT),
                new LocalCacheOptions(CacheFixture.LARGE, 8L * SLOT),
                1,
                0,
                1000);
        return CacheHierarchy.open(files, options, fixture.pool, CacheFixture.SAME_THREAD);
    }

    @Test
    void aFileThatSomebodyCutsIsAMiss() {
        FileStore files = LocalFileStore.open(IoMode.MMAP);
        fixture.blockBytes = 3 * SLOT;
        try (LocalLevel level = open(files, directory.resolve("fast").toString(), 16)) {
            for (int i = 0; i < 4; i++) {
                assertThat(put(level, i)).isTrue();
            }
            try (StoreFile file = files.openWrite(directory.resolve("fast/slots-0"))) {
                file.truncate(2 * SLOT);
            }
            for (int i = 0; i < 4; i++) {
                assertThat(has(level, i)).isFalse();
            }
        }
    }

    @Test
    void bytesOfAnotherKeyAreAMiss() {
        try (LocalLevel level = open(store, FAST, 4)) {
            put(level, 1);
        }
        LevelIndex index = new LevelIndex(store, Path.of(FAST));
        LevelEntry right = index.load().get(0);
        for (BlockKey other : List.of(key(2), new BlockKey("file#2", 1))) {
            LevelEntry wrong = new LevelEntry(other, right.id(), right.sizeBytes(), right.crc());
            wrong.publish(Objects.requireNonNull(right.runs()));
            index.rewrite(List.of(wrong));
            index.close();
            try (LocalLevel level = open(store, FAST, 4)) {
                assertThat(level.stats().entries()).isEqualTo(1);
                assertThat(level.find(other, 1)).isNull();
                assertThat(level.stats().damaged()).isEqualTo(1);
                assertThat(level.stats().entries()).isZero();
            }
        }
    }

    @Test
    void realFilesSurviveARestartInBothModes() {
        for (IoMode mode : List.of(IoMode.MMAP, IoMode.CHANNEL)) {
            FileStore files = LocalFileStore.open(mode);
            String path = directory.resolve(mode.name()).toString();
            try (LocalLevel level = open(files, path, 5000)) {
                for (int i = 0; i < 50; i++) {
                    assertThat(put(level, i)).isTrue();
                }
            }
            try (LocalLevel level = open(files, path, 5000)) {
                for (int i = 0; i < 50; i++) {
                    assertThat(has(level, i)).isTrue();
                }
            }
        }
    }

    @Test
    void agreesWithASetOfKeysOverRestarts() {
        Randomized.forAll(20, random -> {
            InMemoryFileStore files = new InMemoryFileStore(1 << 20, InstantSource.system());
            LocalLevel level = open(files, FAST, 24);
            Set<Integer> known = new HashSet<>();
            for (int i = 0; i < 300; i++) {
                int block = random.nextInt(40);
                fixture.blockBytes = 100 + block * 137;
                switch (random.nextInt(20)) {
                    case 0 -> {
                        level.close();
                        level = open(files, FAST, 24);
                    }
                    case 1 -> {
                        level.forget(key -> key.isOf("file#1"));
                        known.clear();
                    }
                    case 2, 3, 4, 5, 6, 7 -> {
                        boolean kept = put(level, block);
                        assertThat(kept).isEqualTo(has(level, block));
                        known.add(block);
                    }
                    default -> {
                        boolean found = has(level, block);
                        assertThat(!found || known.contains(block)).isTrue();
                    }
                }
            }
            level.close();
        });
    }

    private static byte[] read(FileStore files, Path path) {
        try (StoreFile file = files.openRead(path)) {
            ByteBuffer bytes = ByteBuffer.allocate((int) file.sizeBytes());
            file.read(bytes, 0);
            return bytes.array();
        }
    }

    private static void write(FileStore files, Path path, byte[] bytes) {
        try (StoreFile file = files.createExclusively(path).orElseThrow()) {
            file.write(ByteBuffer.wrap(bytes), 0);
        }
    }
}
