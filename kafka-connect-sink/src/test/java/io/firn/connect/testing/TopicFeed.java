package io.firn.connect.testing;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * Produces test data: chosen records, or seeded ones with null, empty and repeated parts.
 *
 * <p>Confined to one thread.
 */
public final class TopicFeed implements AutoCloseable {
    private static final Duration TIMEOUT = Duration.ofMinutes(1);
    private static final long START_MS = 978_307_200_000L;
    private static final long DAY_MS = Duration.ofDays(1).toMillis();
    private static final List<String> ORIGINS = List.of("ATL", "ORD", "DFW", "LAX", "PHX", "DEN");

    private final KafkaProducer<byte @Nullable [], byte @Nullable []> producer;
    private final List<Future<RecordMetadata>> pending = new ArrayList<>();

    private TopicFeed(Map<String, Object> config) {
        this.producer = new KafkaProducer<>(config);
    }

    /** Opens a plain producer. */
    public static TopicFeed open(String bootstrapServers) {
        return new TopicFeed(settings(bootstrapServers));
    }

    /** Opens a transactional producer; every batch is sent between {@link #begin} and {@link #commit}. */
    public static TopicFeed transactional(String bootstrapServers, String transactionalId) {
        Map<String, Object> config = settings(bootstrapServers);
        config.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, transactionalId);
        TopicFeed feed = new TopicFeed(config);
        feed.producer.initTransactions();
        return feed;
    }

    private static Map<String, Object> settings(String bootstrapServers) {
        Map<String, Object> config = new HashMap<>();
        config.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        config.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
        config.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
        config.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, 20 * 1024 * 1024);
        config.put(ProducerConfig.LINGER_MS_CONFIG, 5);
        return config;
    }

    /** Begins a transaction. */
    public void begin() {
        producer.beginTransaction();
    }

    /** Commits the transaction. */
    public void commit() {
        flush();
        producer.commitTransaction();
    }

    /** Aborts the transaction. */
    public void abort() {
        producer.abortTransaction();
        pending.clear();
    }

    /** Sends one record; {@link #flush} waits for it. */
    public void send(ProducerRecord<byte @Nullable [], byte @Nullable []> record) {
        pending.add(producer.send(record));
    }

    /** Sends a record that was read to another topic, into the partition of the same number. */
    public void copy(ConsumerRecord<byte[], byte[]> record, String topic) {
        send(new ProducerRecord<>(
                topic, record.partition(), record.timestamp(), record.key(), record.value(), record.headers()));
    }

    /** Waits until everything that was sent is stored, and fails when something was not. */
    public void flush() {
        producer.flush();
        try {
            for (Future<RecordMetadata> future : pending) {
                future.get(TIMEOUT.toSeconds(), TimeUnit.SECONDS);
            }
            pending.clear();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        } catch (Exception e) {
            throw new IllegalStateException("a record was not stored: " + e, e);
        }
    }

    /**
     * Sends seeded JSON records over a week and several origins; one in twenty is unusual: a tombstone, a null or empty
     * key, an empty value, null and repeated headers.
     */
    public void sendRandom(RandomGenerator random, String topic, int partitions, int count) {
        for (int i = 0; i < count; i++) {
            send(randomRecord(random, topic, random.nextInt(partitions)));
        }
        flush();
    }

    /** One seeded record, usual or unusual. */
    public static ProducerRecord<byte @Nullable [], byte @Nullable []> randomRecord(
            RandomGenerator random, String topic, int partition) {
        String origin = ORIGINS.get(random.nextInt(ORIGINS.size()));
        byte @Nullable [] key = bytes(origin);
        byte @Nullable [] value = bytes("{\"origin\":\"" + origin + "\",\"n\":" + random.nextLong() + "}");
        RecordHeaders headers = new RecordHeaders();
        switch (random.nextInt(100)) {
            case 0 -> value = null;
            case 1 -> key = null;
            case 2 -> key = new byte[0];
            case 3 -> headers.add("none", null).add("empty", new byte[0]);
            case 4 -> headers.add("twice", bytes("a")).add("other", bytes("b")).add("twice", bytes("a"));
            default -> headers.add("n", bytes(Integer.toString(random.nextInt(1000))));
        }
        long timestampMs = START_MS + random.nextLong(7 * DAY_MS);
        return new ProducerRecord<>(topic, partition, timestampMs, key, value, headers);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        producer.close(TIMEOUT);
    }
}
