package io.firn.flink.sink;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.error.ConfigException;
import io.firn.partition.PartitionValues;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.flink.api.common.serialization.SimpleStringSchema;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.util.InstantiationUtil;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class FirnSinkBuilderTest {
    @ParameterizedTest
    @MethodSource("mistakes")
    void refusesMistakesWithTheRemedy(Consumer<FirnSinkBuilder<String>> mistake, String message) {
        FirnSinkBuilder<String> builder = complete();
        assertThatThrownBy(() -> {
                    mistake.accept(builder);
                    builder.build();
                })
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(message);
    }

    static Stream<Arguments> mistakes() {
        return Stream.of(
                mistake(sink -> sink.path("s3://bucket/x"), "POSIX"),
                mistake(sink -> sink.table(" "), "'table'"),
                mistake(sink -> sink.sinkId(""), "sink id"),
                mistake(sink -> sink.option("segment.sizes", "1"), "'segment.sizes'"),
                mistake(sink -> sink.option("segment.size", "1"), "'segment.size'"),
                mistake(sink -> sink.partitionFields("dt=timestamp"), "'dt'"),
                mistake(sink -> sink.option("partition.missing.field", "errant"), "errant"),
                mistake(
                        sink -> sink.deliveryGuarantee(DeliveryGuarantee.AT_LEAST_ONCE)
                                .restoreOlder(RestoreOlder.FAIL),
                        "'fail' for 'restore.older'"),
                mistake(
                        sink -> sink.deliveryGuarantee(DeliveryGuarantee.NONE).restoreOlder(RestoreOlder.ROLLBACK),
                        "'rollback' for 'restore.older'"),
                mistake(
                        sink -> sink.partitionFields("dt:date=timestamp")
                                .partitioner("a:string", (e, t, scheme) -> PartitionValues.of(scheme, "x")),
                        "partitioner"),
                mistake(sink -> sink.lifecycle(LifecycleSettings.defaults().withThreads(0)), "0"),
                mistake(sink -> sink.lifecycle(LifecycleSettings.defaults().withBytesPerSecond("fast")), "fast"));
    }

    private static Arguments mistake(Consumer<FirnSinkBuilder<String>> mistake, String message) {
        return Arguments.of(mistake, message);
    }

    @Test
    void aSinkTravelsToTheTaskManagers() {
        assertThatCode(() -> InstantiationUtil.clone(complete().build())).doesNotThrowAnyException();
        assertThatCode(() -> InstantiationUtil.clone(complete()
                        .lifecycle(LifecycleSettings.defaults().withBytesPerSecond("20MiB"))
                        .build()))
                .doesNotThrowAnyException();
    }

    @Test
    void needsASerializer() {
        assertThatThrownBy(() -> FirnSink.<String>builder()
                        .path("/data/firn")
                        .table("t")
                        .sinkId("s")
                        .build())
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("serializer");
    }

    private static FirnSinkBuilder<String> complete() {
        return FirnSink.<String>builder()
                .path("/data/firn")
                .table("t")
                .sinkId("s")
                .serializer(FirnRecordSerializer.valueOnly(new SimpleStringSchema()));
    }
}
