package io.firn.series;

import io.firn.cache.CacheOption;
import io.firn.cache.CacheOptions;
import io.firn.error.ConfigException;
import io.firn.series.codec.TimestampCodec;
import io.firn.series.codec.ValueCodec;
import io.firn.table.ByteSize;
import io.firn.table.DurationText;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Every option of a series store: its name, type, default, limits and meaning. The one list from which the parser and
 * the documentation are made. Thread-safe.
 */
public enum SeriesOption {
    /** Unit of timestamps. */
    TIMESTAMP_UNIT(
            "timestamp.unit",
            Kind.UNIT,
            "ms",
            "Unit of the timestamps: s, ms, us or ns. Fixed when the store is made."),
    /** When batches are committed. */
    COMMIT_EVERY(
            "commit.every",
            Kind.COMMIT,
            "write",
            "When written samples become durable: write (before write returns), flush (with the next flush), or a"
                    + " duration like 1s: with the first write that comes so long after the last commit."),
    /** Age of the head. */
    BLOCK_DURATION("block.duration", Kind.DURATION, "2h", "Age of its first sample at which the head becomes a block."),
    /** Samples of the head. */
    HEAD_MAX_SAMPLES(
            "head.max.samples",
            Kind.COUNT,
            "8000000",
            "1",
            "1000000000",
            "Samples in the head at which it becomes a block; each takes 16 to 32 bytes of memory."),
    /** Memory of the head. */
    HEAD_MAX_BYTES(
            "head.max.bytes",
            Kind.SIZE,
            "256MiB",
            "64KiB",
            Long.MAX_VALUE + "",
            "Memory of the samples in the head at which it becomes a block."),
    /** Series of the head. */
    HEAD_MAX_SERIES(
            "head.max.series",
            Kind.COUNT,
            "5000000",
            "1",
            "100000000",
            "Series in the head above which a write with a new one is refused."),
    /** Labels of a series. */
    LABEL_MAX_COUNT("label.max.count", Kind.COUNT, "64", "0", "65535", "Most labels of a series."),
    /** Length of names. */
    LABEL_NAME_MAX_LENGTH(
            "label.name.max.length", Kind.COUNT, "256", "1", "4096", "Most characters of a label's name."),
    /** Length of values. */
    LABEL_VALUE_MAX_LENGTH(
            "label.value.max.length", Kind.COUNT, "2048", "1", "8192", "Most characters of a label's value."),
    /** Blocks that are compacted. */
    COMPACT_MIN_BLOCKS(
            "compact.min.blocks",
            Kind.COUNT,
            "4",
            "2",
            "1000",
            "Neighbouring small blocks from which maintenance makes one; compact() does from 2 on."),
    /** Samples of compacted blocks. */
    COMPACT_MAX_SAMPLES(
            "compact.max.samples", Kind.COUNT, "200000000", "1", "4000000000", "Most samples of a compacted block."),
    /** Size of compacted blocks. */
    COMPACT_MAX_BYTES(
            "compact.max.bytes", Kind.SIZE, "512MiB", "1", Long.MAX_VALUE + "", "Most bytes of a compacted block."),
    /** Time range of compacted blocks. */
    COMPACT_MAX_DURATION(
            "compact.max.duration", Kind.DURATION, "31d", "Longest range of timestamps of a compacted block."),
    /** Retention. */
    RETENTION("retention", Kind.OPTIONAL_DURATION, "none", "Age at which whole blocks are removed; none keeps them."),
    /** What retention is measured from. */
    RETENTION_REFERENCE(
            "retention.reference",
            Kind.REFERENCE,
            "earlier",
            "What age is measured from: newest (sample), clock, or the earlier of both, so that one wrong timestamp or"
                    + " clock removes nothing."),
    /** Age of cold blocks. */
    COLD_AFTER(
            "cold.after",
            Kind.OPTIONAL_DURATION,
            "7d",
            "How long after it was made maintenance compresses a block with zstd; none leaves that to compress()."),
    /** Reads that promote. */
    PROMOTE_READS(
            "promote.reads",
            Kind.COUNT,
            "0",
            "0",
            "1000000000",
            "Selections of a cold block, since it is cold or the store was opened, after which maintenance decompresses"
                    + " it; 0 is never. It stays so for cold.after."),
    /** Codec of timestamps. */
    CODEC_TIMESTAMPS(
            "codec.timestamps", Kind.TIMESTAMP_CODEC, "adaptive", "Codec of timestamps; adaptive takes the smallest."),
    /** Codec of values. */
    CODEC_VALUES("codec.values", Kind.VALUE_CODEC, "adaptive", "Codec of values; adaptive takes the smallest."),
    /** Threshold of codecs. */
    CODEC_THRESHOLD(
            "codec.threshold.bytes",
            Kind.SIZE,
            "256",
            "0",
            "1MiB",
            "Chunks of fewer raw bytes, 16 for a sample, stay raw."),
    /** Segments. */
    SEGMENT_SIZE("segment.size", Kind.SIZE, "64MiB", "128KiB", "1GiB", "Size of a segment before it rolls."),
    /** Memory of indexes. */
    INDEX_CACHE_BYTES(
            "index.cache.bytes",
            Kind.SIZE,
            "64MiB",
            "0",
            Long.MAX_VALUE + "",
            "Memory for the indexes of blocks; those of running selections come on top."),
    /** Taking over. */
    TAKE_OVER(
            "take.over",
            Kind.FLAG,
            "false",
            "Whether a process that has the store open is fenced off; otherwise opening it a second time is refused."),
    /** Cache. */
    CACHE_ENABLED(CacheOption.ENABLED),
    /** Memory of the cache. */
    CACHE_L1_MAX_BYTES(CacheOption.L1_MAX_BYTES),
    /** Its first local directory. */
    CACHE_L2_PATH(CacheOption.L2_PATH),
    /** Size of that. */
    CACHE_L2_MAX_BYTES(CacheOption.L2_MAX_BYTES),
    /** Its second local directory. */
    CACHE_L3_PATH(CacheOption.L3_PATH),
    /** Size of that. */
    CACHE_L3_MAX_BYTES(CacheOption.L3_MAX_BYTES),
    /** Promotion. */
    CACHE_PROMOTE_AFTER(CacheOption.PROMOTE_AFTER),
    /** Guesses. */
    CACHE_PREFETCH_MAX_BYTES(CacheOption.PREFETCH_MAX_BYTES),
    /** Interval of task {@code cache_maintenance}. */
    CACHE_MAINTENANCE_INTERVAL_MS(CacheOption.MAINTENANCE_INTERVAL_MS),
    /** Background work. */
    BACKGROUND_ENABLED(
            "background.enabled",
            Kind.FLAG,
            "true",
            "Whether the store maintains itself; with false nothing happens and no thread exists, call maintain()."),
    /** Interval of task {@code block_compaction}. */
    BACKGROUND_COMPACTION_INTERVAL(
            "background.compaction.interval",
            Kind.DURATION,
            "5m",
            "Time between two looks for heads to cut, blocks to compact and blocks to move between the tiers."),
    /** Interval of task {@code metrics_collection}. */
    BACKGROUND_METRICS_INTERVAL(
            "background.metrics.interval",
            Kind.DURATION,
            "10s",
            "Time between two collections of what JMX shows of the store."),
    /** Interval of task {@code cleanup}. */
    BACKGROUND_CLEANUP_INTERVAL(
            "background.cleanup.interval",
            Kind.DURATION,
            "1h",
            "Time between two removals of expired blocks and of files that count no more."),
    /** Closing. */
    BACKGROUND_STOP_TIMEOUT(
            "background.stop.timeout",
            Kind.DURATION,
            "30s",
            "How long closing waits for background work, and once more after interrupting it."),
    /** Metrics. */
    METRICS_ENABLED(
            "metrics.enabled",
            Kind.FLAG,
            "true",
            "Whether operations are counted and timed; with false no clock is read and those figures are 0."),
    /** JMX. */
    METRICS_JMX(
            "metrics.jmx",
            Kind.FLAG,
            "false",
            "Whether the platform's JMX server shows the store, as io.firn:type=Operations and type=SeriesStore.");

