package io.firn.table;

import io.firn.partition.PartitionMapping;
import io.firn.partition.PartitionScheme;
import io.firn.partition.PartitionValues;
import io.firn.partition.RecordOrigin;
import io.firn.record.StreamRecord;
import java.util.Map;
import java.util.Optional;

/**
 * How a writer is opened.
 *
 * <p>Without a mapping or a partition the table must be unpartitioned. Immutable; thread-safe.
 */
public final class WriterOptions {
    private final String name;
    private final Optional<PartitionMapping> mapping;
    private final Optional<PartitionValues> partition;
    private final Optional<Roller> roller;
    private final Optional<PartitionScheme> givenScheme;
    private final Optional<LateDataPolicy> lateData;
    private final Optional<String> begunPartition;
    private final RecordOrigin origin;
    private final Map<String, String> properties;
    private final boolean takeOver;

    private WriterOptions(Builder builder) {
        this.name = builder.name;
        this.mapping = builder.mapping;
        this.partition = builder.partition;
        this.roller = builder.roller;
        this.givenScheme = builder.givenScheme;
        this.lateData = builder.lateData;
        this.begunPartition = builder.begunPartition;
        this.origin = builder.origin;
        this.properties = Map.copyOf(builder.properties);
        this.takeOver = builder.takeOver;
    }

    /** Starts the options of a writer with this name; each name is one ordered stream of the table. */
    public static Builder named(String name) {
        return new Builder(name);
    }

    /** The writer's name. */
    public String name() {
        return name;
    }

    /** Routes each record to its partition. */
    public Optional<PartitionMapping> mapping() {
        return mapping;
    }

    /** The one partition that the writer writes to. */
    public Optional<PartitionValues> partition() {
        return partition;
    }

    /** Decides by its time where each record goes. */
    Optional<Roller> roller() {
        return roller;
    }

    /** The scheme of the partitions that the caller gives with each record. */
    Optional<PartitionScheme> givenScheme() {
        return givenScheme;
    }

    /** The same for a rolling writer. */
    WriterOptions rolling(Roller rollerOfWriter, LateDataPolicy policy) {
        Builder builder =
                new Builder(name).origin(origin).properties(properties).takeOver(takeOver);
        builder.roller = Optional.of(rollerOfWriter);
        return builder.lateData(policy).build();
    }

    /** What becomes of late records; empty when the table's options say it. */
    public Optional<LateDataPolicy> lateData() {
        return lateData;
    }

    /** Path of the newest partition that was begun before; empty when the writer begins with none. */
    Optional<String> begunPartition() {
        return begunPartition;
    }

    /** Where the records come from. */
    public RecordOrigin origin() {
        return origin;
    }

    /** What is stored with the lane about its origin. */
    public Map<String, String> properties() {
        return properties;
    }

    /** Whether a writer that has the lane open is fenced off; otherwise opening it a second time is refused. */
    public boolean takeOver() {
        return takeOver;
    }

    /** Builds the options. Confined to one thread. */
    public static final class Builder {
        private final String name;
        private Optional<PartitionMapping> mapping = Optional.empty();
        private Optional<PartitionValues> partition = Optional.empty();
        private Optional<Roller> roller = Optional.empty();
        private Optional<PartitionScheme> givenScheme = Optional.empty();
        private Optional<LateDataPolicy> lateData = Optional.empty();
        private Optional<String> begunPartition = Optional.empty();
        private RecordOrigin origin = RecordOrigin.NONE;
        private Map<String, String> properties = Map.of();
        private boolean takeOver;

        private Builder(String name) {
            this.name = name;
        }

        /** Routes each record to its partition by its fields; not together with {@link #partition}. */
        public Builder mapping(PartitionMapping value) {
            this.mapping = Optional.of(value);
            return this;
        }

        /** Writes straight into one partition; not together with {@link #mapping}. */
        public Builder partition(PartitionValues value) {
            this.partition = Optional.of(value);
            return this;
        }

        /**
         * The caller says with each record which partition it belongs to ({@link TableWriter#append(StreamRecord,
         * PartitionValues)}, {@link AttemptWriter#append(StreamRecord, PartitionValues)}); not together with {@link
         * #mapping} or {@link #partition}.
         */
        public Builder partitionsGiven(PartitionScheme scheme) {
            this.givenScheme = Optional.of(scheme);
            return this;
        }

        /**
         * What becomes of records of earlier partitions than the newest one of this writer; default: what the table's
         * {@code validate.partition.order} and {@code late.data.policy} say.
         */
        public Builder lateData(LateDataPolicy value) {
            this.lateData = Optional.of(value);
            return this;
        }

        /**
         * The newest partition that was begun by the attempt that a {@link AttemptWriter} goes on from ({@link
         * AttemptWriter#newestPartition}): records of earlier ones are late. Other writers know it from what they
         * have committed.
         */
        public Builder begunPartition(String path) {
            this.begunPartition = Optional.of(path);
            return this;
        }

        /** Where the records come from, for mappings that use {@code topic} or {@code partition}; default none. */
        public Builder origin(RecordOrigin value) {
            this.origin = value;
            return this;
        }

        /** Properties that are stored with the lane; default none. */
        public Builder properties(Map<String, String> value) {
            this.properties = value;
            return this;
        }

        /** Fences off a writer that has the lane open instead of refusing; default false. */
        public Builder takeOver(boolean value) {
            this.takeOver = value;
            return this;
        }

        /** Builds the options. */
        public WriterOptions build() {
            return new WriterOptions(this);
        }
    }
}
