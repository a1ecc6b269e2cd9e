package io.firn.cache;

import static io.firn.cache.CacheFixture.key;
import static org.assertj.core.api.Assertions.assertThat;

import io.firn.fs.PooledBuffer;
import io.firn.testing.InMemoryFileStore;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Hit ratio of the memory level for popular blocks, beside what LRU and an oracle (Belady) reach. */
class ZipfHitRatioTest {
    private static final int BLOCKS = 100_000;
    private static final int CACHED = BLOCKS / 10;
    private static final int WARM_UP = 300_000;
    private static final int COUNTED = 300_000;

    private final CacheFixture fixture = new CacheFixture(new InMemoryFileStore());

    @Test
    void aTenthOfTheBytesServesMoreThanSevenOfTenReads() {
        fixture.blockBytes = 10;
        ZipfBlocks zipf = new ZipfBlocks(BLOCKS, 0.99, 42);
        int[] reads = new int[WARM_UP + COUNTED];
        Arrays.setAll(reads, i -> zipf.next());
        double own = own(reads);
        double lru = lru(reads);
        double belady = belady(reads);
        System.out.printf(
                "Zipf 0.99 over %d blocks, cache of a tenth: hit ratio %.3f, LRU %.3f, Belady %.3f%n",
                BLOCKS, own, lru, belady);
        assertThat(own).isGreaterThan(0.70).isGreaterThan(lru).isLessThan(belady);
    }

    private double own(int[] reads) {
        String bytes = Long.toString((long) CACHED * CacheFixture.SLOT);
        try (CacheHierarchy cache = fixture.open("l1.max.bytes", bytes)) {
            for (int i = 0; i < reads.length; i++) {
                if (i == WARM_UP) {
                    cache.resetStats();
                }
                BlockKey key = key(reads[i]);
                try (PooledBuffer block = cache.get(key, fixture.source(key))) {
                    fixture.check(key, block);
                }
            }
            assertThat(cache.stats().l1().entries()).isLessThanOrEqualTo(CACHED);
            return cache.stats().l1().hitRatio();
        }
    }

    private static double lru(int[] reads) {
        Map<Integer, Integer> cached = new LinkedHashMap<>(CACHED, 0.75f, true) {
            @Override
            protected boolean removeEldestEntry(Map.Entry<Integer, Integer> eldest) {
                return size() > CACHED;
            }
        };
        int hits = 0;
        for (int i = 0; i < reads.length; i++) {
            boolean hit = cached.put(reads[i], i) != null;
            hits += hit && i >= WARM_UP ? 1 : 0;
        }
        return (double) hits / COUNTED;
    }

    /** Evicts what is needed again last. */
    private static double belady(int[] reads) {
        int[] next = new int[reads.length];
        int[] later = new int[BLOCKS];
        Arrays.setAll(later, block -> reads.length + block); // never again, each at a place of its own
        for (int i = reads.length - 1; i >= 0; i--) {
            next[i] = later[reads[i]];
            later[reads[i]] = i;
        }
        TreeSet<Integer> cached = new TreeSet<>();
        int hits = 0;
        for (int i = 0; i < reads.length; i++) {
            boolean hit = cached.remove(i);
            hits += hit && i >= WARM_UP ? 1 : 0;
            cached.add(next[i]);
            if (cached.size() > CACHED) {
                cached.pollLast();
            }
        }
        return (double) hits / COUNTED;
    }
}
