package io.firn.examples.lifecycle;

import io.firn.lifecycle.ArchiveLifecycle;
import io.firn.lifecycle.LifecycleOptions;
import io.firn.lifecycle.LifecycleRequest;
import io.firn.lifecycle.LifecycleStats;
import io.firn.table.CompressionPolicy;
import io.firn.table.Table;
import io.firn.table.TableConfig;
import io.firn.table.TableEnvironment;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * {@code <directory>}: six tables with a policy each, and one lifecycle that looks at all of them, today and, by a
 * clock that is set forward, after a day and after a week. Prints how many compressed files each table has.
 */
public final class CompressionPolicies {
    private static final int READINGS = 5_000;
    private static final long LARGE_BYTES = 40 << 10;

    private CompressionPolicies() {}

    /** Makes the tables and runs their lifecycle. */
    public static void main(String[] args) {
        Path root = Path.of(args[0]);
        policies().forEach((name, policy) -> {
            TableConfig config = TableConfig.builder().compressionPolicy(policy).build();
            try (Table table = Table.openOrCreate(root.resolve(name), Readings.BY_DAY.scheme(), config)) {
                Readings.append(table, READINGS);
            }
        });
        for (int days : new int[] {0, 1, 7}) {
            InstantSource later = InstantSource.offset(InstantSource.system(), Duration.ofDays(days));
            run(root, TableEnvironment.deterministic(TableEnvironment.system().store(), later), days);
        }
    }

    private static Map<String, CompressionPolicy> policies() {
        Map<String, CompressionPolicy> policies = new LinkedHashMap<>();
        policies.put("analytics", new CompressionPolicy.Never());
        policies.put("backup", new CompressionPolicy.Immediate());
        policies.put("logs", new CompressionPolicy.SizeThreshold(LARGE_BYTES));
        policies.put("market", new CompressionPolicy.IdleAfter(Duration.ofDays(7), true));
        policies.put("series", new CompressionPolicy.AgeAfter(Duration.ofDays(1)));
        policies.put("weekly", CompressionPolicy.custom(CompressWeekends.class.getName()));
        return policies;
    }

    private static void run(Path root, TableEnvironment environment, int days) {
        try (ArchiveLifecycle lifecycle = ArchiveLifecycle.open(root, environment, LifecycleOptions.defaults())) {
            lifecycle.run(LifecycleRequest.settleAll());
            Map<String, LifecycleStats> done = lifecycle.run(LifecycleRequest.due());
            done.forEach((name, stats) -> {
                stats.errors().forEach(error -> System.out.println("failed: " + error));
                try (Table table = Table.open(root.resolve(name), environment)) {
                    System.out.println("after " + days + " days " + name + " ("
                            + table.config().compressionPolicy().name() + "): " + Readings.coldFiles(table) + " of "
                            + table.contents().segments().size() + " files compressed");
                }
            });
        }
    }
}
