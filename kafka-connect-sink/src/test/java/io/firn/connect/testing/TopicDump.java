package io.firn.connect.testing;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * The oracle: what a plain consumer finds in a topic, in order of partition and offset.
 *
 * <p>Immutable; thread-safe.
 */
public final class TopicDump {
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration TIMEOUT = Duration.ofMinutes(2);

    private final String topic;
    private final List<DumpedRecord> records;

    private TopicDump(String topic, List<DumpedRecord> records) {
        this.topic = topic;
        this.records = List.copyOf(records);
    }

    /** Reads everything up to the end that the topic has now; aborted transactions are not seen. */
    public static TopicDump readCommitted(String bootstrapServers, String topic) {
        return read(bootstrapServers, topic, "read_committed");
    }

    /** Reads everything up to the end that the topic has now, records of aborted transactions included. */
    public static TopicDump readUncommitted(String bootstrapServers, String topic) {
        return read(bootstrapServers, topic, "read_uncommitted");
    }

    private static TopicDump read(String bootstrapServers, String topic, String isolation) {
        Map<Integer, List<DumpedRecord>> byPartition = new TreeMap<>();
        forEach(
                bootstrapServers,
                topic,
                isolation,
                record -> byPartition
                        .computeIfAbsent(record.partition(), partition -> new ArrayList<>())
                        .add(describe(record)));
        List<DumpedRecord> all = new ArrayList<>();
        byPartition.values().forEach(all::addAll);
        return new TopicDump(topic, all);
    }

    /**
     * Gives every record up to the end that the topic has now to {@code action}, in order within a partition.
     *
     * @param isolation {@code read_committed} or {@code read_uncommitted}
     */
    public static void forEach(
            String bootstrapServers, String topic, String isolation, Consumer<ConsumerRecord<byte[], byte[]>> action) {
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(settings(bootstrapServers, isolation))) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(info -> new TopicPartition(topic, info.partition()))
                    .toList();
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            long deadline = System.nanoTime() + TIMEOUT.toNanos();
            while (partitions.stream().anyMatch(partition -> consumer.position(partition) < end(ends, partition))) {
                consumer.poll(POLL).forEach(record -> {
                    if (record.offset() < end(ends, new TopicPartition(topic, record.partition()))) {
                        action.accept(record);
                    }
                });
                if (System.nanoTime() - deadline > 0) {
                    throw new IllegalStateException("could not read topic " + topic + " up to " + ends + " in time");
                }
            }
        }
    }

    /** The committed records themselves, in order within a partition. */
    public static List<ConsumerRecord<byte[], byte[]>> recordsOf(String bootstrapServers, String topic) {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        forEach(bootstrapServers, topic, "read_committed", records::add);
        return records;
    }

    private static long end(Map<TopicPartition, Long> ends, TopicPartition partition) {
        return ends.getOrDefault(partition, 0L);
    }

    private static Map<String, Object> settings(String bootstrapServers, String isolation) {
        Map<String, Object> config = new HashMap<>();
        config.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, isolation);
        config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        config.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        config.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        config.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 2_000);
        return config;
    }

    /** Describes one record as the oracle does. */
    public static DumpedRecord describe(ConsumerRecord<byte[], byte[]> record) {
        return new DumpedRecord(
                record.partition(),
                record.offset(),
                record.timestamp(),
                record.timestampType().name(),
                RecordDigest.of(record.key()),
                RecordDigest.ofHeaders(record.headers()),
                RecordDigest.of(record.value()));
    }

    /** The topic that was read. */
    public String topic() {
        return topic;
    }

    /** Every record, in order of partition and offset. */
    public List<DumpedRecord> records() {
        return records;
    }

    /** The records of one partition in order of offset. */
    public List<DumpedRecord> partition(int partition) {
        return records.stream()
                .filter(record -> record.partition() == partition)
                .toList();
    }

    /** What differs from a topic that must hold the same records at the same offsets; empty when nothing does. */
    public List<String> differencesFrom(List<DumpedRecord> actual) {
        return Differences.ofRecords(records, actual);
    }

    /** What differs from a replayed topic: per partition the same contents in the same order, whatever the offsets. */
    public List<String> differencesInContent(TopicDump replayed) {
        return Differences.ofContents(records, replayed.records);
    }
}
