package io.firn.ipc;

import io.firn.table.TableConfig;
import io.firn.table.TableEnvironment;
import java.time.Duration;

/**
 * How an archive is written. Immutable; thread-safe.
 *
 * @param config configuration of the table when it has to be created; an existing table keeps its own
 * @param environment files and clock
 * @param commitInterval how often what was appended is committed in the background; zero leaves commits to the caller
 *     and to {@link Archive#finish}
 * @param takeOver whether a writer that has the stream open elsewhere is fenced off instead of being refused
 */
public record ArchiveOptions(
        TableConfig config, TableEnvironment environment, Duration commitInterval, boolean takeOver) {
    /** How often an archive commits by itself unless told otherwise. */
    public static final Duration DEFAULT_COMMIT_INTERVAL = Duration.ofSeconds(1);

    /** Checks the interval. */
    public ArchiveOptions {
        if (commitInterval.isNegative()) {
            throw new IllegalArgumentException("commitInterval " + commitInterval + " is negative");
        }
    }

    /** The table's defaults (idle-after 7 days), a commit every second, no take-over. */
    public static ArchiveOptions defaults() {
        return new ArchiveOptions(TableConfig.defaults(), TableEnvironment.system(), DEFAULT_COMMIT_INTERVAL, false);
    }

    /** The same with another configuration for a new table. */
    public ArchiveOptions withConfig(TableConfig value) {
        return new ArchiveOptions(value, environment, commitInterval, takeOver);
    }

    /** The same with other files and another clock. */
    public ArchiveOptions withEnvironment(TableEnvironment value) {
        return new ArchiveOptions(config, value, commitInterval, takeOver);
    }

    /** The same with another commit interval; zero for none. */
    public ArchiveOptions withCommitInterval(Duration value) {
        return new ArchiveOptions(config, environment, value, takeOver);
    }

    /** The same with or without take-over. */
    public ArchiveOptions withTakeOver(boolean value) {
        return new ArchiveOptions(config, environment, commitInterval, value);
    }
}
