package io.firn.series;

/** What the values of a series mean. The store keeps it and does not interpret it. Thread-safe. */
public enum SeriesType {
    /** Not said. */
    UNTYPED(0),
    /** A value that goes up and down. */
    GAUGE(1),
    /** A value that only grows, until it starts again. */
    COUNTER(2),
    /** A part of a histogram. */
    HISTOGRAM(3),
    /** A part of a summary. */
    SUMMARY(4);

    private static final SeriesType[] TYPES = values();

    private final int id;

    SeriesType(int id) {
        this.id = id;
    }

    /** Number in stored records. */
    int id() {
        return id;
    }

    static SeriesType of(int id, RecordBytes source) {
        if (id < 0 || id >= TYPES.length) {
            throw source.corrupt("unknown type of series " + id);
        }
        return TYPES[id];
    }
}
