package io.firn.examples.drill;

import io.firn.registry.WireFormat;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/**
 * A consumer group with one member, an application that reads committed records from where the group stands.
 *
 * <p>Confined to one thread.
 */
public final class DrillGroup {
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration TIMEOUT = Duration.ofMinutes(1);

    private final String name;
    private final Map<TopicPartition, Integer> processed;

    /**
     * Where a group stands in one partition.
     *
     * @param group its name
     * @param place topic and partition as Kafka names them
     * @param offset that it reads next
     * @param remaining what it reads from there up to the end
     */
    public record Standing(String group, String place, long offset, List<SeenRecord> remaining) {
        /** Takes a copy. */
        public Standing {
            remaining = List.copyOf(remaining);
        }

        /** The record that the group reads next. */
        public SeenRecord next() {
            return remaining.get(0);
        }
    }

    /**
     * Describes a group.
     *
     * @param processed how many records of each partition it processes before the disaster
     */
    DrillGroup(String name, Map<TopicPartition, Integer> processed) {
        this.name = name;
        this.processed = Map.copyOf(processed);
    }

    String name() {
        return name;
    }

    /** Processes the first records of each partition and commits behind them. */
    void processSome(DrillCluster cluster) {
        for (Map.Entry<TopicPartition, Integer> part : processed.entrySet()) {
            try (KafkaConsumer<byte[], byte[]> consumer = consumer(cluster, "earliest")) {
                ConsumerRecord<byte[], byte[]> last =
                        read(consumer, part.getKey(), part.getValue()).get(part.getValue() - 1);
                consumer.commitSync(Map.of(part.getKey(), new OffsetAndMetadata(last.offset() + 1)));
            }
        }
    }

    /** Where the group stands, by partition. */
    Map<TopicPartition, Long> offsets(DrillCluster cluster) {
        Map<TopicPartition, Long> offsets = new TreeMap<>(DrillTopics.ORDER);
        try (KafkaConsumer<byte[], byte[]> consumer = consumer(cluster, "none")) {
            consumer.committed(processed.keySet()).forEach((partition, offset) -> {
                if (offset != null) {
                    offsets.put(partition, offset.offset());
                }
            });
        }
        return offsets;
    }

    /** Where the group stands in each partition, in their order, and what it reads next there; commits nothing. */
    List<Standing> standings(DrillCluster cluster) {
        OrderSchemas orders = new OrderSchemas(cluster.registry(), DrillTopics.ORDERS);
        List<Standing> standings = new ArrayList<>();
        offsets(cluster).forEach((partition, offset) -> {
            try (KafkaConsumer<byte[], byte[]> consumer = consumer(cluster, "none")) {
                List<SeenRecord> remaining = read(consumer, partition, Integer.MAX_VALUE).stream()
                        .map(record -> seen(record, orders))
                        .toList();
                standings.add(new Standing(name, partition.toString(), offset, remaining));
            }
        });
        return standings;
    }

    /** Reads from where the group stands up to the present end, or so many records. */
    private List<ConsumerRecord<byte[], byte[]>> read(
            KafkaConsumer<byte[], byte[]> consumer, TopicPartition partition, int limit) {
        consumer.assign(List.of(partition));
        long end = consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        long deadline = System.nanoTime() + TIMEOUT.toNanos();
        while (records.size() < limit && consumer.position(partition) < end) {
            consumer.poll(POLL).forEach(records::add);
            if (System.nanoTime() - deadline > 0) {
                throw new IllegalStateException("group " + name + " could not read " + partition + " up to " + end);
            }
        }
        return records.subList(0, Math.min(limit, records.size()));
    }

    private KafkaConsumer<byte[], byte[]> consumer(DrillCluster cluster, String withoutOffset) {
        Map<String, Object> settings = new HashMap<>();
        settings.put("bootstrap.servers", cluster.bootstrapServers());
        settings.put("group.id", name);
        settings.put("enable.auto.commit", "false");
        settings.put("isolation.level", "read_committed");
        settings.put("auto.offset.reset", withoutOffset);
        return new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    private static SeenRecord seen(ConsumerRecord<byte[], byte[]> record, OrderSchemas orders) {
        boolean isOrder = record.topic().equals(DrillTopics.ORDERS);
        List<String> headers = new ArrayList<>();
        for (Header header : record.headers()) {
            headers.add(header.key() + "=" + text(header.value()));
        }
        String value = isOrder ? orders.decode(record.value()) : text(record.value());
        return new SeenRecord(
                record.offset(),
                isOrder ? WireFormat.id(record.value()) : 0,
                record.timestamp() + " " + text(record.key()) + " " + headers + " " + value);
    }

    private static String text(byte @Nullable [] bytes) {
        return bytes == null ? Arrays.toString(bytes) : new String(bytes, StandardCharsets.UTF_8);
    }
}
