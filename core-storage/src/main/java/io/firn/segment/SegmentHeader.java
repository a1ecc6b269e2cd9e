package io.firn.segment;

import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;

/**
 * The first bytes of a segment: who wrote it and how to read it. Never changed after the file was made.
 *
 * @param tableId the table that the segment belongs to
 * @param salt mixed into every checksum of the file, so that bytes of other files do not pass; any int
 * @param generation 0 for what a writer wrote, one more with each rewrite
 * @param epoch the epoch of the writer, or of the catalog for rewritten segments
 * @param baseSequence the base of context 0
 * @param createdMs when the file was made, milliseconds since the epoch
 * @param optionalFeatures features that a reader may ignore
 * @param properties names and values; {@link #LANE} and {@link #PARTITION} together define context 0
 */
public record SegmentHeader(
        UUID tableId,
        int salt,
        int generation,
        long epoch,
        long baseSequence,
        long createdMs,
        int optionalFeatures,
        SortedMap<String, String> properties) {
    /** Property: the lane of context 0. */
    public static final String LANE = "lane";
    /** Property: the partition of all records; absent when a mapped writer mixes partitions. */
    public static final String PARTITION = "partition";
    /** Property: what the table keeps, for example {@code records} or {@code series}. */
    public static final String KIND = "kind";

    /** Copies the properties and checks the generation. */
    public SegmentHeader {
        if (generation < 0) {
            throw new IllegalArgumentException("generation " + generation);
        }
        properties = Collections.unmodifiableSortedMap(new TreeMap<>(properties));
    }

    /** Starts a header. */
    public static Builder builder(UUID tableId) {
        return new Builder(tableId);
    }

    /** The lane of context 0, if all records of the segment without a context reference have one. */
    public Optional<String> lane() {
        return Optional.ofNullable(properties.get(LANE));
    }

    /** The partition of all records, empty when the segment mixes partitions. */
    public Optional<String> partitionPath() {
        return Optional.ofNullable(properties.get(PARTITION));
    }

    /** The context that the header defines, if it does. */
    public Optional<SegmentContext> contextZero() {
        return lane().flatMap(l -> partitionPath().map(p -> new SegmentContext(0, l, p, baseSequence)));
    }

    /** Builds a header; everything but the table's id has a default (zero, empty). Confined to one thread. */
    public static final class Builder {
        private final UUID tableId;
        private final SortedMap<String, String> properties = new TreeMap<>();
        private int salt;
        private int generation;
        private long epoch;
        private long baseSequence;
        private long createdMs;
        private int optionalFeatures;

        private Builder(UUID tableId) {
            this.tableId = tableId;
        }

        /** A random number; the same for no two files that may follow each other on the same blocks. */
        public Builder salt(int value) {
            this.salt = value;
            return this;
        }

        /** 0 for what a writer wrote, one more with each rewrite. */
        public Builder generation(int value) {
            this.generation = value;
            return this;
        }

        /** The epoch of the writer or of the catalog. */
        public Builder epoch(long value) {
            this.epoch = value;
            return this;
        }

        /** The base of context 0. */
        public Builder baseSequence(long value) {
            this.baseSequence = value;
            return this;
        }

        /** When the file was made, milliseconds since the epoch. */
        public Builder createdMs(long value) {
            this.createdMs = value;
            return this;
        }

        /** Features that a reader may ignore. */
        public Builder optionalFeatures(int bits) {
            this.optionalFeatures = bits;
            return this;
        }

        /** The lane of context 0. */
        public Builder lane(String lane) {
            return property(LANE, lane);
        }

        /** The partition of all records, "" in an unpartitioned table. */
        public Builder partitionPath(String path) {
            return property(PARTITION, path);
        }

        /** Any property. */
        public Builder property(String name, String value) {
            properties.put(name, value);
            return this;
        }

        /** Any properties. */
        public Builder properties(Map<String, String> values) {
            properties.putAll(values);
            return this;
        }

        /** Builds the header. */
        public SegmentHeader build() {
            return new SegmentHeader(
                    tableId, salt, generation, epoch, baseSequence, createdMs, optionalFeatures, properties);
        }
    }
}
