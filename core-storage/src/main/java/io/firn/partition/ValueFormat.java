package io.firn.partition;

import java.util.List;

/** How the bytes of a value are read to find its fields; keys are always read as JSON. */
public sealed interface ValueFormat {
    /** JSON objects in UTF-8 (UTF-16 and UTF-32 are detected). */
    ValueFormat JSON = new Json();

    /** CSV lines in UTF-8 after RFC 4180; {@code columns} are the names of the header line. */
    static ValueFormat csv(List<String> columns, char separator) {
        return new Csv(List.copyOf(columns), separator);
    }

    /** JSON objects. */
    record Json() implements ValueFormat {}

    /**
     * CSV lines.
     *
     * @param columns names of the columns
     * @param separator between fields
     */
    record Csv(List<String> columns, char separator) implements ValueFormat {}
}
