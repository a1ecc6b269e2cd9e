package io.firn.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.partition.MissingFieldPolicy;
import io.firn.partition.PartitionFilter;
import io.firn.partition.PartitionMapping;
import io.firn.partition.PartitionValues;
import io.firn.record.RecordHeader;
import io.firn.record.StreamRecord;
import io.firn.table.PointReader;
import io.firn.table.ReadOrder;
import io.firn.table.ScanOptions;
import io.firn.table.Table;
import io.firn.table.TableConfig;
import io.firn.table.TableReader;
import io.firn.table.TableWriter;
import io.firn.table.WriterOptions;
import io.firn.testing.InMemoryFileStore;
import io.firn.testing.Randomized;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/**
 * What readers answer to random filters, ranges of time and positions is what a list of all records answers, in every
 * order, whatever the lifecycle did with the records.
 */
class ScanRandomTest {
    private static final PartitionMapping MAPPING =
            PartitionMapping.parse("a:string=header.a,b:int=header.b").withMissingField(MissingFieldPolicy.NULL);
    private static final List<String> WRITERS = List.of("u", "v", "w");
    private static final List<String> TEXTS = List.of("x", "y/z", "ä", "zz");
    private static final List<ReadOrder> ORDERS = List.of(ReadOrder.values());
    private static final long TIMES = 60;
    private static final int LONG_VALUE = 40_000;

    private record Row(String writer, long sequence, PartitionValues partition, StreamRecord record, long timestampNs) {
        String path() {
            return partition.toPath();
        }
    }

    private record Condition(PartitionFilter filter, Predicate<PartitionValues> holds) {}

    private static final Comparator<Row> BY_WRITER =
            Comparator.comparing(Row::writer).thenComparing(Row::sequence);

    @Test
    void readersAnswerWhatAListAnswers() {
        Randomized.forAll(8, random -> new Scenario(random).run());
    }

    /** One table and the list of its records. */
    private static final class Scenario {
        private final RandomGenerator random;
        private final List<Row> rows = new ArrayList<>();

        Scenario(RandomGenerator random) {
            this.random = random;
        }

        void run() {
            InMemoryFileStore store = new InMemoryFileStore();
            TableConfig config = TableConfig.builder()
                    .segmentSizeBytes(64 << 10)
                    .compressionBlockSizeBytes(64 << 10)
                    .indexStride(1 + random.nextInt(5))
                    .build();
            try (Table table =
                    Table.create(WrittenTable.ROOT, MAPPING.scheme(), config, WrittenTable.environment(store))) {
                for (int round = 0; round < 5; round++) {
                    write(table, WRITERS.get(random.nextInt(WRITERS.size())));
                    change(store);
                    for (int scan = 0; scan < 8; scan++) {
                        compare(table);
                    }
                    comparePoints(table, WRITERS.get(random.nextInt(WRITERS.size())));
                }
            }
        }

        private void write(Table table, String name) {
            try (TableWriter writer =
                    table.writer(WriterOptions.named(name).mapping(MAPPING).build())) {
                long sequence = writer.nextSequence();
                for (int i = random.nextInt(60); i > 0; i--) {
                    sequence += random.nextInt(4) == 0 ? random.nextInt(5) : 0;
                    writer.append(sequence, newRow(table, name, sequence));
                    sequence++;
                    if (random.nextInt(15) == 0) {
                        writer.roll();
                    }
                }
                writer.commit();
            }
        }

        private StreamRecord newRow(Table table, String writer, long sequence) {
            String a = random.nextInt(4) == 0 ? null : TEXTS.get(random.nextInt(TEXTS.size()));
            Long b = random.nextInt(4) == 0 ? null : Long.valueOf(random.nextLong(4) - 1);
            List<RecordHeader> headers = new ArrayList<>();
            if (a != null) {
                headers.add(new RecordHeader("a", HistoryOracle.bytes(a)));
            }
            if (b != null) {
                headers.add(new RecordHeader("b", HistoryOracle.bytes(b.toString())));
            }
            long millis = random.nextLong(TIMES) - TIMES / 2;
            long nanos = millis * 1_000_000 + random.nextInt(3) - 1;
            boolean inMillis = random.nextBoolean();
            int size = random.nextInt(40) == 0 ? LONG_VALUE : random.nextInt(50);
            byte[] value = new byte[size];
            random.nextBytes(value);
            StreamRecord record = (inMillis ? StreamRecord.atMillis(millis) : StreamRecord.atNanos(nanos))
                    .key(HistoryOracle.bytes("k" + random.nextInt(6)))
                    .headers(headers)
                    .value(random.nextInt(10) == 0 ? null : value)
                    .build();
            rows.add(new Row(
                    writer,
                    sequence,
                    PartitionValues.of(table.scheme(), a, b),
                    record,
                    inMillis ? millis * 1_000_000 : nanos));
            return record;
        }

        private void change(InMemoryFileStore store) {
            switch (random.nextInt(9)) {
                case 0 -> ErasableTable.maintain(store, LifecycleRequest.settleAll());
                case 1, 2 -> ErasableTable.maintain(store, LifecycleRequest.compressAll());
                case 3 -> ErasableTable.maintain(store, LifecycleRequest.decompressAll());
                case 4, 5 -> ErasableTable.maintain(store, LifecycleRequest.compact());
                case 6 -> {
                    Condition gone = condition();
                    ErasableTable.maintain(store, LifecycleRequest.drop(gone.filter()));
                    rows.removeIf(row -> gone.holds().test(row.partition()));
                }
                case 7 -> {
                    byte[] key = HistoryOracle.bytes("k" + random.nextInt(6));
                    RecordKeys keys = RecordKeys.of(List.of(key));
                    ErasableTable.maintain(store, LifecycleRequest.erase(Erasure.of(keys)));
                    rows.removeIf(row -> Arrays.equals(row.record().key(), key));
                }
                default -> {}
            }
        }

