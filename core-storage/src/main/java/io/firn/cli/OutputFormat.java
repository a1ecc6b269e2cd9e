package io.firn.cli;

import java.io.IOException;
import java.util.Locale;

/** How a record is printed. */
enum OutputFormat {
    /** The bytes of the value and a line feed. */
    VALUE,
    /** A JSON object with everything. */
    JSONL,
    /** The value in hexadecimal. */
    HEX;

    RecordPrinter printer(Output out) throws IOException {
        return switch (this) {
            case VALUE -> new ValuePrinter(out);
            case JSONL -> new JsonPrinter(out);
            case HEX -> new HexPrinter(out);
        };
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
