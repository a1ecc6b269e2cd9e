package io.firn.flink.source;

import io.firn.connect.testing.EmbeddedBroker;
import io.firn.record.StreamRecord;
import io.firn.table.KafkaOrigin;
import io.firn.table.TableWriter;
import io.firn.testing.OwnThread;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** A topic that a producer goes on to write to, and an archive of it that grows, as the sink for Connect makes it. */
final class LiveTopic implements AutoCloseable {
    static final String TOPIC = "ticks";

    private static final int PARTITIONS = 3;
    private static final long PAUSE_NS = Duration.ofMillis(1).toNanos();

    private final EmbeddedBroker broker;
    private final ArchivedTable archived;
    private final CompletableFuture<Integer> producing;
    private volatile boolean stopped;

    private LiveTopic(EmbeddedBroker broker, ArchivedTable archived) {
        this.broker = broker;
        this.archived = archived;
        this.producing = OwnThread.supply(this::produce);
    }

    static LiveTopic start(EmbeddedBroker broker, ArchivedTable archived) {
        broker.createTopic(TOPIC, PARTITIONS, Map.of());
        return new LiveTopic(broker, archived);
    }

    /** Each partition counts from 0; the last one is never archived. */
    @SuppressWarnings("FutureReturnValueIgnored") // close waits for all; one that failed is missing in the end
    private int produce() {
        Map<String, Object> config = Map.of("bootstrap.servers", broker.bootstrapServers(), "linger.ms", 2);
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer())) {
            int number = 0;
            for (; !stopped; number++) {
                for (int partition = 0; partition < PARTITIONS; partition++) {
                    byte[] value = (partition + "/" + number).getBytes(StandardCharsets.UTF_8);
                    producer.send(new ProducerRecord<>(TOPIC, partition, null, value));
                }
                LockSupport.parkNanos(PAUSE_NS);
            }
            return number;
        }
    }

    /** Ends the producer; returns how many records each partition has. */
    int stop() throws Exception {
        stopped = true;
        return producing.get(60, TimeUnit.SECONDS);
    }

    /** Archives what two of the partitions hold by now, from where the archive ends. */
    void archive(int atLeast) {
        Map<String, Object> config = new HashMap<>(Map.of("bootstrap.servers", broker.bootstrapServers()));
        List<TableWriter> writers = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            for (int partition = 0; partition < PARTITIONS - 1; partition++) {
                KafkaOrigin origin = origin(partition);
                writers.add(archived.writer(origin.writerName(), origin.toProperties()));
            }
            consumer.assign(List.of(new TopicPartition(TOPIC, 0), new TopicPartition(TOPIC, 1)));
            for (int partition = 0; partition < PARTITIONS - 1; partition++) {
                consumer.seek(
                        new TopicPartition(TOPIC, partition),
                        writers.get(partition).position());
            }
            for (int seen = 0; seen < atLeast; ) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(100))) {
                    writers.get(record.partition())
                            .append(
                                    record.offset(),
                                    StreamRecord.atMillis(record.timestamp())
                                            .key("p".getBytes(StandardCharsets.UTF_8))
                                            .value(record.value())
                                            .build());
                    seen++;
                }
                writers.forEach(TableWriter::commit);
            }
        } finally {
            writers.forEach(TableWriter::close);
        }
    }

    /** How many records of a partition are in the archive. */
    long archivedOf(int partition) {
        KafkaOrigin origin = origin(partition);
        try (TableWriter writer = archived.writer(origin.writerName(), origin.toProperties())) {
            return writer.position();
        }
    }

    KafkaOrigin origin(int partition) {
        return new KafkaOrigin(
                TOPIC, partition, 0, broker.clusterId(), broker.topicId(TOPIC).toString());
    }

    /** Ends the producer, which else would find the topic of the next test. */
    @Override
    public void close() throws Exception {
        stop();
    }
}
