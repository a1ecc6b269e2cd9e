package io.firn.fs;

import io.firn.metrics.PoolStats;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Direct buffers that are used again instead of being allocated and zeroed each time.
 *
 * <p>Sizes are rounded up to classes (four per doubling, from 4 KiB), so that a buffer fits the next caller and wastes
 * at most a quarter. Idle buffers are kept up to a number of bytes; above it, and for single requests larger than that
 * bound, buffers are left to the garbage collector. Thread-safe.
 */
public final class BufferPool {
    /** Smallest buffer that is handed out. */
    static final int MIN_CLASS_BYTES = 4 << 10;

    private static final int STEPS_PER_DOUBLING = 4;
    private static final int MIN_CLASS_LOG = Integer.numberOfTrailingZeros(MIN_CLASS_BYTES);
    private static final int CLASSES = (Integer.SIZE - 1 - MIN_CLASS_LOG) * STEPS_PER_DOUBLING + 1;

    private final long maxIdleBytes;
    private final ConcurrentLinkedDeque<ByteBuffer>[] idle;
    private final AtomicLong idleBytes = new AtomicLong();
    private final AtomicLong outstanding = new AtomicLong();
    private final LongAdder reused = new LongAdder();
    private final LongAdder allocated = new LongAdder();
    private final AtomicLong idleCount = new AtomicLong();
    private final @Nullable LeakRecorder leaks;

    /**
     * Creates a pool.
     *
     * @param maxIdleBytes bytes that may lie idle in the pool, {@code >= 0}; 0 keeps none
     */
    public BufferPool(long maxIdleBytes) {
        this(maxIdleBytes, false);
    }

    /** Creates a pool as options say. */
    public BufferPool(PoolOptions options) {
        this(options.idleBufferBytes(), options.leakDetection());
    }

    private BufferPool(long maxIdleBytes, boolean leakDetection) {
        if (maxIdleBytes < 0) {
            throw new IllegalArgumentException("maxIdleBytes " + maxIdleBytes + " is negative");
        }
        this.maxIdleBytes = maxIdleBytes;
        this.idle = newDeques();
        this.leaks = leakDetection ? new LeakRecorder() : null;
    }

    /** A pool that keeps at most 64 MiB idle, and never more than an eighth of the heap's limit. */
    public static BufferPool withDefaultBound() {
        return new BufferPool(PoolOptions.defaults());
    }

    /**
     * Takes a buffer. Its content is arbitrary; its position is 0 and its limit {@code sizeBytes}.
     *
     * @param sizeBytes usable bytes, {@code >= 0}
     * @return a buffer with one reference, which the caller closes
     */
    public PooledBuffer take(int sizeBytes) {
        if (sizeBytes < 0) {
            throw new IllegalArgumentException("sizeBytes " + sizeBytes + " is negative");
        }
        int sizeClass = classOf(sizeBytes);
        ByteBuffer memory = idle[sizeClass].pollFirst();
        if (memory == null) {
            memory = ByteBuffer.allocateDirect(classBytes(sizeClass));
            allocated.increment();
        } else {
            idleBytes.addAndGet(-memory.capacity());
            idleCount.decrementAndGet();
            reused.increment();
        }
        outstanding.incrementAndGet();
        PooledBuffer buffer = new PooledBuffer(this, memory, sizeBytes);
        if (leaks != null) {
            leaks.taken(buffer);
        }
        return buffer;
    }

    void giveBack(PooledBuffer buffer, ByteBuffer memory) {
        if (leaks != null) {
            leaks.givenBack(buffer);
        }
        outstanding.decrementAndGet();
        int bytes = memory.capacity();
        if (idleBytes.addAndGet(bytes) > maxIdleBytes) {
            idleBytes.addAndGet(-bytes);
            return;
        }
        idleCount.incrementAndGet();
        idle[classOf(bytes)].offerFirst(memory);
    }

    /** Buffers that were served from the pool so far. */
    public long reusedCount() {
        return reused.sum();
    }

    /** Buffers that had to be allocated so far. */
    public long allocatedCount() {
        return allocated.sum();
    }

    /** Buffers that are taken and not given back yet; 0 when nobody leaks. */
    public long outstandingCount() {
        return outstanding.get();
    }

    /** What the pool did so far. */
    public PoolStats stats() {
        long created = allocated.sum();
        long acquired = created + reused.sum();
        return new PoolStats(created, acquired, acquired - outstanding.get(), idleCount.get());
    }

    /** Where each buffer was taken that is not given back yet; empty without leak detection. */
    public List<Throwable> outstandingPlaces() {
        return leaks == null ? List.of() : leaks.places();
    }

    /** Bytes that lie idle at present. */
    public long idleBytes() {
        return idleBytes.get();
    }

    /** The class whose buffers hold this many bytes. */
    static int classOf(int sizeBytes) {
        if (sizeBytes <= MIN_CLASS_BYTES) {
            return 0;
        }
        int log = Integer.SIZE - 1 - Integer.numberOfLeadingZeros(sizeBytes - 1);
        int step = (sizeBytes - 1 - (1 << log)) >>> (log - 2);
        return (log - MIN_CLASS_LOG) * STEPS_PER_DOUBLING + step + 1;
    }

    /** Bytes of the buffers of a class; the largest class is bounded by what a buffer can hold. */
    static int classBytes(int sizeClass) {
        int doubling = sizeClass / STEPS_PER_DOUBLING;
        int step = sizeClass % STEPS_PER_DOUBLING;
        long base = (long) MIN_CLASS_BYTES << doubling;
        return (int) Math.min(Integer.MAX_VALUE, base + base / STEPS_PER_DOUBLING * step);
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    private static ConcurrentLinkedDeque<ByteBuffer>[] newDeques() {
        ConcurrentLinkedDeque<ByteBuffer>[] deques = new ConcurrentLinkedDeque[CLASSES];
        for (int i = 0; i < CLASSES; i++) {
            deques[i] = new ConcurrentLinkedDeque<>();
        }
        return deques;
    }
}
