package io.firn.connect.testing;

import java.util.Map;

/** What every broker of a test is told, wherever it runs. */
public final class BrokerSettings {
    /** One node, no waiting, no topics by accident, large messages, times of long ago, and machines that stall. */
    public static final Map<String, String> OF_TESTS = Map.ofEntries(
            Map.entry("offsets.topic.num.partitions", "1"),
            Map.entry("offsets.topic.replication.factor", "1"),
            Map.entry("transaction.state.log.num.partitions", "1"),
            Map.entry("transaction.state.log.replication.factor", "1"),
            Map.entry("transaction.state.log.min.isr", "1"),
            Map.entry("share.coordinator.state.topic.replication.factor", "1"),
            Map.entry("share.coordinator.state.topic.min.isr", "1"),
            Map.entry("group.initial.rebalance.delay.ms", "0"),
            Map.entry("controlled.shutdown.enable", "false"),
            Map.entry("auto.create.topics.enable", "false"),
            Map.entry("num.io.threads", "2"),
            Map.entry("num.network.threads", "2"),
            Map.entry("message.max.bytes", "20971520"),
            // a machine that stalls must not have its only broker fenced
            Map.entry("broker.session.timeout.ms", "60000"),
            // test data has timestamps of long ago, which the broker would soon delete
            Map.entry("log.retention.ms", "-1"));

    private BrokerSettings() {}
}
