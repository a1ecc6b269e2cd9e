package io.firn.examples.flink;

import io.firn.connect.testing.DumpedRecord;
import io.firn.connect.testing.RecordDigest;
import io.firn.flink.kafka.KafkaRecords;
import io.firn.record.RecordHeader;
import io.firn.record.StreamRecord;
import io.firn.record.TimestampType;
import io.firn.table.ScanOptions;
import io.firn.table.Table;
import io.firn.table.TableReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/** What an archive of a topic holds, described as the oracle describes the topic. */
final class ArchivedRecords {
    private static final int POSITION_HEADERS = 3;

    private ArchivedRecords() {}

    /** Every committed record of a table that was written with {@link KafkaRecords#withPosition}. */
    static List<DumpedRecord> of(Path tableDirectory) {
        List<DumpedRecord> records = new ArrayList<>();
        try (Table table = Table.open(tableDirectory);
                TableReader reader = table.reader(ScanOptions.ALL)) {
            while (reader.next()) {
                records.add(describe(reader.record().toRecord()));
            }
        }
        return records;
    }

    /** A record as {@link KafkaRecords#withPosition} would have read it at an offset. */
    static StreamRecord at(ProducerRecord<byte @Nullable [], byte @Nullable []> record, long offset) {
        List<RecordHeader> headers = new ArrayList<>();
        record.headers().forEach(header -> headers.add(new RecordHeader(header.key(), header.value())));
        headers.add(header(KafkaRecords.TOPIC_HEADER, record.topic()));
        headers.add(header(KafkaRecords.PARTITION_HEADER, String.valueOf(record.partition())));
        headers.add(header(KafkaRecords.OFFSET_HEADER, Long.toString(offset)));
        return StreamRecord.atMillis(record.timestamp())
                .key(record.key())
                .headers(headers)
                .value(record.value())
                .build();
    }

    private static RecordHeader header(String name, String value) {
        return new RecordHeader(name, value.getBytes(StandardCharsets.UTF_8));
    }

    private static DumpedRecord describe(StreamRecord record) {
        List<RecordHeader> headers = record.headers();
        int own = headers.size() - POSITION_HEADERS;
        var position = headers.subList(own, headers.size()).stream()
                .collect(Collectors.toMap(RecordHeader::name, ArchivedRecords::text));
        RecordHeaders ownHeaders = new RecordHeaders();
        headers.subList(0, own).forEach(header -> ownHeaders.add(header.name(), header.value()));
        return new DumpedRecord(
                Integer.parseInt(position.getOrDefault(KafkaRecords.PARTITION_HEADER, "")),
                Long.parseLong(position.getOrDefault(KafkaRecords.OFFSET_HEADER, "")),
                record.timestamp(),
                record.timestampType() == TimestampType.LOG_APPEND_TIME ? "LOG_APPEND_TIME" : "CREATE_TIME",
                RecordDigest.of(record.key()),
                RecordDigest.ofHeaders(ownHeaders),
                RecordDigest.of(record.value()));
    }

    private static String text(RecordHeader header) {
        return new String(Objects.requireNonNull(header.value()), StandardCharsets.UTF_8);
    }
}
