package io.firn.flink.bench;

import io.firn.flink.sink.FirnRecordSerializer;
import io.firn.flink.sink.FirnSink;
import io.firn.record.StreamRecord;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.flink.api.common.serialization.Encoder;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.connector.file.sink.FileSink;
import org.apache.flink.formats.avro.AvroWriters;
import org.apache.flink.formats.avro.typeutils.GenericRecordAvroTypeInfo;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.filesystem.rollingpolicies.OnCheckpointRollingPolicy;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;

/**
 * FirnSink beside Flink's FileSink in one JVM: every contender takes the same byte arrays from a sequence, with object
 * reuse, parallelism 1 and a checkpoint each second.
 *
 * <p>Arguments: directory, rounds, seconds a cell. FileSink row writes each record with its length in one call; bulk
 * Avro writes a record with a timestamp and the bytes.
 */
public final class FlinkSinkBench {
    private static final int DISTINCT = 1024;
    private static final Schema SCHEMA = SchemaBuilder.record("Bench")
            .fields()
            .requiredLong("timestamp")
            .requiredBytes("value")
            .endRecord();

    private FlinkSinkBench() {}

    /** Runs the comparison. */
    public static void main(String[] arguments) throws Exception {
        Path directory = Files.createDirectories(Path.of(arguments[0])).toAbsolutePath();
        JobRounds rounds = new JobRounds(directory, Integer.parseInt(arguments[1]), Double.parseDouble(arguments[2]));
        for (int size : new int[] {100, 1000}) {
            rounds.run(
                    size + " B",
                    List.of(
                            new Contender(
                                    "discard",
                                    3_000_000,
                                    (job, n, dir) -> values(job, n, size).sinkTo(new DiscardingSink<>())),
                            new Contender("firn", 1_000_000, (job, n, dir) -> firn(job, n, size, dir)),
                            new Contender("file row", 300_000, (job, n, dir) -> row(job, n, size, dir)),
                            new Contender("file avro", 500_000, (job, n, dir) -> avro(job, n, size, dir))),
                    List.of("discard", "file row", "file avro"));
        }
    }

    private static void firn(StreamExecutionEnvironment job, long records, int size, Path directory) {
        values(job, records, size)
                .sinkTo(FirnSink.<byte[]>builder()
                        .path(directory.toString())
                        .table("bench")
                        .sinkId("bench")
                        .serializer((FirnRecordSerializer<byte[]>) (value, timestampMs) ->
                                StreamRecord.atMillis(1).value(value).build())
                        .build());
    }

    private static void row(StreamExecutionEnvironment job, long records, int size, Path directory) {
        Encoder<byte[]> encoder = (value, out) -> {
            byte[] line = new byte[Integer.BYTES + value.length];
            ByteBuffer.wrap(line).putInt(value.length).put(value);
            out.write(line);
        };
        values(job, records, size)
                .sinkTo(FileSink.forRowFormat(path(directory), encoder)
                        .withRollingPolicy(OnCheckpointRollingPolicy.build())
                        .build());
    }

    private static void avro(StreamExecutionEnvironment job, long records, int size, Path directory) {
        values(job, records, size)
                .map(value -> {
                    GenericRecord made = new GenericData.Record(SCHEMA);
                    made.put("timestamp", 1L);
                    made.put("value", ByteBuffer.wrap(value));
                    return made;
                })
                .returns(new GenericRecordAvroTypeInfo(SCHEMA))
                .sinkTo(FileSink.forBulkFormat(path(directory), AvroWriters.forGenericRecord(SCHEMA))
                        .build());
    }

    private static org.apache.flink.core.fs.Path path(Path directory) {
        return new org.apache.flink.core.fs.Path(directory.toUri());
    }

    private static DataStream<byte[]> values(StreamExecutionEnvironment job, long records, int size) {
        byte[][] values = new byte[DISTINCT][size];
        SplittableRandom random = new SplittableRandom(size);
        for (byte[] value : values) {
            random.nextBytes(value);
        }
        return job.fromSequence(0, records - 1)
                .map(number -> values[(int) (number % DISTINCT)])
                .returns(PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO);
    }
}
