package io.firn.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Expected values are those of the cases in Avro's own repository, share/test/data/schema-tests.txt. */
class AvroFingerprintTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "\"null\" | 7195948357588979594",
                "{\"type\":\"null\"} | 7195948357588979594",
                "\"boolean\" | -6970731678124411036",
                "\"int\" | 8247732601305521295",
                "\"long\" | -3434872931120570953",
                "\"float\" | 5583340709985441680",
                "\"double\" | -8181574048448539266",
                "\"bytes\" | 5746618253357095269",
                "\"string\" | -8142146995180207161",
                "[  ] | -1241056759729112623",
                "[ \"int\"  ] | -5232228896498058493",
            })
    void agreesWithAvro(String schema, long fingerprint) {
        assertThat(AvroFingerprint.ofSchema(schema)).isEqualTo(fingerprint);
    }

    @Test
    void takesFullNamesAndLeavesOutWhatDoesNotMatterToAParser() {
        assertThat(AvroFingerprint.canonicalForm("""
                        {"namespace": "x", "doc": "d", "type": "record", "name": "R", "fields": [
                          {"doc": "d", "default": 1, "type": {"logicalType": "date", "type": "int"}, "name": "a"},
                          {"name": "b", "type": {"type": "enum", "name": "E", "symbols": ["A", "B"], "aliases": ["F"]}},
                          {"name": "c", "type": ["null", {"type": "fixed", "name": "y.F", "size": 4}, "E"]},
                          {"name": "d", "type": {"type": "map", "values": {"items": "R", "type": "array"}}}]}"""))
                .isEqualTo("{\"name\":\"x.R\",\"type\":\"record\",\"fields\":[{\"name\":\"a\",\"type\":\"int\"},"
                        + "{\"name\":\"b\",\"type\":{\"name\":\"x.E\",\"type\":\"enum\",\"symbols\":[\"A\",\"B\"]}},"
                        + "{\"name\":\"c\",\"type\":[\"null\",{\"name\":\"y.F\",\"type\":\"fixed\",\"size\":4},"
                        + "\"x.E\"]},{\"name\":\"d\",\"type\":{\"type\":\"map\",\"values\":{\"type\":\"array\","
                        + "\"items\":\"x.R\"}}}]}");
    }

    @Test
    void ofNothingIsTheConstantOfTheSpecification() {
        assertThat(AvroFingerprint.ofBytes(new byte[0])).isEqualTo(0xC15D213AA4D7A795L);
        assertThat(AvroFingerprint.ofBytes("\"int\"".getBytes(StandardCharsets.UTF_8)))
                .isEqualTo(8247732601305521295L);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "{}", "{\"type\":\"array\"}", "{\"type\":\"record\",\"name\":\"x\"}", "{\"a\":1}"})
    void refusesWhatIsNoSchema(String text) {
        assertThatThrownBy(() -> AvroFingerprint.canonicalForm(text)).isInstanceOf(IllegalArgumentException.class);
    }
}
