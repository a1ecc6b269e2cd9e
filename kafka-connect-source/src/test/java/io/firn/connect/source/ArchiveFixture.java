package io.firn.connect.source;

import io.firn.connect.testing.TopicDump;
import io.firn.partition.PartitionMapping;
import io.firn.partition.RecordOrigin;
import io.firn.record.RecordHeader;
import io.firn.record.StreamRecord;
import io.firn.record.TimestampType;
import io.firn.table.KafkaOrigin;
import io.firn.table.Table;
import io.firn.table.TableConfig;
import io.firn.table.TableWriter;
import io.firn.table.WriterOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * An archived topic made by the engine alone: a writer per Kafka partition, as the sink has them.
 *
 * <p>Confined to one thread.
 */
public final class ArchiveFixture implements AutoCloseable {
    private final Table table;
    private final PartitionMapping mapping;
    private final String topic;
    private final int generation;
    private final Map<Integer, TableWriter> writers = new TreeMap<>();

    private ArchiveFixture(Table table, PartitionMapping mapping, String topic, int generation) {
        this.table = table;
        this.mapping = mapping;
        this.topic = topic;
        this.generation = generation;
    }

    /** Opens or creates the table {@code <root>/<name>}, divided by {@code mappingText}. */
    public static ArchiveFixture open(Path root, String name, String mappingText, String topic, int generation) {
        PartitionMapping mapping = PartitionMapping.parse(mappingText);
        Table table = Table.openOrCreate(root.resolve(name), mapping.scheme(), TableConfig.defaults());
        return new ArchiveFixture(table, mapping, topic, generation);
    }

    /** Archives everything that the topic holds, commits and closes; the table stays on disk. */
    public static void archiveTopic(Path root, String mappingText, String bootstrapServers, String topic) {
        try (ArchiveFixture archive = open(root, topic, mappingText, topic, 0)) {
            TopicDump.forEach(bootstrapServers, topic, "read_committed", archive::append);
            archive.commit();
        }
    }

    /** The table. */
    public Table table() {
        return table;
    }

    /** Appends a consumed record at its offset. */
    void append(ConsumerRecord<byte[], byte[]> record) {
        List<RecordHeader> headers = new ArrayList<>();
        record.headers().forEach(header -> headers.add(new RecordHeader(header.key(), header.value())));
        append(
                record.partition(),
                record.offset(),
                StreamRecord.atMillis(record.timestamp())
                        .timestampType(
                                TimestampType.valueOf(record.timestampType().name()))
                        .key(record.key())
                        .value(record.value())
                        .headers(headers)
                        .build());
    }

    /** Appends a record at an offset of a Kafka partition. */
    public void append(int partition, long offset, StreamRecord record) {
        writers.computeIfAbsent(partition, this::writer).append(offset, record);
    }

    /** The archive has looked at everything of a Kafka partition below an offset; nothing when it was further. */
    public void advance(int partition, long offset) {
        TableWriter writer = writers.computeIfAbsent(partition, this::writer);
        if (offset > writer.nextSequence()) {
            writer.advanceTo(offset);
        }
    }

    /** Commits every partition. */
    public void commit() {
        writers.values().forEach(TableWriter::commit);
    }

    /** Commits every partition and seals its segment, so that the lifecycle may have it. */
    void seal() {
        writers.values().forEach(TableWriter::roll);
        commit();
    }

    /** Closes the writers; what was not committed is lost. */
    @Override
    public void close() {
        writers.values().forEach(TableWriter::close);
        table.close();
    }

    private TableWriter writer(int partition) {
        KafkaOrigin origin = new KafkaOrigin(topic, partition, generation, "", "");
        return table.writer(WriterOptions.named(origin.writerName())
                .mapping(mapping)
                .origin(new RecordOrigin(topic, partition))
                .properties(origin.toProperties())
                .build());
    }
}
