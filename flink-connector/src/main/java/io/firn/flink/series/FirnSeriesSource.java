package io.firn.flink.series;

import io.firn.error.ConfigException;
import io.firn.flink.TableLocation;
import io.firn.series.SelectorText;
import java.time.Instant;
import java.util.List;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.connector.source.Boundedness;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.api.java.typeutils.ResultTypeQueryable;
import org.apache.flink.core.io.SimpleVersionedSerializer;

/**
 * Reads a selection of a series store, or of a directory of them, while others write it; bounded by the times of the
 * samples that are there when the job starts. Each part of that time shows what is committed when it is read; every
 * sample of it comes once, also over failures. Elements have the times of the samples as event time, and come series by
 * series, not in the order of time. See {@code docs/flink.md}. Immutable.
 *
 * @param <T> type of the elements
 */
public final class FirnSeriesSource<T>
        implements Source<T, SeriesSplit, SeriesEnumeratorState>, ResultTypeQueryable<T> {
    private static final long serialVersionUID = 1L;

    private final SeriesSettings settings;
    private final SeriesMapper<T> mapper;

    FirnSeriesSource(SeriesSettings settings, SeriesMapper<T> mapper) {
        this.settings = settings;
        this.mapper = mapper;
    }

    /** Starts a source of such elements. */
    public static <T> Builder<T> builder(SeriesMapper<T> mapper) {
        return new Builder<>(mapper);
    }

    @Override
    public Boundedness getBoundedness() {
        return Boundedness.BOUNDED;
    }

    @Override
    public SplitEnumerator<SeriesSplit, SeriesEnumeratorState> createEnumerator(
            SplitEnumeratorContext<SeriesSplit> context) {
        return restoreEnumerator(context, SeriesEnumeratorState.NEW);
    }

    @Override
    public SplitEnumerator<SeriesSplit, SeriesEnumeratorState> restoreEnumerator(
            SplitEnumeratorContext<SeriesSplit> context, SeriesEnumeratorState state) {
        return new SeriesEnumerator(context, settings, state);
    }

    @Override
    public SourceReader<T, SeriesSplit> createReader(SourceReaderContext context) {
        return new SeriesSourceReader<>(settings, mapper, context);
    }

    @Override
    public SimpleVersionedSerializer<SeriesSplit> getSplitSerializer() {
        return new SeriesSplitSerializer();
    }

    @Override
    public SimpleVersionedSerializer<SeriesEnumeratorState> getEnumeratorCheckpointSerializer() {
        return new SeriesEnumeratorStateSerializer();
    }

    @Override
    public TypeInformation<T> getProducedType() {
        return mapper.getProducedType();
    }

    /** Collects options. Confined to one thread. */
    public static final class Builder<T> {
        private static final long SPLIT_SAMPLES = 4_000_000;

        private final SeriesMapper<T> mapper;
        private String path = "";
        private String table = "";
        private String archiveId = "";
        private String ioMode = "auto";
        private String sharedFs = "";
        private SeriesChoice choice = SeriesChoice.ALL;
        private long splitSamples = SPLIT_SAMPLES;

        private Builder(SeriesMapper<T> mapper) {
            this.mapper = mapper;
        }

        /** Absolute path or {@code file:} URI of the archive's root, the same on every host; required. */
        public Builder<T> path(String value) {
            path = value;
            return this;
        }

        /** Name of the store below the root, or of a directory of stores, as the Kafka sink makes it; required. */
        public Builder<T> table(String value) {
            table = value;
            return this;
        }

        /** The root must have this id; default any. */
        public Builder<T> archiveId(String value) {
            archiveId = value;
            return this;
        }

        /** Option {@code io.mode} or {@code shared.fs}. */
        public Builder<T> option(String name, String value) {
            switch (name) {
                case "io.mode" -> ioMode = value;
                case "shared.fs" -> sharedFs = value;
                default -> throw new ConfigException("Unknown option '" + name + "'; use io.mode or shared.fs");
            }
            return this;
        }

        /** Series that are read, as Prometheus writes them: {@code cpu{host=~"a|b"}}; default all. */
        public Builder<T> select(String selector) {
            List<SeriesChoice.Condition> conditions = SelectorText.parse(selector).stream()
                    .map(SeriesChoice.Condition::of)
                    .toList();
            choice = choice.and(conditions, Long.MIN_VALUE, Long.MAX_VALUE);
            return this;
        }

        /** Samples from this time on. */
        public Builder<T> from(Instant time) {
            choice = choice.and(List.of(), SeriesChoice.nanos(time), Long.MAX_VALUE);
            return this;
        }

        /** Samples before this time. */
        public Builder<T> to(Instant time) {
            choice = choice.and(List.of(), Long.MIN_VALUE, SeriesChoice.nanos(time));
            return this;
        }

        /** About how many samples make a split; default 4 million. */
        public Builder<T> splitSamples(long value) {
            if (value < 1) {
                throw new ConfigException("splitSamples " + value + ": must be at least 1");
            }
            splitSamples = value;
            return this;
        }

        /**
         * Builds the source.
         *
         * @throws ConfigException when the path or the name is missing or wrong
         */
        public FirnSeriesSource<T> build() {
            TableLocation location = new TableLocation(path, table, archiveId, ioMode, sharedFs);
            return new FirnSeriesSource<>(new SeriesSettings(location, choice, splitSamples), mapper);
        }
    }
}
