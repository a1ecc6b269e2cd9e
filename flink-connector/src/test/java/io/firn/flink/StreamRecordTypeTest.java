package io.firn.flink;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.record.RecordHeader;
import io.firn.record.StreamRecord;
import io.firn.record.TimestampType;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.apache.flink.api.common.serialization.SerializerConfigImpl;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.apache.flink.util.InstantiationUtil;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class StreamRecordTypeTest {
    private final TypeSerializer<StreamRecord> serializer =
            StreamRecordType.INSTANCE.createSerializer(new SerializerConfigImpl());

    static Stream<StreamRecord> records() {
        return Stream.of(
                StreamRecord.atMillis(-1).build(),
                StreamRecord.atNanos(Long.MIN_VALUE)
                        .key(new byte[0])
                        .value(new byte[0])
                        .build(),
                StreamRecord.atMillis(Long.MAX_VALUE)
                        .timestampType(TimestampType.LOG_APPEND_TIME)
                        .typeId(StreamRecord.MAX_TYPE_ID)
                        .key(new byte[] {1})
                        .headers(List.of(
                                new RecordHeader("twice", new byte[] {2}),
                                new RecordHeader("", null),
                                new RecordHeader("twice", new byte[0]),
                                new RecordHeader("schl\u00fcssel \ud83d\udd11", new byte[70_000])))
                        .value(new byte[100_000])
                        .build());
    }

    @ParameterizedTest
    @MethodSource("records")
    void aRecordComesBackAsItWas(StreamRecord record) throws IOException {
        DataOutputSerializer out = new DataOutputSerializer(64);
        serializer.serialize(record, out);
        DataOutputSerializer copied = new DataOutputSerializer(64);
        serializer.copy(new DataInputDeserializer(out.getCopyOfBuffer()), copied);
        DataInputDeserializer in = new DataInputDeserializer(copied.getCopyOfBuffer());
        assertThat(serializer.deserialize(in)).isEqualTo(record);
        assertThat(in.available()).isZero();
    }

    @Test
    void theSnapshotGivesTheSerializerBack() throws Exception {
        assertThat(serializer.snapshotConfiguration().restoreSerializer()).isEqualTo(serializer);
        assertThat(InstantiationUtil.clone(serializer)).isEqualTo(serializer);
        assertThat(InstantiationUtil.clone(StreamRecordType.INSTANCE)).isEqualTo(StreamRecordType.INSTANCE);
    }
}
