package io.firn.lifecycle;

import io.firn.table.Table;

/**
 * Reads everything of a table that is committed and compares it with every checksum, count and range that is stored:
 * metadata, the logs of all writers, the catalog, all segments up to their committed lengths.
 *
 * <p>Changes nothing, also not what a crash left. Goes on after each damage. Writers and the lifecycle may be at work
 * meanwhile. Memory does not grow with the size of the table. Thread-safe; no state.
 */
public final class TableVerifier {
    /** A table whose files are rewritten while they are read is read again, so often at most. */
    private static final int MAX_ROUNDS = 10;

    private TableVerifier() {}

    /** Verifies a table. */
    public static VerifyReport verify(Table table) {
        TableAudit audit = new TableAudit(table);
        VerifyReport report = audit.run();
        for (int round = 1; audit.wasOvertaken() && round < MAX_ROUNDS; round++) {
            audit = new TableAudit(table);
            report = audit.run();
        }
        return report;
    }
}
