package io.firn.series;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.error.CorruptDataException;
import io.firn.partition.PartitionValues;
import io.firn.record.RecordView;
import io.firn.record.StreamRecord;
import io.firn.table.ScanOptions;
import io.firn.table.Table;
import io.firn.table.TableReader;
import io.firn.table.TableWriter;
import io.firn.table.WriterOptions;
import io.firn.testing.InMemoryFileStore;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How batches stand in table samples: every kind of record comes back after a restart, a damaged one never does. */
class HeadRecordsTest {
    private static final Labels REGULAR = Labels.of("s", "regular");
    private static final Labels IRREGULAR = Labels.of("s", "irregular");

    private final StoreFixture fixture = new StoreFixture(new InMemoryFileStore());

    /** Records of table samples by their types. */
    private Map<Integer, Integer> records() {
        Map<Integer, Integer> types = new TreeMap<>();
        try (Table table = Table.open(StoreFixture.ROOT.resolve("samples"), fixture.environment());
                TableReader reader = table.reader(ScanOptions.builder().build())) {
            while (reader.next()) {
                RecordView record = reader.record();
                types.merge(record.typeId(), 1, Integer::sum);
            }
        }
        return types;
    }

    @Test
    void everyKindOfRecordIsUsedWhereItIsSmallestAndComesBack() {
        SeriesModel model = new SeriesModel();
        try (SeriesStore store = fixture.open()) {
            SplittableRandom random = new SplittableRandom(1);
            SeriesBatch batch = new SeriesBatch();
            for (int i = 0; i < 1_500; i++) {
                batch.add(
                        REGULAR,
                        SeriesType.GAUGE,
                        Long.MAX_VALUE - 10L * i,
                        Double.longBitsToDouble(random.nextLong()));
            }
            for (int i = 0; i < 100; i++) {
                batch.add(IRREGULAR, SeriesType.GAUGE, random.nextLong(), i);
            }
            for (int i = 0; i < 1_200; i++) {
                batch.add(StoreFixture.series(i), SeriesType.COUNTER, 5, i);
            }
            batch.add(REGULAR, SeriesType.COUNTER, 7, 1);
            store.write(batch);
            model.write(batch);
            assertThat(SeriesModel.all(store)).isEqualTo(model.all());
        }
        assertThat(records())
                .containsEntry(HeadRecords.SERIES, 2 + 1_200 + 1)
                .containsEntry(HeadRecords.STRIDE, 2)
                .containsEntry(HeadRecords.SAMPLES, 1)
                .containsEntry(HeadRecords.POINTS, 2);
        try (SeriesStore store = fixture.open()) {
            assertThat(SeriesModel.all(store)).isEqualTo(model.all());
        }
    }

    @Test
    void theLastOfEqualTimestampsCountsInWhicheverRecordsTheyStand() {
        SeriesModel model = new SeriesModel();
        try (SeriesStore store = fixture.open()) {
            SeriesBatch batch =
                    new SeriesBatch().add(REGULAR, SeriesType.GAUGE, 30, 1).add(IRREGULAR, SeriesType.GAUGE, 2, 1);
            for (int i = 0; i < 20; i++) {
                batch.add(REGULAR, SeriesType.GAUGE, 10L * i, i);
            }
            batch.add(IRREGULAR, SeriesType.GAUGE, 1, 1).add(REGULAR, SeriesType.GAUGE, 40, 2.5);
            store.write(batch);
            model.write(batch);
        }
        assertThat(records()).containsEntry(HeadRecords.POINTS, 2).containsEntry(HeadRecords.STRIDE, 1);
        try (SeriesStore store = fixture.open()) {
            assertThat(SeriesModel.all(store)).isEqualTo(model.all());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {HeadRecords.SAMPLES, HeadRecords.STRIDE, HeadRecords.POINTS, 5})
    void aRecordWithAnImpossibleCountOrReferenceIsRefused(int type) {
        for (int count : new int[] {-1, 3, 1_025}) {
            assertRefused(type, count);
        }
    }

    @Test
    void morePointsThanARecordHoldsAreRefused() {
        int count = HeadRecords.MAX_SAMPLES + 1;
        ByteBuffer value = ByteBuffer.allocate(4 + 20 * count).order(ByteOrder.LITTLE_ENDIAN);
        assertRefused(HeadRecords.POINTS, value.putInt(count));
    }

    /** A record whose bytes are those of two samples, whatever it says. */
    private static void assertRefused(int type, int count) {
        ByteBuffer value = ByteBuffer.allocate(44).order(ByteOrder.LITTLE_ENDIAN);
        value.putInt(type == HeadRecords.POINTS ? count : 0);
        value.putInt(type == HeadRecords.POINTS ? 0 : count);
        assertRefused(type, value);
    }

    private static void assertRefused(int type, ByteBuffer value) {
        byte[] bytes = new byte[value.capacity()];
        value.get(0, bytes);
        StoreFixture other = new StoreFixture(new InMemoryFileStore());
        other.open().close();
        try (Table table = Table.open(StoreFixture.ROOT.resolve("samples"), other.environment());
                TableWriter writer = table.writer(WriterOptions.named(HeadLog.WRITER)
                        .partitionsGiven(HeadLog.SCHEME)
                        .build())) {
            writer.append(
                    StreamRecord.atMillis(0).typeId(type).value(bytes).build(), PartitionValues.of(HeadLog.SCHEME, 1L));
            writer.commit();
        }
        assertThatThrownBy(other::open).isInstanceOf(CorruptDataException.class);
    }
}
