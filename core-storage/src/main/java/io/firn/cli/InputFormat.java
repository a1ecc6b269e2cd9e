package io.firn.cli;

/** What the lines of an input are. */
enum InputFormat {
    /** One JSON value a line (or any other text, when no field of it is needed). */
    JSONL,
    /** Comma separated values; the first line names the columns. */
    CSV;

    @Override
    public String toString() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }
}
