package io.firn.table;

/**
 * Is told when a rolling writer has begun a new partition, for example to process the one that is finished.
 *
 * <p>Called once for each roll in the thread that appended, after what was finished is durable, and without a lock: it
 * may use the writer itself. After a crash the last roll may be told again, since nobody knows whether it was heard. An
 * exception is logged and counted ({@link RollingStatistics#listenerFailures}); it harms neither the records nor the
 * writer.
 */
@FunctionalInterface
public interface RollListener {
    /** A listener that does nothing. */
    RollListener NONE = roll -> {};

    /** A partition was finished. */
    void rolled(Roll roll);
}
