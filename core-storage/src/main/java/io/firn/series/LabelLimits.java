package io.firn.series;

import io.firn.error.InvalidRecordException;

/**
 * How large the labels of a series may be. Thread-safe.
 *
 * @param maxCount most labels
 * @param maxNameLength most characters of a name
 * @param maxValueLength most characters of a value
 */
record LabelLimits(long maxCount, long maxNameLength, long maxValueLength) {
    static LabelLimits of(SeriesStoreOptions options) {
        return new LabelLimits(
                options.number(SeriesOption.LABEL_MAX_COUNT),
                options.number(SeriesOption.LABEL_NAME_MAX_LENGTH),
                options.number(SeriesOption.LABEL_VALUE_MAX_LENGTH));
    }

    /** Refuses an empty batch, and one with labels that are too large. */
    void check(SeriesBatch batch) {
        if (batch.size() == 0 && batch.marks().isEmpty()) {
            throw new InvalidRecordException("The batch has no samples; add at least one before it is written");
        }
        for (int entry = 0; entry < batch.entries(); entry++) {
            check(batch.labels(entry));
        }
    }

    private void check(Labels labels) {
        check(labels, labels.size(), maxCount, "labels", SeriesOption.LABEL_MAX_COUNT);
        for (int i = 0; i < labels.size(); i++) {
            int nameLength = labels.name(i).length();
            check(labels, nameLength, maxNameLength, "characters in a name", SeriesOption.LABEL_NAME_MAX_LENGTH);
            int valueLength = labels.value(i).length();
            check(labels, valueLength, maxValueLength, "characters in a value", SeriesOption.LABEL_VALUE_MAX_LENGTH);
        }
    }

    private static void check(Labels labels, long found, long max, String what, SeriesOption option) {
        if (found > max) {
            String text = labels.toString();
            throw new InvalidRecordException("Series " + text.substring(0, Math.min(200, text.length())) + " has "
                    + found + " " + what + ", at most " + max + " are allowed; shorten it, or raise " + option.key());
        }
    }
}
