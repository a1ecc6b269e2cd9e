package io.firn.flink.sink;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.flink.TableLocation;
import io.firn.lifecycle.TableOrphans;
import io.firn.record.StreamRecord;
import io.firn.table.ScanOptions;
import io.firn.table.Table;
import io.firn.table.TableReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Objects;
import java.util.stream.LongStream;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.jspecify.annotations.Nullable;

/** The table that the jobs of a test write to. */
record SinkTable(Path directory) {
    static final String NAME = "numbers";
    static final String SINK_ID = "numbers-sink";

    FirnSinkBuilder<Long> sink() {
        return FirnSink.<Long>builder()
                .path(directory.toString())
                .table(NAME)
                .sinkId(SINK_ID)
                .serializer(new NumberSerializer())
                .partitionFields("bucket:string=key")
                .deliveryGuarantee(DeliveryGuarantee.EXACTLY_ONCE);
    }

    Table open() {
        return Table.open(directory.resolve(NAME));
    }

    boolean exists() {
        return TableLocation.of(directory.toString(), NAME).exists();
    }

    /** What is committed, ascending. */
    long[] numbers() {
        try (Table table = open();
                TableReader reader = table.reader(ScanOptions.ALL)) {
            LongStream.Builder numbers = LongStream.builder();
            while (reader.next()) {
                ByteBuffer value = Objects.requireNonNull(reader.record().value());
                numbers.add(Long.parseLong(StandardCharsets.UTF_8.decode(value).toString()));
            }
            return numbers.build().sorted().toArray();
        }
    }

    /** How many numbers are committed; none before the first job has made the table. */
    int committed() {
        if (!exists()) {
            return 0;
        }
        int count = 0;
        try (Table table = open();
                TableReader reader = table.reader(ScanOptions.ALL)) {
            while (reader.next()) {
                count++;
            }
        }
        return count;
    }

    void assertHoldsEachOnce(long count) {
        assertThat(numbers()).isEqualTo(LongStream.range(0, count).toArray());
    }

    void assertNothingIsLeftOver() {
        try (Table table = open()) {
            assertThat(TableOrphans.find(table).orphans()).isEmpty();
        }
    }

    /** The number as text; ten partitions. */
    static final class NumberSerializer implements FirnRecordSerializer<Long> {
        private static final long serialVersionUID = 1L;
        private static final int BUCKETS = 10;

        @Override
        public StreamRecord serialize(Long number, @Nullable Long timestampMs) {
            return StreamRecord.atMillis(Objects.requireNonNull(timestampMs))
                    .key(("b" + number % BUCKETS).getBytes(StandardCharsets.UTF_8))
                    .value(number.toString().getBytes(StandardCharsets.UTF_8))
                    .build();
        }
    }
}
