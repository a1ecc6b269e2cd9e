package io.firn.cli;

/** Writes samples from lines of JSON on the command line. Thread-safe: no state. */
final class JsonLines {
    private JsonLines() {}

    /** Of each line, {@code h} is a label, {@code t} the seconds and {@code v} the value. */
    static CommandRun write(String store, String lines) {
        return CommandRun.withInput(
                lines,
                "series",
                "write",
                store,
                "--format",
                "jsonl",
                "--labels",
                "h=value.h",
                "--timestamp",
                "value.t@s",
                "--value",
                "value.v");
    }
}
