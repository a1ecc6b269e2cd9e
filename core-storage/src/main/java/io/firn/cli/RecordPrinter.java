package io.firn.cli;

import io.firn.table.TableReader;
import java.io.IOException;

/** Prints records in one format. Confined to one thread. */
interface RecordPrinter {
    /** Prints the record that the reader stands on. */
    void print(TableReader reader) throws IOException;

    /** Hands everything to the output. */
    default void flush() throws IOException {}
}
