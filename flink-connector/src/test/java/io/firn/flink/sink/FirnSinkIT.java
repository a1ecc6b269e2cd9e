package io.firn.flink.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.error.InvalidRecordException;
import io.firn.flink.testing.FailurePoint;
import io.firn.flink.testing.NumberJob;
import io.firn.flink.testing.Restarts;
import io.firn.flink.testing.TestClusters;
import io.firn.partition.PartitionFilter;
import io.firn.partition.PartitionValues;
import io.firn.table.ScanOptions;
import io.firn.table.Table;
import io.firn.table.TableReader;
import io.firn.testing.Randomized;
import io.firn.testing.TestProfile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.apache.flink.api.common.RuntimeExecutionMode;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.apache.flink.util.ExceptionUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FirnSinkIT extends SinkTableFixture {
    private static final long NUMBERS = 4_000;
    private static final double PER_SECOND = 5_000;
    /** So that there are several checkpoints before the last number. */
    private static final double SLOWLY = 1_500;

    @RegisterExtension
    static final MiniClusterExtension CLUSTER = TestClusters.of(2, 2);

    @ParameterizedTest
    @EnumSource(DeliveryGuarantee.class)
    void aBoundedJobArchivesEveryElement(DeliveryGuarantee guarantee) throws Exception {
        StreamExecutionEnvironment job = NumberJob.of(NUMBERS, PER_SECOND)
                .checkpointEvery(100)
                .into(table.sink().deliveryGuarantee(guarantee).build(), directory);
        job.execute();
        table.assertHoldsEachOnce(NUMBERS);
        table.assertNothingIsLeftOver();
    }

    @Test
    void aBatchJobArchivesEveryElement() throws Exception {
        StreamExecutionEnvironment job =
                NumberJob.of(NUMBERS, NUMBERS * 10).into(table.sink().build(), directory);
        job.setRuntimeMode(RuntimeExecutionMode.BATCH);
        job.execute();
        table.assertHoldsEachOnce(NUMBERS);
        table.assertNothingIsLeftOver();
    }

    @ParameterizedTest
    @EnumSource(FailurePoint.class)
    void aFailureAnywhereLosesNothingAndRepeatsNothing(FailurePoint point) throws Exception {
        boolean eachElement = point == FailurePoint.MAP || point == FailurePoint.WRITE;
        point.failAt(eachElement ? (int) NUMBERS / 2 : 3);
        NumberJob.of(NUMBERS, eachElement ? PER_SECOND : SLOWLY)
                .checkpointEvery(50)
                .into(new FailingSink<>(table.sink().build()), directory)
                .execute();
        assertThat(point.failures()).isEqualTo(1);
        table.assertHoldsEachOnce(NUMBERS);
        table.assertNothingIsLeftOver();
    }

    @Test
    void randomFailuresLoseNothingAndRepeatNothing() {
        Randomized.forAll(TestProfile.isStress() ? 50 : 10, random -> {
            FailurePoint.reset();
            Path run = Files.createTempDirectory(directory, "run");
            SinkTable archive = new SinkTable(run.resolve("archive"));
            FailurePoint[] points = FailurePoint.values();
            for (int i = 0; i < 3; i++) {
                FailurePoint point = points[random.nextInt(points.length)];
                boolean eachElement = point == FailurePoint.MAP || point == FailurePoint.WRITE;
                point.failAt(1 + random.nextInt(eachElement ? (int) NUMBERS : 12));
            }
            FirnSinkBuilder<Long> sink = archive.sink();
            if (random.nextBoolean()) {
                sink.option("settle.min.bytes", "0").lifecycle(LifecycleSettings.defaults());
            }
            NumberJob.of(NUMBERS, PER_SECOND)
                    .inParallel(1 + random.nextInt(3))
                    .checkpointEvery(10 + random.nextInt(40))
                    .into(new FailingSink<>(sink.build()), run)
                    .execute();
            archive.assertHoldsEachOnce(NUMBERS);
            archive.assertNothingIsLeftOver();
        });
    }

    @Test
    void aPartitionerFunctionSaysWhereAnElementGoes() throws Exception {
        FirnSink<Long> sink = FirnSink.<Long>builder()
                .path(table.directory().toString())
                .table(SinkTable.NAME)
                .sinkId(SinkTable.SINK_ID)
                .serializer(new SinkTable.NumberSerializer())
                .partitioner(
                        "odd:string,hundred:int",
                        (number, timestampMs, scheme) ->
                                PartitionValues.of(scheme, number % 2 == 0 ? null : "yes", number / 100))
                .build();
        NumberJob.of(1_000, NUMBERS).into(sink, directory).execute();
        table.assertHoldsEachOnce(1_000);
        try (Table opened = table.open();
                TableReader reader = opened.reader(ScanOptions.builder()
                        .filter(PartitionFilter.parse("odd = 'yes' and hundred = 3", opened.scheme()))
                        .build())) {
            List<Long> numbers = new ArrayList<>();
            while (reader.next()) {
                numbers.add(reader.record().timestamp());
            }
            assertThat(numbers)
                    .containsExactlyInAnyOrderElementsOf(LongStream.range(300, 400)
                            .filter(number -> number % 2 == 1)
                            .boxed()
                            .toList());
        }
    }

    @Test
    void anElementThatTheTableRefusesFailsTheJobWithTheReason() {
        StreamExecutionEnvironment job = NumberJob.of(10, NUMBERS)
                .into(table.sink().partitionFields("origin:string=value.origin").build(), directory);
        job.configure(Restarts.none());
        assertThatThrownBy(job::execute)
                .satisfies(failed -> assertThat(ExceptionUtils.findThrowable(failed, InvalidRecordException.class)
                                .orElseThrow())
                        .hasMessageContaining("origin"));
        table.assertNothingIsLeftOver();
    }
}
