package io.firn.ipc.legacy;

import io.firn.lifecycle.LifecycleManager;
import io.firn.lifecycle.LifecycleOptions;
import io.firn.lifecycle.LifecycleRequest;
import io.firn.lifecycle.LifecycleStats;
import io.firn.table.CompressionPolicy;
import io.firn.table.Table;
import java.nio.file.Path;
import java.time.Duration;

/**
 * The old tier manager's one setting, over the lifecycle: what is older than {@code coldAfter} becomes cold.
 *
 * <p>Confined to one thread.
 *
 * @deprecated set {@code compression.policy=age-after} and {@code compression.after} on the table and run a {@link
 *     LifecycleManager}; removed one release after 0.1.0, see {@code docs/MIGRATION_GUIDE.md}
 */
@Deprecated(since = "0.1.0", forRemoval = true)
public final class LegacyTiers implements AutoCloseable {
    private final Table table;

    private LegacyTiers(Table table) {
        this.table = table;
    }

    /**
     * Opens the table and gives it the policy age-after.
     *
     * @param coldAfter age of the last record of a segment at which it is compressed
     * @throws io.firn.error.NotFoundException when there is no table
     */
    public static LegacyTiers open(Path root, Duration coldAfter) {
        DeprecationNotice.give("LegacyTiers", "io.firn.lifecycle.LifecycleManager with compression.policy=age-after");
        Table table = Table.open(root);
        CompressionPolicy policy = new CompressionPolicy.AgeAfter(coldAfter);
        if (!table.config().compressionPolicy().equals(policy)) {
            table.updateConfig(
                    config -> config.toBuilder().compressionPolicy(policy).build());
        }
        return new LegacyTiers(table);
    }

    /** The policy that the table has now. */
    public CompressionPolicy policy() {
        return table.config().compressionPolicy();
    }

    /** Compresses what is due, in the calling thread. */
    public LifecycleStats runOnce() {
        try (LifecycleManager lifecycle = LifecycleManager.open(table, LifecycleOptions.defaults())) {
            return lifecycle.run(LifecycleRequest.due());
        }
    }

    @Override
    public void close() {
        table.close();
    }
}
