package io.firn.segment;

import static io.firn.segment.SegmentFixture.plain;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.cache.CacheHierarchy;
import io.firn.cache.CacheOptions;
import io.firn.cache.LocalCacheOptions;
import io.firn.compress.ZstdCodecs;
import io.firn.error.CorruptDataException;
import io.firn.fs.FileStore;
import io.firn.fs.StoreFile;
import io.firn.segment.SegmentFixture.Entry;
import io.firn.testing.ForwardingFileStore;
import io.firn.testing.InMemoryFileStore;
import io.firn.testing.StoreCall;
import io.firn.testing.StoreOperation;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Random reads of cold segments through a cache with local levels. */
class CachedSegmentTest {
    private static final int RECORDS = 400;
    private static final LocalCacheOptions LOCAL = new LocalCacheOptions("/cache", 1 << 19);

    private final SegmentFixture fixture = ColdFixture.sealed(SegmentFixture.single(), entries());
    private final InMemoryFileStore local = new InMemoryFileStore();
    private final ForwardingFileStore remote = new ForwardingFileStore(fixture.store);
    private final AtomicInteger remoteReads = new AtomicInteger();
    private final ZstdCodecs codecs = new ZstdCodecs(fixture.pool);

    CachedSegmentTest() {
        ColdFixture.compress(fixture, ColdFixture.SMALL_BLOCKS);
        remote.runAfter(StoreCall.is(StoreOperation.READ), remoteReads::incrementAndGet);
    }

    @AfterEach
    void everyBufferIsGivenBack() {
        codecs.close();
        assertThat(fixture.pool.outstandingCount()).isZero();
    }

    private static List<Entry> entries() {
        List<Entry> entries = new ArrayList<>();
        for (int i = 0; i < RECORDS; i++) {
            entries.add(plain(i, 100));
        }
        return entries;
    }

    private CacheHierarchy cache(FileStore files) {
        return CacheHierarchy.open(
                files, new CacheOptions(true, 1 << 18, LOCAL, LocalCacheOptions.OFF, 1, 0, 1000), fixture.pool);
    }

    private Segment open(CacheHierarchy cache) {
        SegmentAccess access = SegmentAccess.of(fixture.pool).withCache(cache);
        return Segment.open(remote, ColdFixture.COLD, access);
    }

    /** Reads the first record of every n-th block, last block first. */
    private static void readSome(ColdSegment segment, int step) {
        List<ColdBlock> blocks = segment.index().blocks();
        for (int i = blocks.size() - 1; i >= 0; i -= step) {
            try (SegmentCursor cursor = segment.cursor(blocks.get(i).rawOffset(), segment.dataEnd())) {
                assertThat(cursor.next()).isTrue();
                Entry found = Entry.of(cursor);
                assertThat(found).isEqualTo(plain(found.sequence(), 100));
            }
        }
    }

    @Test
    void afterARestartRandomReadsDoNotTouchTheStore() {
        try (CacheHierarchy cache = cache(local);
                Segment segment = open(cache)) {
            readSome((ColdSegment) segment, 2);
            assertThat(cache.stats().loads()).isGreaterThan(4);
        }
        try (CacheHierarchy cache = cache(local);
                Segment segment = open(cache)) {
            remoteReads.set(0);
            readSome((ColdSegment) segment, 2);
            assertThat(remoteReads).hasValue(0);
            assertThat(cache.stats().loads()).isZero();
            assertThat(cache.stats().l2().hits()).isPositive();
        }
    }

    @Test
    void aScanReadsLocalBlocksAndKeepsNone() {
        try (CacheHierarchy cache = cache(local);
                Segment segment = open(cache)) {
            readSome((ColdSegment) segment, 1);
        }
        try (CacheHierarchy cache = cache(local);
                Segment segment = open(cache)) {
            remoteReads.set(0);
            assertThat(SegmentFixture.all(segment, segment.dataEnd())).isEqualTo(entries());
            assertThat(remoteReads).hasValue(0);
            assertThat(cache.stats().l1().entries()).isLessThanOrEqualTo(1);
        }
    }

    @Test
    void damagedLocalFilesChangeNoRecord() {
        try (CacheHierarchy cache = cache(local);
                Segment segment = open(cache)) {
            readSome((ColdSegment) segment, 4);
        }
        for (String name : List.of("index", "slots-0", "hot")) {
            byte[] good = content(name);
            int used = name.equals("slots-0") ? 16 << 10 : good.length;
            for (int i = 0; i < used; i += used / 300 + 1) {
                byte[] bad = good.clone();
                bad[i] ^= 0x40;
                replace(name, bad);
                try (CacheHierarchy cache = cache(local);
                        Segment segment = open(cache)) {
                    readSome((ColdSegment) segment, 4);
                }
            }
            replace(name, good);
        }
    }

    @Test
    void damageOfTheFileItselfIsStillReported() {
        ByteBuffer one = ByteBuffer.allocate(1);
        try (CacheHierarchy cache = cache(local);
                ColdSegment segment = (ColdSegment) open(cache);
                StoreFile file = fixture.store.openWrite(ColdFixture.COLD)) {
            file.read(one, 20);
            file.write(ByteBuffer.wrap(new byte[] {(byte) (one.get(0) ^ 1)}), 20);
            assertThatThrownBy(() -> segment.randomBlock(0)).isInstanceOf(CorruptDataException.class);
            assertThatThrownBy(() -> segment.scannedBlock(0)).isInstanceOf(CorruptDataException.class);
            assertThat(cache.stats().failedLoads()).isEqualTo(1);
        }
    }

    private byte[] content(String name) {
        try (StoreFile file = local.openRead(Path.of("/cache", name))) {
            ByteBuffer bytes = ByteBuffer.allocate((int) file.sizeBytes());
            file.read(bytes, 0);
            return bytes.array();
        }
    }

    private void replace(String name, byte[] bytes) {
        Path path = Path.of("/cache", name);
        local.delete(path);
        try (StoreFile file = local.createExclusively(path).orElseThrow()) {
            file.write(ByteBuffer.wrap(bytes), 0);
        }
    }
}
