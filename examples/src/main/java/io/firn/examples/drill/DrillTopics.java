package io.firn.examples.drill;

import io.firn.connect.testing.DumpedRecord;
import io.firn.connect.testing.EmbeddedBroker;
import io.firn.connect.testing.TopicDump;
import io.firn.connect.testing.TopicFeed;
import io.firn.connect.testing.Waiting;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.jspecify.annotations.Nullable;

/**
 * The three topics: orders in Avro with a schema registry, payments in JSON written in transactions of which every
 * other one is aborted, and customers, which is compacted.
 *
 * <p>Confined to one thread.
 */
final class DrillTopics {
    static final String ORDERS = "orders";
    static final String PAYMENTS = "payments";
    static final String CUSTOMERS = "customers";
    static final List<String> NAMES = List.of(ORDERS, PAYMENTS, CUSTOMERS);
    static final Comparator<TopicPartition> ORDER =
            Comparator.comparing(TopicPartition::topic).thenComparingInt(TopicPartition::partition);

    private static final int ORDER_COUNT = 600;
    private static final int TRANSACTIONS = 6;
    private static final int PAYMENTS_EACH = 100;
    private static final int CUSTOMER_UPDATES = 400;
    private static final int LATE_UPDATES = 20;
    private static final int CUSTOMER_COUNT = 60;
    private static final int BUSY_CUSTOMERS = 40;
    private static final int TOMBSTONE_EACH = 37;
    private static final long START_MS = 978_307_200_000L;
    private static final long SECOND_MS = 1_000;
    private static final long LATER_MS = Duration.ofHours(2).toMillis();
    private static final String SEGMENT_MS = Long.toString(Duration.ofHours(1).toMillis());
    private static final Duration COMPACTION_TIMEOUT = Duration.ofMinutes(1);

    private final DrillCluster cluster;

    /** The topics of a cluster, which are not there yet. */
    DrillTopics(DrillCluster cluster) {
        this.cluster = cluster;
    }

    /** Creates the topics as applications want them. */
    void create() {
        createForRestore(List.of(ORDERS, PAYMENTS));
        cluster.broker()
                .createTopic(
                        CUSTOMERS,
                        1,
                        Map.of(
                                "cleanup.policy", "compact",
                                "segment.ms", SEGMENT_MS,
                                "min.cleanable.dirty.ratio", "0.01"));
    }

    /** Creates topics so that a replay into them keeps every record: nothing expires and nothing is compacted. */
    void createForRestore(List<String> names) {
        names.forEach(name ->
                cluster.broker().createTopic(name, name.equals(CUSTOMERS) ? 1 : 2, Map.of("retention.ms", "-1")));
    }

    /** Compacts the customers again. */
    void compactAgain() {
        ConfigResource topic = new ConfigResource(ConfigResource.Type.TOPIC, CUSTOMERS);
        AlterConfigOp compact =
                new AlterConfigOp(new ConfigEntry("cleanup.policy", "compact"), AlterConfigOp.OpType.SET);
        cluster.broker()
                .call(admin -> admin.incrementalAlterConfigs(Map.of(topic, List.of(compact)))
                        .all());
    }

    /** Writes orders, of which the later half have the second version of the schema. */
    void produceOrders() {
        OrderSchemas schemas = new OrderSchemas(cluster.registry(), ORDERS);
        try (TopicFeed feed = TopicFeed.open(cluster.bootstrapServers())) {
            for (int i = 0; i < ORDER_COUNT; i++) {
                var record = record(ORDERS, i % 2, i, "order-" + i, schemas.encode(i, i >= ORDER_COUNT / 2));
                record.headers().add("source", bytes(i % 5 == 0 ? "shop" : "web"));
                feed.send(record);
            }
            feed.flush();
        }
    }

    /** Writes payments in transactions; the first, third and fifth count. */
    void producePayments() {
        try (TopicFeed feed = TopicFeed.transactional(cluster.bootstrapServers(), "drill-payments")) {
            for (int transaction = 0; transaction < TRANSACTIONS; transaction++) {
                feed.begin();
                for (int i = 0; i < PAYMENTS_EACH; i++) {
                    int number = transaction * PAYMENTS_EACH + i;
                    byte[] value = bytes("{\"payment\":" + number + ",\"cents\":" + number * 7 + "}");
                    feed.send(record(PAYMENTS, i % 2, number, "payment-" + number, value));
                }
                feed.flush(); // or an aborted transaction would leave no trace
                if (transaction % 2 == 0) {
                    feed.commit();
                } else {
                    feed.abort();
                }
            }
        }
    }

    /** Writes an entry of each customer and many updates of some; a few are deletions. */
    void produceCustomers() {
        produceCustomers(0, CUSTOMER_UPDATES, 0);
    }

    /** Ends the segment with a few late updates and waits until Kafka has compacted what is before them. */
    void compactCustomers() {
        produceCustomers(CUSTOMER_UPDATES, LATE_UPDATES, LATER_MS);
        Waiting.until("the compaction of " + CUSTOMERS, COMPACTION_TIMEOUT, () -> {
            Set<String> keys = new HashSet<>();
            return records(CUSTOMERS).stream()
                    .filter(record -> record.offset() < CUSTOMER_UPDATES)
                    .allMatch(record -> keys.add(record.key()));
        });
    }

    private void produceCustomers(int from, int count, long laterMs) {
        try (TopicFeed feed = TopicFeed.open(cluster.bootstrapServers())) {
            for (int i = from; i < from + count; i++) {
                boolean deleted = i % TOMBSTONE_EACH == TOMBSTONE_EACH - 1;
                int customer = i < CUSTOMER_COUNT ? i : i % BUSY_CUSTOMERS;
                byte[] value = bytes("{\"customer\":" + customer + ",\"version\":" + i + "}");
                String key = "customer-" + customer;
                feed.send(record(CUSTOMERS, 0, i + laterMs / SECOND_MS, key, deleted ? null : value));
            }
            feed.flush();
        }
    }

    /** What a plain consumer finds in a topic. */
    List<DumpedRecord> records(String topic) {
        EmbeddedBroker broker = cluster.broker();
        return TopicDump.readCommitted(broker.bootstrapServers(), topic).records();
    }

    private static ProducerRecord<byte @Nullable [], byte @Nullable []> record(
            String topic, int partition, long second, String key, byte @Nullable [] value) {
        return new ProducerRecord<>(topic, partition, START_MS + second * SECOND_MS, bytes(key), value);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
