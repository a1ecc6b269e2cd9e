package io.firn.series;

import io.firn.cache.CacheOptions;
import io.firn.error.ConfigException;
import io.firn.series.codec.ChunkOptions;
import io.firn.series.codec.TimestampCodec;
import io.firn.series.codec.ValueCodec;
import io.firn.table.TableEnvironment;
import io.firn.task.BackgroundOptions;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * How a series store is opened; {@link SeriesOption} documents each option. Nothing but the unit of the timestamps is
 * stored. Immutable; thread-safe.
 */
public final class SeriesStoreOptions {
    private final Map<SeriesOption, Object> values = new EnumMap<>(SeriesOption.class);
    private final boolean unitGiven;
    private final CacheOptions cache;
    private final TableEnvironment environment;

    private SeriesStoreOptions(Builder builder) {
        for (SeriesOption option : SeriesOption.values()) {
            String text = builder.texts.get(option);
            values.put(option, option.parse(text == null ? option.defaultText() : text));
        }
        this.unitGiven = builder.texts.containsKey(SeriesOption.TIMESTAMP_UNIT);
        Map<String, String> ofCache = builder.ofCache();
        this.cache = CacheOptions.fromProperties(ofCache);
        this.environment = builder.environment;
        if (!ofCache.isEmpty() && environment.givenCache().isPresent()) {
            throw new ConfigException("The environment has a cache already, so " + ofCache.keySet()
                    + " of the store's cache. options would do nothing; leave one of the two out");
        }
    }

    /** The defaults. */
    public static SeriesStoreOptions defaults() {
        return builder().build();
    }

    /** Starts from the defaults. */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Reads options by their names.
     *
     * @throws ConfigException when a name is unknown or a value invalid; the message says what to write instead
     */
    public static SeriesStoreOptions fromProperties(Map<String, String> properties) {
        Builder builder = builder();
        properties.forEach((key, text) -> {
            SeriesOption option = SeriesOption.find(key)
                    .orElseThrow(() -> new ConfigException("Unknown option '" + key + "' of a series store; use one of "
                            + Arrays.stream(SeriesOption.values())
                                    .map(SeriesOption::key)
                                    .toList()));
            builder.set(option, text);
        });
        return builder.build();
    }

    /** The unit of timestamps when the options say one. */
    Optional<TimestampUnit> givenUnit() {
        return unitGiven ? Optional.of(unit()) : Optional.empty();
    }

    TimestampUnit unit() {
        return value(SeriesOption.TIMESTAMP_UNIT, TimestampUnit.class);
    }

    CommitRule commitRule() {
        return value(SeriesOption.COMMIT_EVERY, CommitRule.class);
    }

    RetentionReference retentionReference() {
        return value(SeriesOption.RETENTION_REFERENCE, RetentionReference.class);
    }

    ChunkOptions chunkOptions() {
        return new ChunkOptions(
                value(SeriesOption.CODEC_TIMESTAMPS, TimestampCodec.class),
                value(SeriesOption.CODEC_VALUES, ValueCodec.class),
                (int) number(SeriesOption.CODEC_THRESHOLD));
    }

    boolean takeOver() {
        return flag(SeriesOption.TAKE_OVER);
    }

    boolean flag(SeriesOption option) {
        return value(option, Boolean.class);
    }

    /** The options of the store's own cache. */
    CacheOptions cacheOptions() {
        return cache;
    }

    /** What the background does; in a deterministic environment nothing. */
    BackgroundOptions backgroundOptions() {
        return new BackgroundOptions(
                flag(SeriesOption.BACKGROUND_ENABLED) && !environment.isDeterministic(),
                Duration.ofMillis(cache.maintenanceIntervalMs()),
                duration(SeriesOption.BACKGROUND_COMPACTION_INTERVAL),
                duration(SeriesOption.BACKGROUND_METRICS_INTERVAL),
                duration(SeriesOption.BACKGROUND_CLEANUP_INTERVAL),
                duration(SeriesOption.BACKGROUND_STOP_TIMEOUT));
    }

    long number(SeriesOption option) {
        return value(option, Long.class);
    }

    Duration duration(SeriesOption option) {
        return value(option, Duration.class);
    }

    Optional<Duration> optionalDuration(SeriesOption option) {
        Optional<?> value = value(option, Optional.class);
        return value.map(Duration.class::cast);
    }

    TableEnvironment environment() {
        return environment;
    }

    private <T> T value(SeriesOption option, Class<T> type) {
        Object value = values.get(option);
        return type.cast(value == null ? option.parse(option.defaultText()) : value);
    }

    /** Collects options. Confined to one thread. */
    public static final class Builder {
        private final Map<SeriesOption, String> texts = new EnumMap<>(SeriesOption.class);
        private TableEnvironment environment = TableEnvironment.system();

        private Builder() {}

        /**
         * Sets any option from its text.
         *
         * @throws ConfigException quoting the value and naming the remedy
         */
        public Builder set(SeriesOption option, String text) {
            option.parse(text);
            texts.put(option, text);
            return this;
        }

        private Map<String, String> ofCache() {
            Map<String, String> set = new HashMap<>();
            texts.forEach((option, text) -> {
                if (option.isOfCache()) {
                    set.put(option.cacheKey(), text);
                }
            });
            return set;
        }

        /**
         * Files, time and memory that the store uses; default the system's. A cache that it was given serves the store,
         * too, and belongs to who opened it.
         */
        public Builder environment(TableEnvironment value) {
            this.environment = value;
            return this;
        }

        /** Builds the options. */
        public SeriesStoreOptions build() {
            return new SeriesStoreOptions(this);
        }
    }
}
