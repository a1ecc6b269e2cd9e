package io.firn.flink.bench;

import io.firn.flink.source.FirnRecordDeserializer;
import io.firn.flink.source.FirnSource;
import io.firn.flink.source.RecordPlace;
import io.firn.lifecycle.LifecycleManager;
import io.firn.lifecycle.LifecycleOptions;
import io.firn.lifecycle.LifecycleRequest;
import io.firn.record.RecordView;
import io.firn.table.Table;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.connector.file.src.FileSource;
import org.apache.flink.connector.file.src.FileSourceSplit;
import org.apache.flink.connector.file.src.reader.TextLineInputFormat;
import org.apache.flink.formats.avro.AbstractAvroBulkFormat;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.apache.flink.util.Collector;

/**
 * FirnSource over a hot and a cold table beside Flink's FileSource over Avro and over lines, all of the same values,
 * each value as a byte array (lines as text), into a sink that drops them; parallelism 1, object reuse.
 *
 * <p>Arguments: directory, rounds, seconds a cell, bytes of a value (separated by commas). The data fit into
 * the page cache; a cell reads them as often as it takes.
 */
public final class FlinkSourceBench {
    private static final long MAX_RECORDS = 15_000_000;
    private static final long MAX_BYTES = 2_000_000_000;

    private FlinkSourceBench() {}

    /** Runs the comparison. */
    public static void main(String[] arguments) throws Exception {
        Path directory = Files.createDirectories(Path.of(arguments[0])).toAbsolutePath();
        double seconds = Double.parseDouble(arguments[2]);
        for (int size : BenchValues.sizes(arguments)) {
            long records = Math.min(MAX_RECORDS, MAX_BYTES / size);
            Path data = Files.createTempDirectory(directory, "data");
            try {
                write(data, records, size);
                new JobRounds(directory, Integer.parseInt(arguments[1]), seconds)
                        .runFixed(
                                "source " + size + " B",
                                records,
                                List.of(
                                        reading("firn hot", firn(data.resolve("hot"))),
                                        reading("firn cold", firn(data.resolve("cold"))),
                                        reading("file avro", avro(data.resolve("avro"))),
                                        reading("file avro zstd", avro(data.resolve("zstd"))),
                                        reading("file lines", lines(data.resolve("row")))),
                                List.of("file avro", "file avro zstd", "file lines"));
            } finally {
                JobRounds.delete(data);
            }
        }
    }

    private static <T> Contender reading(String name, Source<T, ?, ?> source) {
        return new Contender(
                name,
                1,
                (job, records, unused) -> job.fromSource(source, WatermarkStrategy.noWatermarks(), name)
                        .sinkTo(new DiscardingSink<>()));
    }

    private static void write(Path data, long records, int size) throws Exception {
        run(job -> BenchSinks.firn(job, records, size, data.resolve("hot"), "auto"));
        run(job -> BenchSinks.firn(job, records, size, data.resolve("cold"), "auto"));
        run(job -> BenchSinks.avro(job, records, size, data.resolve("avro")));
        run(job -> BenchSinks.avroZstd(job, records, size, data.resolve("zstd")));
        run(job -> BenchSinks.row(job, records, size, data.resolve("row")));
        try (Table table = Table.open(data.resolve("cold").resolve(BenchSinks.TABLE));
                LifecycleManager manager = LifecycleManager.open(table, LifecycleOptions.defaults())) {
            manager.run(LifecycleRequest.compressAll());
        }
    }

    /** Adds a sink to a job. */
    @FunctionalInterface
    private interface Building {
        void into(StreamExecutionEnvironment job);
    }

    private static void run(Building building) throws Exception {
        StreamExecutionEnvironment job = JobRounds.environment();
        building.into(job);
        job.execute();
    }

    private static Source<byte[], ?, ?> firn(Path path) {
        return FirnSource.<byte[]>builder()
                .path(path.toString())
                .table(BenchSinks.TABLE)
                .deserializer(new Values())
                .build();
    }

    private static Source<byte[], ?, ?> avro(Path path) {
        return FileSource.forBulkFileFormat(new AvroValues(), BenchSinks.path(path))
                .build();
    }

    private static Source<String, ?, ?> lines(Path path) {
        return FileSource.forRecordStreamFormat(new TextLineInputFormat(), BenchSinks.path(path))
                .build();
    }

    private static byte[] bytes(ByteBuffer value) {
        byte[] bytes = new byte[value.remaining()];
        value.get(bytes);
        return bytes;
    }

    private static final class Values implements FirnRecordDeserializer<byte[]> {
        private static final long serialVersionUID = 1L;

        @Override
        public void deserialize(RecordView record, RecordPlace place, Collector<byte[]> out) {
            out.collect(bytes(Objects.requireNonNull(record.value())));
        }

        @Override
        public TypeInformation<byte[]> getProducedType() {
            return PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO;
        }
    }

    private static final class AvroValues extends AbstractAvroBulkFormat<GenericRecord, byte[], FileSourceSplit> {
        private static final long serialVersionUID = 1L;

        AvroValues() {
            super(BenchSinks.SCHEMA);
        }

        @Override
        protected GenericRecord createReusedAvroRecord() {
            return new GenericData.Record(BenchSinks.SCHEMA);
        }

        @Override
        protected Function<GenericRecord, byte[]> createConverter() {
            return record -> bytes((ByteBuffer) record.get("value"));
        }

        @Override
        public TypeInformation<byte[]> getProducedType() {
            return PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO;
        }
    }
}
