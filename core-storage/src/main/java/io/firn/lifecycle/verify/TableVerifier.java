package io.firn.lifecycle.verify;

import io.firn.fs.RateLimiter;
import io.firn.fs.ThrottledFileStore;
import io.firn.table.Table;
import io.firn.table.TableEnvironment;
import java.util.OptionalLong;
import java.util.concurrent.locks.LockSupport;

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

    /**
     * Verifies a table and leaves the disk to others.
     *
     * @param bytesPerSecond bytes that are read in a second at most, 1 or more; empty for no limit
     */
    public static VerifyReport verify(Table table, OptionalLong bytesPerSecond) {
        return bytesPerSecond.isEmpty()
                ? verify(table)
                : verify(table, new RateLimiter(bytesPerSecond.getAsLong(), System::nanoTime, LockSupport::parkNanos));
    }

    static VerifyReport verify(Table table, RateLimiter limiter) {
        // nothing may be read ahead on other threads, which would not wait
        TableEnvironment slow = TableEnvironment.deterministic(
                new ThrottledFileStore(table.environment().store(), limiter),
                table.environment().clock());
        try (Table limited = Table.open(table.path(), slow)) {
            return verify(limited);
        }
    }

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
