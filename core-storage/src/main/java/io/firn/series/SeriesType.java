package io.firn.series;

import java.util.Arrays;

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

    private static final SeriesType[] BY_ID = new SeriesType[5];

    static {
        Arrays.stream(values()).forEach(type -> BY_ID[type.id] = type);
    }

    private final int id;

    SeriesType(int id) {
        this.id = id;
    }

    /** Number in stored records. */
    int id() {
        return id;
    }

    /** The type of a number that {@link #id} gave. */
    static SeriesType of(int id) {
        return BY_ID[id];
    }

    static SeriesType of(int id, RecordBytes source) {
        if (id < 0 || id >= BY_ID.length) {
            throw source.corrupt("unknown type of series " + id);
        }
        return BY_ID[id];
    }
}
