package io.firn.partition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.error.ConfigException;
import io.firn.error.InvalidRecordException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ValueTimestampTest {
    private static long read(String field, String value) {
        return ValueTimestamp.of(field, ValueFormat.JSON).timestampNs(value.getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @CsvSource({
        "t, '{\"t\":\"2001-01-01T00:01:00.123456789Z\"}', 978307260123456789",
        "t, '{\"t\":\"2001-01-01T01:01:00+01:00\"}', 978307260000000000",
        "t, '{\"t\":\"2001-01-01\"}', 978307200000000000",
        "a.t, '{\"a\":{\"t\":978307260001}}', 978307260001000000",
        "t@s, '{\"t\":-1}', -1000000000",
        "t@us, '{\"t\":-1}', -1000",
        "t@ns, '{\"t\":\"-1\"}', -1"
    })
    void readsTextsAndNumbers(String field, String value, long expected) {
        assertThat(read(field, value)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"t\":null}",
                "{\"t\":\"x\"}",
                "{\"t\":1.5}",
                "{\"t\":{}}",
                "{\"t\":\"12\"}",
                "",
                "{\"t\":9223372036854775807}"
            })
    void refusesWhatIsNoTime(String value) {
        assertThatThrownBy(() -> read("t", value))
                .isInstanceOf(InvalidRecordException.class)
                .hasMessageContaining("'t'");
    }

    @Test
    void readsCsvColumns() {
        ValueTimestamp timestamp = ValueTimestamp.of("date", ValueFormat.csv(List.of("n", "date"), ';'));
        assertThat(timestamp.timestampNs("1;1970-01-01T00:00:01Z;x".getBytes(StandardCharsets.UTF_8)))
                .isEqualTo(1_000_000_000L);
        assertThatThrownBy(() -> ValueTimestamp.of("@s", ValueFormat.JSON)).isInstanceOf(ConfigException.class);
    }
}
