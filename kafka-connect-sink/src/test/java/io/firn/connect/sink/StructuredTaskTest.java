package io.firn.connect.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.connect.avro.StructuredDecoder;
import io.firn.connect.avro.StructuredValues;
import io.firn.connect.testing.ConnectEquality;
import io.firn.record.RecordHeader;
import io.firn.record.StreamRecord;
import io.firn.table.ScanOptions;
import io.firn.table.Table;
import io.firn.table.TableReader;
import io.firn.testing.Fault;
import io.firn.testing.StoreCall;
import io.firn.testing.StoreOperation;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.apache.kafka.connect.data.Decimal;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaAndValue;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.data.Timestamp;
import org.apache.kafka.connect.header.ConnectHeaders;
import org.apache.kafka.connect.sink.SinkRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The task with {@code record.format=structured}. */
class StructuredTaskTest {
    private static final Schema PLACE =
            SchemaBuilder.struct().field("city", Schema.OPTIONAL_STRING_SCHEMA).build();
    private static final Schema ORDER = SchemaBuilder.struct()
            .name("io.acme.Order")
            .field("id", Schema.INT32_SCHEMA)
            .field("when", Timestamp.SCHEMA)
            .field(
                    "day",
                    org.apache.kafka.connect.data.Date.builder().optional().build())
            .field("price", Decimal.builder(2).optional().build())
            .field("place", PLACE)
            .build();
    private static final Instant NOON = Instant.parse("2001-02-03T12:00:00.123Z");
    private static final int RECORDS = 20;

    @TempDir
    Path directory;

    private TaskRig rig() {
        return new TaskRig(directory.resolve("archive"), new SourceLog("t", 1).fill(new Random(1), RECORDS))
                .with("record.format", "structured")
                .with("partition.fields", "");
    }

    private static Struct order(long id) {
        return new Struct(ORDER)
                .put("id", (int) id)
                .put("when", Date.from(NOON))
                .put("price", new BigDecimal("9.99"))
                .put("place", new Struct(PLACE).put("city", "Wien"));
    }

    private static SinkRecord with(SinkRecord record, SchemaAndValue key, SchemaAndValue value) {
        return record.newRecord(
                record.topic(),
                record.kafkaPartition(),
                key.schema(),
                key.value(),
                value.schema(),
                value.value(),
                record.timestamp(),
                new ConnectHeaders()
                        .add("h", new SchemaAndValue(Schema.INT64_SCHEMA, 1L))
                        .add("h", SchemaAndValue.NULL)
                        .add("h", new SchemaAndValue(Schema.STRING_SCHEMA, "last")));
    }

    private static SchemaAndValue text(String value) {
        return new SchemaAndValue(Schema.STRING_SCHEMA, value);
    }

    private static SinkTaskHarness run(TaskRig rig, Function<SinkRecord, @Nullable SinkRecord> form) {
        SinkTaskHarness task = rig.task();
        task.transform(form);
        task.assign(rig.partitions());
        rig.drain(task);
        return task;
    }

    private static Map<Long, StreamRecord> records(Table table) {
        Map<Long, StreamRecord> records = new LinkedHashMap<>();
        try (TableReader reader = table.reader(ScanOptions.ALL)) {
            while (reader.next()) {
                records.put(reader.record().sequence(), reader.record().toRecord());
            }
        }
        return records;
    }

    @Test
    void everyKindOfContentComesBackWithItsSchema() {
        Map<Long, SinkRecord> sent = new HashMap<>();
        TaskRig rig = rig();
        List<SchemaAndValue> contents = List.of(
                new SchemaAndValue(ORDER, order(1)),
                SchemaAndValue.NULL,
                new SchemaAndValue(Schema.OPTIONAL_STRING_SCHEMA, null),
                new SchemaAndValue(null, Map.of("a", List.of(1L, "b"))),
                text(""));
        run(rig, record -> {
                    int kind = (int) (record.kafkaOffset() % contents.size());
                    SinkRecord form = with(record, contents.get((kind + 1) % contents.size()), contents.get(kind));
                    sent.put(form.kafkaOffset(), form);
                    return form;
                })
                .stop();

        try (Table table = Table.open(rig.tablePath())) {
            StructuredDecoder decoder = new StructuredDecoder(table.schemas());
            Map<Long, StreamRecord> records = records(table);
            assertThat(records).hasSize(RECORDS);
            records.forEach((offset, stored) -> {
                SinkRecord expected = Objects.requireNonNull(sent.get(offset));
                assertThat(stored.typeId()).isEqualTo(StructuredValues.TYPE_ID);
                assertSame(decoder, stored.key(), expected.keySchema(), expected.key());
                assertSame(decoder, stored.value(), expected.valueSchema(), expected.value());
                assertThat(stored.headers()).extracting(RecordHeader::name).containsExactly("h", "h", "h");
                assertSame(decoder, stored.headers().get(0).value(), Schema.INT64_SCHEMA, 1L);
                assertThat(stored.headers().get(1).value()).isNull();
                assertThat(stored.timestamp()).isEqualTo(expected.timestamp());
            });
            assertThat(table.schemas().all()).hasSizeBetween(5, 6);
        }
    }

