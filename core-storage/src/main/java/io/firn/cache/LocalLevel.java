package io.firn.cache;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Policy;
import com.github.benmanes.caffeine.cache.RemovalCause;
import io.firn.error.ClosedException;
import io.firn.error.FirnException;
import io.firn.fs.BufferPool;
import io.firn.fs.FileStore;
import io.firn.fs.PoliteLock;
import io.firn.fs.PooledBuffer;
import io.firn.task.OpenParts;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stored blocks in local files that survive a restart: slots in files, an index as a log, and the W-TinyLFU
 * policy of Caffeine over the keys.
 *
 * <p>A cache, so nothing is durable and nothing is trusted: bytes count only with a checksum that binds them to their
 * key, and what is damaged, cut, foreign or refused by the file system is a miss. Only a directory that cannot be used
 * at all keeps {@link #open} from giving a level. Reads run beside each other and beside one write. Thread-safe.
 */
final class LocalLevel implements AutoCloseable {
    private static final String LOCK = "lock";
    /** A block that would take more than this part of the level is not kept. */
    private static final int MAX_PART = 4;

    private static final Logger LOG = LoggerFactory.getLogger(LocalLevel.class);

    private final FileStore store;
    private final Path directory;
    private final BufferPool buffers;
    private final PoliteLock lock;
    private final SlotFiles files;
    private final LevelIndex index;
    private final @Nullable LocalLevel below;
    private final LevelCounters counters = new LevelCounters();
    private final Cache<BlockKey, LevelEntry> entries;
    private final Queue<LevelEntry> evicted = new ConcurrentLinkedQueue<>();
    private long nextId;
    private boolean closed;

    private LocalLevel(FileStore store, Path directory, BufferPool buffers, Opened opened, @Nullable LocalLevel below) {
        this.store = store;
        this.directory = directory;
        this.buffers = buffers;
        this.lock = opened.lock;
        this.files = opened.files;
        this.index = opened.index;
        this.below = below;
        this.entries = Caffeine.newBuilder()
                .maximumWeight(opened.files.slots())
                .weigher((BlockKey key, LevelEntry entry) -> entry.slots())
                .executor(Runnable::run)
                .evictionListener((@Nullable BlockKey key, @Nullable LevelEntry entry, RemovalCause cause) -> {
                    if (entry != null) {
                        evicted.add(entry);
                    }
                })
                .build();
    }

    private record Opened(PoliteLock lock, SlotFiles files, LevelIndex index) {}

    /**
     * Opens the level of a directory.
     *
     * @param below where evicted blocks go, or null
     * @return empty when another process has the directory, or it cannot be used
     */
    static Optional<LocalLevel> open(
            FileStore store, LocalCacheOptions options, BufferPool buffers, @Nullable LocalLevel below) {
        Path directory = options.directory();
        try {
            if (!store.exists(directory)) {
                store.createDirectory(directory);
            }
            Optional<PoliteLock> lock = store.tryLock(directory.resolve(LOCK));
            if (lock.isEmpty()) {
                LOG.info("another process uses the cache, this one goes without it path={}", directory);
                return Optional.empty();
            }
            return Optional.of(open(store, options, buffers, below, lock.get()));
        } catch (FirnException e) {
            LOG.warn("cannot use the cache, goes without it path={}", directory, e);
            return Optional.empty();
        }
    }

    private static LocalLevel open(
            FileStore store,
            LocalCacheOptions options,
            BufferPool buffers,
            @Nullable LocalLevel below,
            PoliteLock lock) {
        Path directory = options.directory();
        OpenParts parts = new OpenParts();
        try {
            parts.keep(lock);
            SlotFiles files = parts.keep(SlotFiles.open(store, directory, options.maxBytes()));
            LevelIndex index = parts.keep(new LevelIndex(store, directory));
            LocalLevel level = new LocalLevel(store, directory, buffers, new Opened(lock, files, index), below);
            level.load();
            return level;
        } catch (RuntimeException failed) {
            parts.closeAfter(failed);
            throw failed;
        }
    }

    /** Takes over what the last run left. Where two entries name one slot, the later one is right. */
    private synchronized void load() {
        List<LevelEntry> known = new ArrayList<>();
        List<LevelEntry> logged = index.load();
        for (int i = logged.size() - 1; i >= 0; i--) {
            LevelEntry entry = logged.get(i);
            SlotRuns runs = entry.runs();
            nextId = Math.max(nextId, entry.id() + 1);
            if (runs != null && runs.totalSlots() == entry.slots() && files.claim(runs)) {
                known.add(entry);
            }
        }
        Collections.reverse(known);
        for (LevelEntry entry : known) {
            LevelEntry older = entries.asMap().put(entry.key(), entry);
            if (older != null) {
                release(older);
            }
        }
        settle();
        rewriteIndex();
    }

    Path directory() {
        return directory;
    }

    /**
     * Looks for a block, and counts.
     *
     * @param promoteAfter number of hits with which it moves up
     * @return null when it is not here in good order
     */
    @Nullable
    LevelHit find(BlockKey key, int promoteAfter) {
        LevelEntry entry = entries.getIfPresent(key);
        PooledBuffer stored = entry == null ? null : read(entry);
        if (entry == null || stored == null) {
            counters.misses.increment();
            return null;
        }
        counters.hits.increment();
        return new LevelHit(stored, entry.isNthHit(promoteAfter));
    }

    /** Looks for a block; neither counters nor the policy notice. */
    @Nullable
    PooledBuffer peek(BlockKey key) {
        LevelEntry entry = entries.policy().getIfPresentQuietly(key);
        return entry == null ? null : read(entry);
    }

    private @Nullable PooledBuffer read(LevelEntry entry) {
        if (entry.runs() == null || !entry.retain()) {
            return null;
        }
        PooledBuffer target = buffers.take(entry.sizeBytes());
        boolean good = false;
        try {
            good = readInto(entry, target.bytes());
            return good ? target : null;
        } finally {
            if (!good) {
                target.close();
            }
            release(entry);
        }
    }

    private boolean readInto(LevelEntry entry, ByteBuffer target) {
        SlotRuns runs = entry.runs();
        try {
            if (runs == null) {
                return false;
            }
            if (!files.read(runs, target)) {
                damaged(entry);
                return false;
            }
        } catch (ClosedException e) {
            LOG.debug("closed meanwhile path={}", directory, e);
            return false;
        } catch (FirnException e) {
            LOG.warn("cannot read a cached block, it is dropped path={}", directory, e);
            counters.failures.increment();
            remove(entry);
            return false;
        }
        if (!entry.isContent(target)) {
            damaged(entry);
            return false;
        }
        return true;
    }

    private void damaged(LevelEntry entry) {
        counters.damaged.increment();
        LOG.warn("a cached block is damaged, it is dropped path={} block={}", directory, entry.key());
        remove(entry);
    }

    /** Drops a block that its owner could not use, which takes back the hit that {@link #find} has counted. */
    void reject(BlockKey key) {
        counters.hits.decrement();
        counters.misses.increment();
        LevelEntry entry = entries.policy().getIfPresentQuietly(key);
        if (entry != null) {
            damaged(entry);
        }
    }

    /** Counts that a block has moved one level up. */
    void promoted() {
        counters.promotions.increment();
    }

    /**
     * Keeps a block if the policy wants it.
     *
     * @param stored its bytes, which the caller closes
     * @return whether the level has the block now
     */
    synchronized boolean put(BlockKey key, PooledBuffer stored) {
        if (closed) {
            return false;
        }
        if (entries.policy().getIfPresentQuietly(key) != null) {
            return true;
        }
        ByteBuffer bytes = stored.bytes().duplicate().clear();
        LevelEntry entry = LevelEntry.of(key, nextId++, bytes);
        if (entry.slots() > Math.max(1, files.slots() / MAX_PART)
                || key.file().length() > LevelIndex.MAX_IDENTITY_BYTES / 4) {
            return false;
        }
        entries.put(key, entry);
        settle();
        if (entries.policy().getIfPresentQuietly(key) != entry) {
            return false;
        }
        boolean written = false;
        try {
            written = write(entry, bytes);
        } finally {
            if (!written && entries.asMap().remove(key, entry)) {
                release(entry);
            }
        }
        return written;
    }

    private boolean write(LevelEntry entry, ByteBuffer bytes) {
        SlotRuns runs = null;
        try {
            runs = files.allocate(entry.slots());
            if (runs == null) {
                counters.failures.increment();
                return false;
            }
            files.write(runs, bytes);
            entry.publish(runs);
            index.add(entry);
            return true;
        } catch (FirnException e) {
            LOG.warn("cannot write a block to the cache path={}", directory, e);
            counters.failures.increment();
            if (runs != null) {
                files.release(runs);
            }
            return false;
        }
    }

    /** Carries out evictions: what goes is offered to the level below, then its slots are free. */
    private void settle() {
        entries.cleanUp();
        for (LevelEntry entry = evicted.poll(); entry != null; entry = evicted.poll()) {
            if (entry.runs() != null) {
                counters.evictions.increment();
                index.remove(entry);
                demote(entry);
            }
            release(entry);
        }
    }

    private void demote(LevelEntry entry) {
        if (below == null) {
            return;
        }
        try (PooledBuffer stored = read(entry)) {
            if (stored != null && below.put(entry.key(), stored)) {
                counters.demotions.increment();
            }
        }
    }

    private void release(LevelEntry entry) {
        SlotRuns runs = entry.runs();
        if (entry.release() && runs != null) {
            files.release(runs);
        }
    }

    private void remove(LevelEntry entry) {
        if (entries.asMap().remove(entry.key(), entry)) {
            synchronized (this) {
                index.remove(entry);
            }
            release(entry);
        }
    }

    /** Forgets blocks. */
    void forget(Predicate<BlockKey> unwanted) {
        for (LevelEntry entry : new ArrayList<>(entries.asMap().values())) {
            if (unwanted.test(entry.key())) {
                remove(entry);
            }
        }
    }

    /** Carries out what is due: evictions, a shorter index, and growth again after the disk was full. */
    synchronized void maintain() {
        if (closed) {
            return;
        }
        settle();
        files.retryGrowth();
        if (index.isMostlyGarbage(entries.estimatedSize())) {
            rewriteIndex();
        }
    }

    /** The entry that would be evicted first in front, so that the next run has them in this order. */
    private void rewriteIndex() {
        Policy.Eviction<BlockKey, LevelEntry> policy =
                entries.policy().eviction().orElseThrow();
        List<LevelEntry> readable = policy.coldest(Integer.MAX_VALUE).values().stream()
                .filter(entry -> entry.runs() != null)
                .toList();
        try {
            index.rewrite(readable);
        } catch (FirnException e) {
            LOG.warn("cannot write the index of the cache, the next start may find less path={}", directory, e);
            counters.failures.increment();
        }
    }

    /** Keys that the last run has left here. */
    List<BlockKey> loadHotKeys() {
        return HotSet.load(store, directory);
    }

    /** Leaves keys for the next run. */
    void saveHotKeys(List<BlockKey> keys) {
        HotSet.save(store, directory, keys);
    }

    LevelStats stats() {
        long slots = entries.policy().eviction().orElseThrow().weightedSize().orElse(0);
        return counters.stats(entries.estimatedSize(), slots * SlotFiles.SLOT_BYTES);
    }

    /** Bytes of the files that hold slots. */
    long fileBytes() {
        return files.fileBytes();
    }

    void resetStats() {
        counters.reset();
    }

    /** Writes the index and gives the directory back. Idempotent. */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        settle();
        rewriteIndex();
        closed = true;
        index.close();
        files.close();
        lock.close();
    }
}
