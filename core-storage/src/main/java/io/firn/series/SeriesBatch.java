package io.firn.series;

import io.firn.error.InvalidRecordException;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * Samples of any number of series that are written together, all or none. May be cleared and filled again.
 *
 * <p>Samples may stand in any order, late ones too; of two of one series with one timestamp the one that was added (or
 * written) last counts. Confined to one thread.
 */
public final class SeriesBatch {
    /** Most characters in the name of a mark. */
    public static final int MAX_MARK_NAME = 1024;

    private Labels[] labels = new Labels[8];
    private SeriesType[] types = new SeriesType[8];
    /** End of the samples of an entry. */
    private int[] ends = new int[8];

    private int entries;
    private final SampleArrays samples = new SampleArrays();
    private final Map<String, Long> marks = new TreeMap<>();

    /** Creates an empty batch. */
    public SeriesBatch() {}

    /**
     * Adds one sample.
     *
     * @param timestamp in the unit of the store
     */
    public SeriesBatch add(Labels series, SeriesType type, long timestamp, double value) {
        entry(series, type);
        samples.add(timestamp, value);
        ends[entries - 1] = samples.size();
        return this;
    }

    /**
     * Adds samples of one series; the arrays are copied.
     *
     * @param timestamps in the unit of the store, in any order
     * @throws InvalidRecordException when there are not as many values as timestamps
     */
    public SeriesBatch add(Labels series, SeriesType type, long[] timestamps, double[] values) {
        if (timestamps.length != values.length) {
            throw new InvalidRecordException("Series " + series + " was given " + timestamps.length + " timestamps and "
                    + values.length + " values; give one value for each timestamp");
        }
        if (timestamps.length > 0) {
            entry(series, type);
            samples.addAll(timestamps, values, 0, timestamps.length);
            ends[entries - 1] = samples.size();
        }
        return this;
    }

    /** Adds everything of another batch, which does not change. */
    public SeriesBatch addAll(SeriesBatch other) {
        for (int entry = 0; entry < other.entries; entry++) {
            entry(other.labels[entry], other.types[entry]);
            for (int i = other.start(entry); i < other.end(entry); i++) {
                samples.add(other.samples.timestamp(i), other.samples.value(i));
            }
            ends[entries - 1] = samples.size();
        }
        marks.putAll(other.marks);
        return this;
    }

    /**
     * Sets a number that the store keeps with the samples of this batch: either both are there after a crash or none,
     * and {@link SeriesStore#marks} tells it, for ever or until it is set again. A position in a source that is read,
     * for example, so that each of its records is stored once. A batch of marks alone is legal.
     *
     * @param name at most {@value #MAX_MARK_NAME} characters, not empty
     * @throws InvalidRecordException when the name is empty, too long, or no valid text
     */
    public SeriesBatch mark(String name, long value) {
        if (name.isEmpty() || name.length() > MAX_MARK_NAME) {
            throw new InvalidRecordException("The name of a mark has " + name.length() + " characters, 1 to "
                    + MAX_MARK_NAME + " are allowed: '" + name.substring(0, Math.min(100, name.length())) + "'");
        }
        if (Labels.halfPair(name) >= 0) {
            throw new InvalidRecordException(
                    "The name of a mark has half of a surrogate pair, so it is no text: '" + name + "'");
        }
        marks.put(name, value);
        return this;
    }

    Map<String, Long> marks() {
        return marks;
    }

    /** Number of samples. */
    public int size() {
        return samples.size();
    }

    /** Removes everything; the memory stays. */
    public SeriesBatch clear() {
        Arrays.fill(labels, 0, entries, null);
        entries = 0;
        samples.clear();
        marks.clear();
        return this;
    }

    int entries() {
        return entries;
    }

    Labels labels(int entry) {
        return labels[entry];
    }

    SeriesType type(int entry) {
        return types[entry];
    }

    int start(int entry) {
        return entry == 0 ? 0 : ends[entry - 1];
    }

    int end(int entry) {
        return ends[entry];
    }

    SampleArrays samples() {
        return samples;
    }

    @SuppressWarnings("ReferenceEquality") // the same object again is the usual case, and cheap to see
    private void entry(Labels series, SeriesType type) {
        Objects.requireNonNull(type);
        if (entries > 0 && labels[entries - 1] == series && types[entries - 1] == type) {
            return;
        }
        if (entries == ends.length) {
            labels = Arrays.copyOf(labels, 2 * entries);
            types = Arrays.copyOf(types, 2 * entries);
            ends = Arrays.copyOf(ends, 2 * entries);
        }
        labels[entries] = Objects.requireNonNull(series);
        types[entries] = type;
        ends[entries++] = samples.size();
    }
}
