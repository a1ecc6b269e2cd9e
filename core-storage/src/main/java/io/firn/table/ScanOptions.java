package io.firn.table;

import io.firn.partition.PartitionFilter;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * What a reader reads.
 *
 * <p>Immutable; thread-safe.
 */
public final class ScanOptions {
    private static final long MIN_MEMORY_BYTES = 1L << 20;
    private static final long MAX_DEFAULT_MEMORY_BYTES = 256L << 20;
    private static final long DEFAULT_MEMORY_BYTES =
            memoryBytesOf(Runtime.getRuntime().maxMemory());

    /** Reads everything that is committed. */
    public static final ScanOptions ALL = builder().build();

    private final PartitionFilter filter;
    private final long fromNs;
    private final long toNs;
    private final Isolation isolation;
    private final ReadOrder order;
    private final Optional<Set<String>> writers;
    private final Predicate<String> writersFirst;
    private final Map<String, Long> fromSequences;
    private final Map<String, Long> toSequences;
    private final long memoryBytes;
    private final boolean counted;

    private ScanOptions(Builder builder) {
        this.filter = builder.filter;
        this.fromNs = builder.fromNs;
        this.toNs = builder.toNs;
        this.isolation = builder.isolation;
        this.order = builder.order;
        this.writers = builder.writers.map(Set::copyOf);
        this.writersFirst = builder.writersFirst;
        this.fromSequences = Map.copyOf(builder.fromSequences);
        this.toSequences = Map.copyOf(builder.toSequences);
        this.memoryBytes = builder.memoryBytes;
        this.counted = builder.counted;
    }

    /** Starts options that read everything that is committed. */
    public static Builder builder() {
        return new Builder();
    }

    /** Partitions to read. */
    public PartitionFilter filter() {
        return filter;
    }

    /** Lowest timestamp, nanoseconds, inclusive. */
    public long fromNs() {
        return fromNs;
    }

    /** End of the time range, nanoseconds, exclusive; {@link Long#MAX_VALUE} means no end. */
    public long toNs() {
        return toNs;
    }

    /** Which records are visible. */
    public Isolation isolation() {
        return isolation;
    }

    /** The order in which records come. */
    public ReadOrder order() {
        return order;
    }

    /** The writers whose records are read; empty for all. */
    public Optional<Set<String>> writers() {
        return writers;
    }

    /** Whether a writer's records come before those of the others, whatever their names are. */
    boolean isFirst(String writerName) {
        return writersFirst.test(writerName);
    }

    /** First sequence to read of a writer, {@link Long#MIN_VALUE} when none was set. */
    public long fromSequence(String writerName) {
        return fromSequences.getOrDefault(writerName, Long.MIN_VALUE);
    }

    /** End of what is read of a writer, exclusive; {@link Long#MAX_VALUE} when none was set. */
    public long toSequence(String writerName) {
        return toSequences.getOrDefault(writerName, Long.MAX_VALUE);
    }

    SequenceRange sequencesOf(String writerName) {
        return new SequenceRange(fromSequence(writerName), toSequence(writerName));
    }

    /** Bound of the memory of all cursors together, bytes. */
    public long memoryBytes() {
        return memoryBytes;
    }

    /** Whether this reading counts as use of the data ({@code track.access}). */
    public boolean isCounted() {
        return counted;
    }

    /** The default of {@link #memoryBytes} under a heap of this size: a quarter of it, at most 256 MiB. */
    static long memoryBytesOf(long maxHeapBytes) {
        return Math.max(MIN_MEMORY_BYTES, Math.min(MAX_DEFAULT_MEMORY_BYTES, maxHeapBytes / 4));
    }

    boolean includes(long timestampNs) {
        return timestampNs >= fromNs && (timestampNs < toNs || toNs == Long.MAX_VALUE);
    }

    boolean overlaps(long minTimestampNs, long maxTimestampNs) {
        return maxTimestampNs >= fromNs && (minTimestampNs < toNs || toNs == Long.MAX_VALUE);
    }

