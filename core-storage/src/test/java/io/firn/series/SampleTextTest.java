package io.firn.series;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.error.ConfigException;
import io.firn.error.InvalidRecordException;
import io.firn.partition.MissingFieldPolicy;
import io.firn.partition.RecordOrigin;
import io.firn.partition.ValueFormat;
import io.firn.record.StreamRecord;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Texts that nobody should write, in the places where samples are made of texts. */
class SampleTextTest {
    private static SampleMapping mapping(String values) {
        return SampleMapping.parse(
                new SampleMapping.Text("host=value.h", "value.t", values),
                SeriesType.GAUGE,
                MissingFieldPolicy.NULL,
                ValueFormat.JSON);
    }

    private static StreamRecord record(String json) {
        return StreamRecord.atMillis(0)
                .value(json.getBytes(StandardCharsets.UTF_8))
                .build();
    }

    /** Exponents beyond what the library takes at all. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "1e99999999999",
                "1e2147483648",
                "-1e-2147483648",
                "0e9999999999",
                "1e2147483647",
                "1e401",
                "9e18"
            })
    void aTimeThatIsTooFarAwayIsARecordThatIsRefused(String time) {
        SeriesBatch batch = new SeriesBatch();
        for (boolean openMetrics : new boolean[] {false, true}) {
            ExpositionText text = new ExpositionText(openMetrics, TimestampUnit.NANOS);
            assertThatThrownBy(() -> text.read("up 1 " + time, 0, batch))
                    .isInstanceOf(InvalidRecordException.class)
                    .hasMessageContaining(time);
        }
        StreamRecord record = record("{\"h\": \"a\", \"v\": 1, \"t\": " + time + "}");
        assertThatThrownBy(() -> mapping("value.v").addTo(batch, record, RecordOrigin.NONE, TimestampUnit.NANOS))
                .isInstanceOf(InvalidRecordException.class)
                .hasMessageContaining(time);
        assertThat(batch.size()).isZero();
    }

    /** The second would replace the first in each record, without a word. */
    @Test
    void twoValuesOfOneNameAreRefused() {
        assertThatThrownBy(() -> mapping("temp=value.a,temp=value.b"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("[temp, temp]");
    }
}