    private static final String CACHE_PREFIX = "cache.";

    private enum Kind {
        SIZE,
        COUNT,
        FLAG,
        DURATION,
        OPTIONAL_DURATION,
        UNIT,
        COMMIT,
        REFERENCE,
        TIMESTAMP_CODEC,
        VALUE_CODEC,
        CACHE
    }

    private final String key;
    private final Kind kind;
    private final String defaultText;
    private final String lowest;
    private final String highest;
    private final String documentation;

    SeriesOption(String key, Kind kind, String defaultText, String documentation) {
        this(key, kind, defaultText, "0", Long.MAX_VALUE + "", documentation);
    }

    SeriesOption(String key, Kind kind, String defaultText, String lowest, String highest, String documentation) {
        this.key = key;
        this.kind = kind;
        this.defaultText = defaultText;
        this.lowest = lowest;
        this.highest = highest;
        this.documentation = documentation;
    }

    /** An option of the cache, under its own name behind a prefix. */
    SeriesOption(CacheOption option) {
        this("cache." + option.key(), Kind.CACHE, option.defaultText(), option.documentation());
    }

    /** Whether it is one of the cache's. */
    boolean isOfCache() {
        return kind == Kind.CACHE;
    }

    /** The name that it has as an option of a cache. */
    String cacheKey() {
        return key.substring(CACHE_PREFIX.length());
    }

