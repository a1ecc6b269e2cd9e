package io.firn.flink.source;

import io.firn.error.ConfigException;
import io.firn.flink.TableLocation;
import io.firn.flink.source.SourceSettings.SplitSize;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Builds a {@link FirnSource}. Confined to one thread.
 *
 * @param <T> type of the elements
 */
public final class FirnSourceBuilder<T> {
    private static final long NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final long DEFAULT_SPLIT_RECORDS = 4_000_000;
    private static final long DEFAULT_SPLIT_BYTES = 256L << 20;

    private String path = "";
    private String table = "";
    private String archiveId = "";
    private String ioMode = "auto";
    private String sharedFs = "";
    private String where = "";
    private long fromNs = Long.MIN_VALUE;
    private long toNs = Long.MAX_VALUE;
    private boolean unbounded;
    private boolean ordered;
    private long splitRecords = DEFAULT_SPLIT_RECORDS;
    private long splitBytes = DEFAULT_SPLIT_BYTES;
    private Duration discoveryInterval = Duration.ofSeconds(1);
    private double recordsPerSecond;
    private @Nullable FirnRecordDeserializer<T> deserializer;

    FirnSourceBuilder() {}

    /** The archive's root: an absolute path, or a {@code file:} URI, the same on every host. Required. */
    public FirnSourceBuilder<T> path(String value) {
        this.path = value;
        return this;
    }

    /** Name of the table, which must exist. Required. */
    public FirnSourceBuilder<T> table(String value) {
        this.table = value;
        return this;
    }

    /** The archive must have this id, so that a host with an empty disk fails; default any. */
    public FirnSourceBuilder<T> archiveId(String value) {
        this.archiveId = value;
        return this;
    }

    /** Makes elements of records. Required. */
    public FirnSourceBuilder<T> deserializer(FirnRecordDeserializer<T> value) {
        this.deserializer = value;
        return this;
    }

    /** Reads to what is committed when the job starts, and ends. The default. */
    public FirnSourceBuilder<T> bounded() {
        this.unbounded = false;
        return this;
    }

    /** Goes on with what is committed later, by writers that are there and by new ones. Keeps each writer's order. */
    public FirnSourceBuilder<T> unbounded() {
        this.unbounded = true;
        return this;
    }

    /**
     * Keeps the order of each writer, for records from Kafka that of each Kafka partition, in a bounded job too: one
     * reader reads all of a writer, so that more readers than writers are of no use. Default: ranges of a writer are
     * read at the same time.
     */
    public FirnSourceBuilder<T> ordered() {
        this.ordered = true;
        return this;
    }

    /** Reads only partitions like these, for example {@code dt >= '2001-01-02' and origin = 'ATL'}; default all. */
    public FirnSourceBuilder<T> where(String value) {
        this.where = value;
        return this;
    }

    /** Reads only records with a timestamp from here on. */
    public FirnSourceBuilder<T> from(Instant value) {
        return fromNs(nanos("from", value));
    }

    /** Reads only records with a timestamp before this. */
    public FirnSourceBuilder<T> to(Instant value) {
        return toNs(nanos("to", value));
    }

    /** The same as {@link #from} in nanoseconds since 1970, inclusive. */
    public FirnSourceBuilder<T> fromNs(long value) {
        this.fromNs = value;
        return this;
    }

    /** The same as {@link #to} in nanoseconds since 1970, exclusive. */
    public FirnSourceBuilder<T> toNs(long value) {
        this.toNs = value;
        return this;
    }

    /** About how many records a range of a bounded job has at most; default 4 million. */
    public FirnSourceBuilder<T> splitRecords(long value) {
        this.splitRecords = value;
        return this;
    }

    /** About how many uncompressed bytes a range of a bounded job has at most; default 256 MiB. */
    public FirnSourceBuilder<T> splitBytes(long value) {
        this.splitBytes = value;
        return this;
    }

    /** How often an unbounded job looks for new writers; default 1 s. New records of known ones come sooner. */
    public FirnSourceBuilder<T> discoveryInterval(Duration value) {
        this.discoveryInterval = value;
        return this;
    }

    /** Limits all readers together to so many records a second; default unlimited. */
    public FirnSourceBuilder<T> rateLimit(double value) {
        if (value == 0) {
            throw new ConfigException("Invalid value 0 for the rate limit: nothing would ever come; give a number of"
                    + " records per second, or leave it out");
        }
        this.recordsPerSecond = value;
        return this;
    }

    /** Sets {@code io.mode} or {@code shared.fs}. */
    public FirnSourceBuilder<T> option(String key, String value) {
        switch (key) {
            case "io.mode" -> ioMode = value;
            case "shared.fs" -> sharedFs = value;
            default ->
                throw new ConfigException("Unknown option '" + key + "' of a source; it has io.mode and shared.fs");
        }
        return this;
    }

    /**
     * Builds the source.
     *
     * @throws ConfigException when something required is missing or wrong
     */
    public FirnSource<T> build() {
        return build(false);
    }

    /** The same for a source behind which live Kafka goes on. */
    FirnSource<T> buildForHandOver() {
        if (unbounded || !where.isBlank() || toNs != Long.MAX_VALUE) {
            throw new ConfigException("The archive before live Kafka is read to its end and completely: it cannot be"
                    + " unbounded(), and where() and to() would not hold for live records; filter behind the source");
        }
        ordered = true;
        return build(true);
    }

    private FirnSource<T> build(boolean beforeKafka) {
        if (deserializer == null) {
            throw new ConfigException("The source has no deserializer; give one, for example"
                    + " FirnRecordDeserializer.valueOnly(new SimpleStringSchema())");
        }
        TableLocation location = new TableLocation(path, table, archiveId, ioMode, sharedFs);
        SplitMode bounded = ordered ? SplitMode.ORDERED : SplitMode.RANGES;
        SplitMode mode = unbounded ? SplitMode.FOLLOW : bounded;
        SplitSize size = mode == SplitMode.RANGES
                ? new SplitSize(splitRecords, splitBytes)
                : new SplitSize(Long.MAX_VALUE, Long.MAX_VALUE);
        ReadChoice choice = new ReadChoice(where, fromNs, toNs);
        return new FirnSource<>(
                new SourceSettings(location, choice, mode, size, discoveryInterval, recordsPerSecond, beforeKafka),
                deserializer);
    }

    private static long nanos(String option, Instant value) {
        try {
            return Math.addExact(Math.multiplyExact(value.getEpochSecond(), NANOS_PER_SECOND), value.getNano());
        } catch (ArithmeticException outside) {
            throw new ConfigException(
                    "Invalid value " + value + " for '" + option
                            + "': timestamps are nanoseconds in 64 bits, in the years 1678 to 2261",
                    outside);
        }
    }
}