    boolean hasTimeRange() {
        return fromNs != Long.MIN_VALUE || toNs != Long.MAX_VALUE;
    }

    /** Builds the options. Confined to one thread. */
    public static final class Builder {
        private PartitionFilter filter = PartitionFilter.all();
        private long fromNs = Long.MIN_VALUE;
        private long toNs = Long.MAX_VALUE;
        private Isolation isolation = Isolation.READ_COMMITTED;
        private ReadOrder order = ReadOrder.WRITER;
        private Optional<Set<String>> writers = Optional.empty();
        private Predicate<String> writersFirst = writer -> false;
        private Map<String, Long> fromSequences = Map.of();
        private Map<String, Long> toSequences = Map.of();
        private long memoryBytes = DEFAULT_MEMORY_BYTES;
        private boolean counted = true;

        private Builder() {}

        /** Reads only partitions that match; others are never opened. */
        public Builder filter(PartitionFilter value) {
            this.filter = value;
            return this;
        }

        /** Reads only records with a timestamp of at least this many nanoseconds since the epoch. */
        public Builder fromNs(long value) {
            this.fromNs = value;
            return this;
        }

        /** Reads only records with a timestamp below this many nanoseconds since the epoch. */
        public Builder toNs(long value) {
            this.toNs = value;
            return this;
        }

        /** Default {@link Isolation#READ_COMMITTED}. */
        public Builder isolation(Isolation value) {
            this.isolation = value;
            return this;
        }

        /** Default {@link ReadOrder#WRITER}; the other orders need {@link Isolation#READ_COMMITTED}. */
        public Builder order(ReadOrder value) {
            this.order = value;
            return this;
        }

        /** Reads only the records of one writer. */
        public Builder writer(String name) {
            return writers(Set.of(name));
        }

        /** Reads only the records of these writers, one after the other in the order of their names. */
        public Builder writers(Set<String> names) {
            this.writers = Optional.of(names);
            return this;
        }

        /** Reads the records of some writers before those of the others; only in {@link ReadOrder#WRITER}. */
        public Builder writersFirst(Predicate<String> names) {
            this.writersFirst = names;
            return this;
        }

        /** Starts each named writer's records at a sequence, inclusive. */
        public Builder fromSequences(Map<String, Long> value) {
            this.fromSequences = value;
            return this;
        }

        /**
         * Ends each named writer's records before a sequence: files that hold only later ones are not opened. Needs
         * {@link ReadOrder#WRITER}.
         */
        public Builder toSequences(Map<String, Long> value) {
            this.toSequences = value;
            return this;
        }

        /**
         * Bounds the memory of all cursors together; default a quarter of the heap's limit, at most 256 MiB. Files that
         * overlap so much that a cursor for each does not fit are read in small pieces and opened again for each piece.
         */
        public Builder memoryBytes(long value) {
            if (value < MIN_MEMORY_BYTES) {
                throw new IllegalArgumentException("memoryBytes " + value + " is less than 1 MiB");
            }
            this.memoryBytes = value;
            return this;
        }

        /**
         * Whether this reading counts as use of the data, which starts the time of idle-after again; default true.
         * What reads everything by schedule, as a backup does, should not count.
         */
        public Builder counted(boolean value) {
            this.counted = value;
            return this;
        }

        /** Builds the options. */
        public ScanOptions build() {
            if (fromNs > toNs) {
                throw new IllegalArgumentException("time range [" + fromNs + ", " + toNs + ") ends before it starts");
            }
            if (order != ReadOrder.WRITER && isolation != Isolation.READ_COMMITTED) {
                throw new IllegalArgumentException("order " + order
                        + " of records that may be withdrawn; read committed ones, or in order WRITER");
            }
            if (order != ReadOrder.WRITER && !toSequences.isEmpty()) {
                throw new IllegalArgumentException(
                        "order " + order + " with ends of writers; read in order WRITER, or to the end");
            }
            return new ScanOptions(this);
        }
    }
}
