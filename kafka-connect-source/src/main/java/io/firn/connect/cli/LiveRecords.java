package io.firn.connect.cli;

import java.io.IOException;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Goes through the committed records of a live partition, from its beginning to the end that it had at first. Confined
 * to one thread.
 */
final class LiveRecords {
    private static final Duration POLL = Duration.ofMillis(500);
    /** So many polls without any progress, and the cluster counts as one that does not answer. */
    private static final int MAX_IDLE_POLLS = 120;

    private final Consumer<byte[], byte[]> consumer;
    private final TopicPartition partition;
    private final long end;
    private Iterator<ConsumerRecord<byte[], byte[]>> batch =
            List.<ConsumerRecord<byte[], byte[]>>of().iterator();
    private @Nullable ConsumerRecord<byte[], byte[]> present;

    /** Takes over a consumer that reads nothing else meanwhile. */
    LiveRecords(Consumer<byte[], byte[]> consumer, TopicPartition partition) throws IOException {
        this.consumer = consumer;
        this.partition = partition;
        try {
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            this.end = consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
        } catch (KafkaException failed) {
            throw unreadable(failed);
        }
    }

    /** The first offset that the partition still has. */
    long beginning() throws IOException {
        try {
            Map<TopicPartition, Long> offsets = consumer.beginningOffsets(List.of(partition));
            return offsets.getOrDefault(partition, 0L);
        } catch (KafkaException failed) {
            throw unreadable(failed);
        }
    }

    /** The offset behind everything that is read. */
    long end() {
        return end;
    }

    /** Goes to the next record; false at the end. */
    boolean next() throws IOException {
        for (int idle = 0; idle < MAX_IDLE_POLLS; ) {
            while (batch.hasNext()) {
                ConsumerRecord<byte[], byte[]> next = batch.next();
                if (next.offset() < end) {
                    present = next;
                    return true;
                }
            }
            try {
                long before = consumer.position(partition);
                if (before >= end) {
                    return false;
                }
                ConsumerRecords<byte[], byte[]> polled = consumer.poll(POLL);
                batch = polled.iterator();
                idle = polled.isEmpty() && consumer.position(partition) == before ? idle + 1 : 0;
            } catch (KafkaException failed) {
                throw unreadable(failed);
            }
        }
        throw new IOException("Reading " + partition + " stands still before offset " + end + " for "
                + POLL.multipliedBy(MAX_IDLE_POLLS).toSeconds()
                + " s: an open transaction, or brokers that do not answer; try again");
    }

    /** The present record. */
    ConsumerRecord<byte[], byte[]> record() {
        ConsumerRecord<byte[], byte[]> record = present;
        if (record == null) {
            throw new IllegalStateException("there is no present record");
        }
        return record;
    }

    private IOException unreadable(KafkaException failed) {
        return new IOException("Cannot read " + partition + ": " + failed.getMessage(), failed);
    }
}