    /** The option's name, for example {@code commit.every}. */
    public String key() {
        return key;
    }

    /** The default as text. */
    public String defaultText() {
        return defaultText;
    }

    /** A sentence or two about it. */
    public String documentation() {
        return documentation;
    }

    /** Finds an option by its name. */
    public static Optional<SeriesOption> find(String key) {
        for (SeriesOption option : values()) {
            if (option.key.equals(key)) {
                return Optional.of(option);
            }
        }
        return Optional.empty();
    }

    /**
     * Reads a value and checks its limits.
     *
     * @throws ConfigException quoting the value and naming the remedy
     */
    Object parse(String text) {
        try {
            Object value = read(text.strip());
            if (value instanceof Long number && (number < limit(lowest) || number > limit(highest))) {
                throw new ConfigException("use " + lowest + " to " + highest);
            }
            return value;
        } catch (ConfigException invalid) {
            throw new ConfigException("Invalid value '" + text + "' for '" + key + "': " + invalid.getMessage()
                    + " (default " + defaultText + ").");
        }
    }

    private long limit(String text) {
        return (Long) read(text);
    }

    private Object read(String text) {
        return switch (kind) {
            case SIZE -> ByteSize.parse(text);
            case COUNT -> count(text);
            case FLAG -> flag(text);
            case DURATION -> positive(DurationText.parse(text));
            case OPTIONAL_DURATION ->
                text.equals("none") ? Optional.empty() : Optional.of(positive(DurationText.parse(text)));
            case UNIT -> TimestampUnit.parse(text);
            case COMMIT -> CommitRule.parse(text);
            case REFERENCE -> constant(RetentionReference.class, text);
            case TIMESTAMP_CODEC -> constant(TimestampCodec.class, text);
            case VALUE_CODEC -> constant(ValueCodec.class, text);
            case CACHE -> ofCache(text);
        };
    }

    private String ofCache(String text) {
        CacheOptions.fromProperties(Map.of(cacheKey(), text));
        return text;
    }

    private static Duration positive(Duration duration) {
        if (duration.isZero()) {
            throw new ConfigException("use more than 0");
        }
        return duration;
    }

    private static long count(String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException notANumber) {
            throw new ConfigException("use a whole number", notANumber);
        }
    }

    private static boolean flag(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new ConfigException("use true or false");
        };
    }

    private static <E extends Enum<E>> E constant(Class<E> type, String text) {
        for (E constant : type.getEnumConstants()) {
            if (constant.name().toLowerCase(Locale.ROOT).equals(text.toLowerCase(Locale.ROOT))) {
                return constant;
            }
        }
        throw new ConfigException(
                "use one of " + Arrays.toString(type.getEnumConstants()).toLowerCase(Locale.ROOT));
    }
}
