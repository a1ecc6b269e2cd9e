package io.firn.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.error.ClosedException;
import io.firn.error.ConfigException;
import io.firn.partition.PartitionFilter;
import io.firn.partition.PartitionMapping;
import io.firn.partition.PartitionScheme;
import io.firn.partition.PartitionValues;
import io.firn.record.StreamRecord;
import io.firn.table.PointReader;
import io.firn.table.Table;
import io.firn.table.TableConfig;
import io.firn.table.TableEnvironment;
import io.firn.table.TableWriter;
import io.firn.table.WriterOptions;
import io.firn.testing.InMemoryFileStore;
import io.firn.testing.Randomized;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** Single records by sequence, whatever the lifecycle does in between; and writers whose caller says the partition. */
class PointReaderTest {
    private static final Path ROOT = Path.of("/t");
    private static final PartitionScheme SCHEME =
            PartitionScheme.builder().addInt("n").build();
    private static final InstantSource CLOCK = InstantSource.fixed(Instant.ofEpochMilli(1_000_000));

    private static Table table() {
        TableConfig config = TableConfig.builder()
                .segmentSizeBytes(64 << 10)
                .indexStride(3)
                .compressionBlockSizeBytes(4 << 10)
                .build();
        TableEnvironment environment = TableEnvironment.deterministic(new InMemoryFileStore(), CLOCK);
        return Table.create(ROOT, SCHEME, config, environment);
    }

    private static TableWriter writer(Table table, String name) {
        return table.writer(WriterOptions.named(name).partitionsGiven(SCHEME).build());
    }

    private static void append(TableWriter writer, int count) {
        for (int i = 0; i < count; i++) {
            long sequence = writer.nextSequence();
            byte[] value = ByteBuffer.allocate(200).putLong(sequence).array();
            PartitionValues partition = PartitionValues.of(SCHEME, sequence / 40 % 5);
            long stored =
                    writer.append(StreamRecord.atMillis(sequence).value(value).build(), partition);
            assertThat(stored).isEqualTo(sequence);
        }
    }

    private static boolean finds(PointReader reader, long sequence) {
        if (!reader.seek(sequence)) {
            return false;
        }
        assertThat(reader.record().sequence()).isEqualTo(sequence);
        assertThat(Objects.requireNonNull(reader.record().value()).getLong()).isEqualTo(sequence);
        assertThat(reader.path().toString()).startsWith(ROOT.toString());
        assertThat(reader.offset()).isNotNegative();
        return true;
    }

    @Test
    void recordsAreFoundWhateverTheLifecycleDoesInBetween() {
        Randomized.forAll(15, random -> {
            try (Table table = table();
                    TableWriter writer = writer(table, "main");
                    TableWriter other = writer(table, "other");
                    LifecycleManager lifecycle = LifecycleManager.open(table, LifecycleOptions.defaults());
                    PointReader reader = table.pointReader("main")) {
                assertThat(reader.seek(0)).isFalse();
                for (int round = 0; round < 6; round++) {
                    append(writer, 100 + random.nextInt(300));
                    append(other, 50);
                    writer.roll();
                    writer.commit();
                    other.commit();
                    look(reader, random, writer.position());
                    lifecycle.run(
                            switch (random.nextInt(3)) {
                                case 0 -> LifecycleRequest.compressAll();
                                case 1 -> LifecycleRequest.settleAll();
                                default -> LifecycleRequest.decompressAll();
                            });
                    look(reader, random, writer.position());
                }
            }
        });
    }

    private static void look(PointReader reader, RandomGenerator random, long position) {
        for (int i = 0; i < 30; i++) {
            long sequence = random.nextLong(position);
            assertThat(finds(reader, sequence)).isTrue();
            boolean next = sequence + 1 < position;
            assertThat(finds(reader, sequence + 1)).isEqualTo(next);
            assertThat(finds(reader, sequence)).isTrue();
        }
        assertThat(reader.seek(position)).isFalse();
        assertThat(reader.seek(-1)).isFalse();
    }

    @Test
    void whatIsNotCommittedOrWasRemovedIsNotFound() {
        try (Table table = table();
                TableWriter writer = writer(table, "main");
                LifecycleManager lifecycle = LifecycleManager.open(table, LifecycleOptions.defaults());
                PointReader reader = table.pointReader("main")) {
            append(writer, 80);
            assertThat(finds(reader, 0)).isFalse();
            writer.roll();
            writer.commit();
            assertThat(finds(reader, 0)).isTrue();
            assertThat(lifecycle
                            .run(LifecycleRequest.drop(PartitionFilter.exact("n", 0L)))
                            .errors())
                    .isEmpty();
            reader.release();
            assertThat(finds(reader, 0)).isFalse();
            assertThat(finds(reader, 39)).isFalse();
            assertThat(finds(reader, 40)).isTrue();
            assertThatThrownBy(() -> table.pointReader("main").record()).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void aClosedReaderIsRefused() {
        try (Table table = table()) {
            PointReader reader = table.pointReader("main");
            reader.close();
            reader.close();
            assertThatThrownBy(() -> reader.seek(0)).isInstanceOf(ClosedException.class);
        }
    }

    @Test
    void aPartitionIsGivenOnlyWhereTheWriterIsAskedTo() {
        PartitionMapping mapping = PartitionMapping.parse("n:int=key");
        PartitionScheme others = PartitionScheme.builder().addInt("m").build();
        StreamRecord record = StreamRecord.atMillis(1).build();
        try (Table table = table();
                TableWriter given = writer(table, "given");
                TableWriter mapped = table.writer(
                        WriterOptions.named("mapped").mapping(mapping).build())) {
            assertThatThrownBy(() -> given.append(record, PartitionValues.of(others, 1L)))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining("[m:int]")
                    .hasMessageContaining("[n:int]");
            assertThatThrownBy(() -> mapped.append(record, PartitionValues.of(SCHEME, 1L)))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining("partitionsGiven");
            assertThat(given.append(record, PartitionValues.of(SCHEME, 1L))).isZero();
            given.commit();
            assertThat(table.summarize(PartitionFilter.all()))
                    .singleElement()
                    .satisfies(found -> assertThat(found.values().getInt("n")).isEqualTo(1));
        }
    }
}