        private Condition condition() {
            if (random.nextInt(4) == 0) {
                Condition one = single();
                Condition other = single();
                return new Condition(
                        PartitionFilter.and(one.filter(), other.filter()),
                        values -> one.holds().test(values) && other.holds().test(values));
            }
            return single();
        }

        private Condition single() {
            String text = TEXTS.get(random.nextInt(TEXTS.size()));
            long number = random.nextLong(5) - 1;
            return switch (random.nextInt(6)) {
                case 0 -> new Condition(PartitionFilter.exact("a", text), values -> text.equals(values.get("a")));
                case 1 -> new Condition(PartitionFilter.exact("b", null), values -> values.isNull("b"));
                case 2 ->
                    new Condition(
                            PartitionFilter.in("b", List.of(number, 2L)),
                            values -> List.of(number, 2L).contains(value(values, "b", -99L)));
                case 3 ->
                    new Condition(
                            PartitionFilter.range("b", number, number + 2),
                            values -> !values.isNull("b")
                                    && value(values, "b", -99L) >= number
                                    && value(values, "b", -99L) < number + 2);
                case 4 ->
                    new Condition(
                            PartitionFilter.range("a", text, null),
                            values -> !values.isNull("a")
                                    && value(values, "a", "").compareTo(text) >= 0);
                default -> new Condition(PartitionFilter.exact("a", null), values -> values.isNull("a"));
            };
        }

        @SuppressWarnings("unchecked")
        private static <T> T value(PartitionValues values, String field, T otherwise) {
            Object value = values.get(field);
            return value == null ? otherwise : (T) value;
        }

        private void compare(Table table) {
            ReadOrder order = ORDERS.get(random.nextInt(ORDERS.size()));
            ScanOptions.Builder options = ScanOptions.builder().order(order);
            Predicate<Row> chosen = row -> true;
            if (random.nextBoolean()) {
                Condition condition = condition();
                options.filter(condition.filter());
                chosen = chosen.and(row -> condition.holds().test(row.partition()));
            }
            if (random.nextBoolean()) {
                long from = time();
                long to = from + random.nextLong(20_000_000);
                options.fromNs(from).toNs(to);
                chosen = chosen.and(row -> row.timestampNs() >= from && row.timestampNs() < to);
            }
            if (random.nextBoolean()) {
                Map<String, Long> from = positions();
                options.fromSequences(from);
                chosen = chosen.and(row -> row.sequence() >= from.getOrDefault(row.writer(), 0L));
            }
            if (order == ReadOrder.WRITER && random.nextBoolean()) {
                Map<String, Long> to = positions();
                options.toSequences(to);
                chosen = chosen.and(row -> row.sequence() < to.getOrDefault(row.writer(), Long.MAX_VALUE));
            }
            List<String> expected = rows.stream()
                    .filter(chosen)
                    .sorted(comparator(order))
                    .map(row -> describe(row.writer(), row.path(), row.sequence(), row.record()))
                    .toList();
            assertThat(read(table, options.build())).as("%s", order).isEqualTo(expected);
        }

        private static Comparator<Row> comparator(ReadOrder order) {
            return switch (order) {
                case WRITER -> BY_WRITER;
                case TIME ->
                    Comparator.comparing(Row::timestampNs)
                            .thenComparing(Row::path)
                            .thenComparing(BY_WRITER);
                case PARTITION -> Comparator.comparing(Row::path).thenComparing(BY_WRITER);
            };
        }

        private long time() {
            return (random.nextLong(TIMES) - TIMES / 2) * 1_000_000L + random.nextInt(3) - 1;
        }

        private Map<String, Long> positions() {
            Map<String, Long> positions = new HashMap<>();
            WRITERS.forEach(writer -> {
                if (random.nextBoolean()) {
                    positions.put(writer, (long) random.nextInt(100));
                }
            });
            return positions;
        }

        private static List<String> read(Table table, ScanOptions options) {
            List<String> read = new ArrayList<>();
            try (TableReader reader = table.reader(options)) {
                while (reader.next()) {
                    read.add(describe(
                            reader.writer(),
                            reader.partitionPath(),
                            reader.record().sequence(),
                            reader.record().toRecord()));
                }
            }
            return read;
        }

        private static String describe(String writer, String path, long sequence, StreamRecord record) {
            return writer + " " + path + " " + sequence + " " + record + " " + Arrays.hashCode(record.value());
        }

        private void comparePoints(Table table, String writer) {
            Map<Long, StreamRecord> expected = new HashMap<>();
            rows.stream()
                    .filter(row -> row.writer().equals(writer))
                    .forEach(row -> expected.put(row.sequence(), row.record()));
            try (PointReader reader = table.pointReader(writer)) {
                for (int i = 0; i < 40; i++) {
                    long sequence = random.nextInt(150);
                    boolean found = reader.seek(sequence);
                    assertThat(found).isEqualTo(expected.containsKey(sequence));
                    if (found) {
                        assertThat(reader.record().toRecord()).isEqualTo(expected.get(sequence));
                    }
                }
            }
        }
    }
}
