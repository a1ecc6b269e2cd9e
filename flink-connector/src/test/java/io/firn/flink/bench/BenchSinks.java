package io.firn.flink.bench;

import io.firn.flink.sink.FirnRecordSerializer;
import io.firn.flink.sink.FirnSink;
import io.firn.record.StreamRecord;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.file.CodecFactory;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.flink.api.common.serialization.Encoder;
import org.apache.flink.connector.file.sink.FileSink;
import org.apache.flink.formats.avro.AvroWriterFactory;
import org.apache.flink.formats.avro.typeutils.GenericRecordAvroTypeInfo;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.filesystem.rollingpolicies.OnCheckpointRollingPolicy;

/** Writes the values of the benchmarks: FirnSink, and FileSink in rows and in bulk Avro. */
final class BenchSinks {
    static final String TABLE = "bench";
    private static final int ZSTD_LEVEL = 3;
    static final Schema SCHEMA = SchemaBuilder.record("Bench")
            .fields()
            .requiredLong("timestamp")
            .requiredBytes("value")
            .endRecord();

    private BenchSinks() {}

    static void firn(StreamExecutionEnvironment job, long records, int size, Path directory, String ioMode) {
        BenchValues.stream(job, records, size)
                .sinkTo(FirnSink.<byte[]>builder()
                        .path(directory.toString())
                        .table(TABLE)
                        .option("io.mode", ioMode)
                        .sinkId("bench")
                        .serializer((FirnRecordSerializer<byte[]>) (value, timestampMs) ->
                                StreamRecord.atMillis(1).value(value).build())
                        .build());
    }

    /** Lines, each written in one call. */
    static void row(StreamExecutionEnvironment job, long records, int size, Path directory) {
        Encoder<byte[]> encoder = (value, out) -> {
            byte[] line = new byte[value.length + 1];
            System.arraycopy(value, 0, line, 0, value.length);
            line[value.length] = '\n';
            out.write(line);
        };
        BenchValues.stream(job, records, size)
                .sinkTo(FileSink.forRowFormat(path(directory), encoder)
                        .withRollingPolicy(OnCheckpointRollingPolicy.build())
                        .build());
    }

    static void avro(StreamExecutionEnvironment job, long records, int size, Path directory) {
        avro(job, records, size, directory, false);
    }

    /** Avro files whose blocks are compressed by zstd at Firn's default level. */
    static void avroZstd(StreamExecutionEnvironment job, long records, int size, Path directory) {
        avro(job, records, size, directory, true);
    }

    private static void avro(StreamExecutionEnvironment job, long records, int size, Path directory, boolean zstd) {
        BenchValues.stream(job, records, size)
                .map(value -> {
                    GenericRecord made = new GenericData.Record(SCHEMA);
                    made.put("timestamp", 1L);
                    made.put("value", ByteBuffer.wrap(value));
                    return made;
                })
                .returns(new GenericRecordAvroTypeInfo(SCHEMA))
                .sinkTo(FileSink.forBulkFormat(path(directory), new AvroWriterFactory<GenericRecord>(out -> {
                            DataFileWriter<GenericRecord> writer =
                                    new DataFileWriter<>(new GenericDatumWriter<>(SCHEMA));
                            writer.setCodec(zstd ? CodecFactory.zstandardCodec(ZSTD_LEVEL) : CodecFactory.nullCodec());
                            return writer.create(SCHEMA, out);
                        }))
                        .build());
    }

    static org.apache.flink.core.fs.Path path(Path directory) {
        return new org.apache.flink.core.fs.Path(directory.toUri());
    }
}
