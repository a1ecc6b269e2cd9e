package io.firn.examples.flink;

import io.firn.flink.sink.FirnRecordSerializer;
import io.firn.flink.sink.FirnSink;
import io.firn.flink.sink.LifecycleSettings;
import io.firn.record.StreamRecord;
import java.nio.charset.StandardCharsets;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.functions.RichMapFunction;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.connector.datagen.source.DataGeneratorSource;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.jspecify.annotations.Nullable;

/** A job that archives numbers and fails in each of its first attempts, behind the numbers that it has written. */
final class RestartingJob {
    private static final long NUMBERS = 2_000;

    private RestartingJob() {}

    static void define(StreamExecutionEnvironment job, String path, String table, int restarts) {
        job.fromSource(
                        new DataGeneratorSource<>(number -> number, NUMBERS, Types.LONG),
                        WatermarkStrategy.noWatermarks(),
                        "numbers")
                .map(new Failing(restarts))
                .returns(Types.LONG)
                .sinkTo(FirnSink.<Long>builder()
                        .path(path)
                        .table(table)
                        .sinkId(table)
                        .serializer(new NumberText())
                        .partitionFields("b:string=key")
                        .option("compression.policy", "immediate")
                        .option("settle.min.bytes", "0")
                        .lifecycle(LifecycleSettings.defaults())
                        .build())
                .uid("numbers");
    }

    /** Fails in every attempt but the last. */
    static final class Failing extends RichMapFunction<Long, Long> {
        private static final long serialVersionUID = 1L;
        private static final long FAILS_AT = NUMBERS / 2;

        private final int restarts;

        Failing(int restarts) {
            this.restarts = restarts;
        }

        @Override
        public Long map(Long number) {
            int attempt = getRuntimeContext().getTaskInfo().getAttemptNumber();
            if (number == FAILS_AT && attempt < restarts) {
                throw new IllegalStateException("intended failure of attempt " + attempt);
            }
            return number;
        }
    }

    /** The number as text; ten partitions. */
    static final class NumberText implements FirnRecordSerializer<Long> {
        private static final long serialVersionUID = 1L;

        @Override
        public StreamRecord serialize(Long number, @Nullable Long timestampMs) {
            return StreamRecord.atMillis(number)
                    .key(("k" + number % 10).getBytes(StandardCharsets.UTF_8))
                    .value(number.toString().getBytes(StandardCharsets.UTF_8))
                    .build();
        }
    }
}