    private static void assertSame(
            StructuredDecoder decoder, byte @Nullable [] bytes, @Nullable Schema schema, @Nullable Object value) {
        SchemaAndValue back = decoder.decode(bytes);
        assertThat(ConnectEquality.isSame(back.schema(), schema)).isTrue();
        assertThat(ConnectEquality.isSame(back.value(), value)).isTrue();
    }

    @Test
    void partitionsAreFoundInStructsMapsAndHeaders() {
        TaskRig rig = rig().with(
                        "partition.fields",
                        "dt:hour=value.when,city:string=value.place.city,k:string=key.name,h:string=header.h,"
                                + "price:string=value.price")
                .with("partition.missing.field", "null");
        run(
                        rig,
                        record -> with(
                                record,
                                new SchemaAndValue(null, Map.of("name", 7L)),
                                new SchemaAndValue(ORDER, order(record.kafkaOffset()))))
                .stop();
        assertThat(partitions(rig)).containsExactly("dt=2001-02-03-12/city=Wien/k=7/h=last/price=9.99");
    }

    @Test
    void partitionsAreFoundInWholeTextsAndInJsonTexts() {
        TaskRig rig =
                rig().with("partition.fields", "k:string=key,n:int=value.n").with("partition.missing.field", "null");
        run(rig, record -> with(record, text("key"), text("{\"n\": 5}"))).stop();
        assertThat(partitions(rig)).containsExactly("k=key/n=5");
    }

    private static List<String> partitions(TaskRig rig) {
        rig.maintain(io.firn.lifecycle.LifecycleRequest.settleAll());
        try (Table table = Table.open(rig.tablePath())) {
            return table.contents().partitions().stream()
                    .map(partition -> partition.values().toPath())
                    .toList();
        }
    }

    @Test
    void whatCannotBeStoredIsReportedAndTheRestGoesOn() {
        List<String> reasons = new ArrayList<>();
        TaskRig rig = rig().reporter((record, error) -> {
            reasons.add(String.valueOf(error.getMessage()));
            return CompletableFuture.completedFuture(null);
        });
        SinkTaskHarness task = run(
                rig,
                record -> with(
                        record,
                        text("k"),
                        record.kafkaOffset() == 0
                                ? new SchemaAndValue(null, new BigDecimal(1))
                                : new SchemaAndValue(ORDER, order(1))));
        task.stop();
        assertThat(reasons).singleElement().asString().contains("value", "java.math.BigDecimal");
        try (Table table = Table.open(rig.tablePath())) {
            assertThat(records(table)).hasSize(RECORDS - 1);
        }
    }

    @Test
    void aTableHasOneFormForEver() {
        TaskRig structured = rig();
        run(structured, record -> with(record, text("k"), text("v"))).stop();
        SinkTaskHarness raw = structured.with("record.format", "raw").task();
        assertThatThrownBy(() -> raw.assign(structured.partitions()))
                .hasMessageContaining("record.format=structured")
                .hasMessageContaining("this connector has record.format=raw");

        TaskRig other = new TaskRig(directory.resolve("other"), new SourceLog("t", 1).fill(new Random(1), 5));
        run(other, record -> record).stop();
        SinkTaskHarness second = other.with("record.format", "structured").task();
        assertThatThrownBy(() -> second.assign(other.partitions()))
                .hasMessageContaining("record.format=raw")
                .hasMessageContaining("this connector has record.format=structured");
    }

    @Test
    void aSchemaThatCannotBeStoredIsTriedAgainAndNothingIsCommittedWithoutIt() {
        TaskRig rig = rig();
        Fault fault = rig.store().inject(Fault.on(StoreCall.is(StoreOperation.FORCE_DIRECTORY, "schemas")));
        run(rig, record -> with(record, text("k"), text("v"))).stop();
        assertThat(fault.happened()).isTrue();
        try (Table table = Table.open(rig.tablePath())) {
            StructuredDecoder decoder = new StructuredDecoder(table.schemas());
            assertThat(records(table).values())
                    .hasSize(RECORDS)
                    .allSatisfy(record -> assertSame(decoder, record.value(), Schema.STRING_SCHEMA, "v"));
        }
    }
}
