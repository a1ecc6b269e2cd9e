package io.firn.connect.sink;

import io.firn.connect.avro.StructuredDecoder;
import io.firn.connect.avro.StructuredValues;
import io.firn.connect.testing.DumpedRecord;
import io.firn.connect.testing.RecordDigest;
import io.firn.record.RecordView;
import io.firn.record.StreamRecord;
import io.firn.table.KafkaOrigin;
import io.firn.table.LaneInfo;
import io.firn.table.ScanOptions;
import io.firn.table.Table;
import io.firn.table.TableReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;

/** Everything committed in a table, described as the oracle describes a topic. */
final class ArchiveDump {
    private ArchiveDump() {}

    /** All records of the newest generation of every Kafka partition; those that are structured hold bytes. */
    static List<DumpedRecord> read(Path tablePath) {
        return read(tablePath, PartConverters.bytes());
    }

    /** The same, with what converters make of structured records. */
    static List<DumpedRecord> read(Path tablePath, PartConverters converters) {
        try (Table table = Table.open(tablePath);
                TableReader reader = table.reader(ScanOptions.builder().build())) {
            Map<String, KafkaOrigin> origins = newestOrigins(table.lanes());
            StructuredDecoder decoder = new StructuredDecoder(table.schemas());
            List<DumpedRecord> records = new ArrayList<>();
            while (reader.next()) {
                KafkaOrigin origin = origins.get(reader.writer());
                if (origin != null) {
                    records.add(describe(origin.partition(), reader.record(), decoder, converters));
                }
            }
            return records;
        }
    }

    /** What is committed of one Kafka partition's newest generation. */
    static LaneInfo lane(Path tablePath, int partition) {
        try (Table table = Table.open(tablePath)) {
            Map<String, KafkaOrigin> origins = newestOrigins(table.lanes());
            return table.lanes().stream()
                    .filter(lane -> origins.containsKey(lane.writer())
                            && origins.get(lane.writer()).partition() == partition)
                    .findFirst()
                    .orElseThrow();
        }
    }

    /** The committed position of each lane. */
    static Map<String, Long> positions(Path tablePath) {
        try (Table table = Table.open(tablePath)) {
            return table.lanes().stream().collect(Collectors.toMap(LaneInfo::writer, LaneInfo::position));
        }
    }

    private static Map<String, KafkaOrigin> newestOrigins(List<LaneInfo> lanes) {
        Map<Integer, KafkaOrigin> newest = new HashMap<>();
        for (LaneInfo lane : lanes) {
            KafkaOrigin.of(lane.properties())
                    .ifPresent(origin -> newest.merge(
                            origin.partition(), origin, (a, b) -> a.generation() > b.generation() ? a : b));
        }
        Map<String, KafkaOrigin> byWriter = new HashMap<>();
        newest.values().forEach(origin -> byWriter.put(origin.writerName(), origin));
        return byWriter;
    }

    private static DumpedRecord describe(
            int partition, RecordView view, StructuredDecoder decoder, PartConverters converters) {
        StreamRecord record = view.toRecord();
        boolean structured = record.typeId() == StructuredValues.TYPE_ID;
        List<Header> headers = new ArrayList<>();
        record.headers()
                .forEach(header -> headers.add(new RecordHeader(
                        header.name(), structured ? converters.headerOf(decoder, header.value()) : header.value())));
        return new DumpedRecord(
                partition,
                view.sequence(),
                record.timestamp(),
                record.timestampType().name(),
                RecordDigest.of(structured ? converters.keyOf(decoder, record.key()) : record.key()),
                RecordDigest.ofHeaders(headers),
                RecordDigest.of(structured ? converters.valueOf(decoder, record.value()) : record.value()));
    }
}
