package io.firn.connect.sink;

import io.firn.connect.testing.DumpedRecord;
import io.firn.connect.testing.RecordDigest;
import io.firn.connect.testing.TopicFeed;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.header.ConnectHeaders;
import org.apache.kafka.connect.sink.SinkRecord;
import org.jspecify.annotations.Nullable;

/** The log of one topic in memory, with offsets that have gaps, as transactions and compaction leave them. */
final class SourceLog {
    private final String topic;
    private final List<List<SinkRecord>> partitions = new ArrayList<>();

    SourceLog(String topic, int partitionCount) {
        this.topic = topic;
        for (int i = 0; i < partitionCount; i++) {
            partitions.add(new ArrayList<>());
        }
    }

    String topic() {
        return topic;
    }

    /** Appends seeded records to every partition; one in ten leaves a gap of one to three offsets before it. */
    SourceLog fill(RandomGenerator random, int countPerPartition) {
        for (int partition = 0; partition < partitions.size(); partition++) {
            for (int i = 0; i < countPerPartition; i++) {
                long gap = random.nextInt(10) == 0 ? 1 + random.nextInt(3) : 0;
                append(partition, endOffset(partition) + gap, TopicFeed.randomRecord(random, topic, partition));
            }
        }
        return this;
    }

    void append(int partition, long offset, ProducerRecord<byte @Nullable [], byte @Nullable []> record) {
        ConnectHeaders headers = new ConnectHeaders();
        for (Header header : record.headers()) {
            headers.add(header.key(), header.value(), Schema.OPTIONAL_BYTES_SCHEMA);
        }
        partitions
                .get(partition)
                .add(new SinkRecord(
                        topic,
                        partition,
                        Schema.OPTIONAL_BYTES_SCHEMA,
                        record.key(),
                        Schema.OPTIONAL_BYTES_SCHEMA,
                        record.value(),
                        offset,
                        record.timestamp(),
                        TimestampType.CREATE_TIME,
                        headers));
    }

    long endOffset(int partition) {
        List<SinkRecord> records = partitions.get(partition);
        return records.isEmpty() ? 0 : records.get(records.size() - 1).kafkaOffset() + 1;
    }

    int partitionCount() {
        return partitions.size();
    }

    /** Up to {@code limit} records from an offset on. */
    List<SinkRecord> read(int partition, long fromOffset, int limit) {
        return partitions.get(partition).stream()
                .filter(record -> record.kafkaOffset() >= fromOffset)
                .limit(limit)
                .toList();
    }

    /** What must be in the archive. */
    List<DumpedRecord> expected() {
        List<DumpedRecord> expected = new ArrayList<>();
        for (List<SinkRecord> records : partitions) {
            records.forEach(record -> expected.add(describe(record)));
        }
        return expected;
    }

    private static DumpedRecord describe(SinkRecord record) {
        List<Header> headers = new ArrayList<>();
        record.headers()
                .forEach(header -> headers.add(new org.apache.kafka.common.header.internals.RecordHeader(
                        header.key(), (byte @Nullable []) header.value())));
        return new DumpedRecord(
                record.kafkaPartition(),
                record.kafkaOffset(),
                record.timestamp(),
                record.timestampType().name(),
                RecordDigest.of((byte @Nullable []) record.key()),
                RecordDigest.ofHeaders(headers),
                RecordDigest.of((byte @Nullable []) record.value()));
    }
}
