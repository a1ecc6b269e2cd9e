package io.firn.flink.testing;

import java.time.Duration;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.JobManagerOptions;
import org.apache.flink.configuration.MetricOptions;
import org.apache.flink.configuration.ResourceManagerOptions;
import org.apache.flink.configuration.WebOptions;
import org.apache.flink.connector.testframe.environment.MiniClusterTestEnvironment;
import org.apache.flink.runtime.minicluster.RpcServiceSharing;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.test.junit5.MiniClusterExtension;

/** Embedded clusters, one for all tests of a class, that wait for nothing they need not wait for. */
public final class TestClusters {
    private static final int SUITE_SLOTS = 6;

    private TestClusters() {}

    /** One task manager. */
    public static MiniClusterExtension of(int slots) {
        return of(1, slots);
    }

    /** Several task managers with so many slots each. */
    public static MiniClusterExtension of(int taskManagers, int slotsOfEach) {
        return of(taskManagers, slotsOfEach, new Configuration());
    }

    /** The same with further settings. */
    public static MiniClusterExtension of(int taskManagers, int slotsOfEach, Configuration settings) {
        return new MiniClusterExtension(
                builder(taskManagers, slotsOfEach, settings).build());
    }

    /** As Flink's conformance suites make it themselves, except for the waiting. */
    public static MiniClusterTestEnvironment ofSuite() {
        return new MiniClusterTestEnvironment(builder(1, SUITE_SLOTS, new Configuration())
                .setRpcServiceSharing(RpcServiceSharing.DEDICATED)
                .withHaLeadershipControl()
                .build());
    }

    private static MiniClusterResourceConfiguration.Builder builder(
            int taskManagers, int slotsOfEach, Configuration settings) {
        Configuration quick = new Configuration()
                // how long slots are collected before they are asked for and given, else 20 and 50 milliseconds
                .set(JobManagerOptions.SLOT_REQUEST_MAX_INTERVAL, Duration.ofMillis(1))
                .set(ResourceManagerOptions.REQUIREMENTS_CHECK_DELAY, Duration.ZERO)
                // what REST says of a job and of its metrics may be so old, else 3 and 10 seconds; the suites ask REST
                .set(WebOptions.REFRESH_INTERVAL, Duration.ofMillis(10))
                .set(MetricOptions.METRIC_FETCHER_UPDATE_INTERVAL, Duration.ofMillis(10));
        quick.addAll(settings);
        return new MiniClusterResourceConfiguration.Builder()
                .setConfiguration(quick)
                .setNumberTaskManagers(taskManagers)
                .setNumberSlotsPerTaskManager(slotsOfEach);
    }
}
