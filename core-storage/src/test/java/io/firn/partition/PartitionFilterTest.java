package io.firn.partition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.error.ConfigException;
import java.time.LocalDate;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PartitionFilterTest {
    private static final PartitionScheme SCHEME = PartitionScheme.parse("dt:date,origin:string,n:int,h:hour");
    private static final List<PartitionValues> PARTITIONS = Stream.of(
                    values("2001-01-01", "ATL", 9L),
                    values("2001-01-02", "LAX", 10L),
                    values("2001-01-03", "it's", -1L),
                    values("2001-01-04", null, null))
            .toList();

    private static PartitionValues values(String day, @Nullable String origin, @Nullable Long n) {
        LocalDate date = LocalDate.parse(day);
        return PartitionValues.of(SCHEME, date, origin, n, date.atTime(12, 0));
    }

    private static String chosen(PartitionFilter filter) {
        StringBuilder chosen = new StringBuilder();
        for (int i = 0; i < PARTITIONS.size(); i++) {
            PartitionValues values = PARTITIONS.get(i);
            assertThat(filter.prunes(SCHEME, values.toPath())).isEqualTo(!filter.matches(values));
            chosen.append(filter.matches(values) ? Integer.toString(i) : "");
        }
        filter.validate(SCHEME);
        return chosen.toString();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "\"\"|0123",
                "dt = '2001-01-02'|1",
                "dt=2001-01-02|1",
                "dt >= '2001-01-02'|123",
                "dt > '2001-01-02'|23",
                "dt < '2001-01-02'|0",
                "dt<='2001-01-02'|01",
                "dt between '2001-01-02' and '2001-01-03'|12",
                "dt BETWEEN 2001-01-02 AND 2001-01-03 and n > 0|1",
                "origin in ('ATL', 'it''s')|02",
                "origin IN (LAX)|1",
                "origin is null|3",
                "n < 10|02",
                "n >= 9 and n <= 10|01",
                "n = -1|2",
                "n=+1|error",
                "h > '2001-01-02-12'|23",
                "h >= 2001-01-02-12 and origin = 'LAX'|1",
                "origin > 'B'|12",
                "dt > '2001-01-09'|\"\"",
                "dt = '2001-01-01' and dt = '2001-01-02'|\"\""
            })
    void readsConditions(String text, String expected) {
        if (expected.equals("error")) {
            assertThatThrownBy(() -> PartitionFilter.parse(text, SCHEME)).isInstanceOf(ConfigException.class);
        } else {
            assertThat(chosen(PartitionFilter.parse(text, SCHEME))).isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "day = 1|0|dt:date",
                "dt|2|expected one of",
                "dt =|4|expected a value",
                "dt = 'x'|5|'2001-01-31'",
                "dt != '2001-01-01'|3|not supported",
                "dt <> '2001-01-01'|3|not supported",
                "dt = '2001-01-01' or n = 1|18|'or' is not supported",
                "origin = 'ATL|9|closing '",
                "origin in 'ATL'|10|expected '('",
                "origin in ()|11|expected a value",
                "origin in ('a'|14|expected ')'",
                "n between 1|11|expected 'and'",
                "origin is 5|10|expected 'null'",
                "n = 1 n = 2|6|expected 'and'",
                "= 1|0|name of a partition field",
                "n = 1 and|9|name of a partition field",
                "n = 1;|5|expected 'and'",
                "n ! 1|2|expected one of"
            })
    void namesPositionAndRemedyOfMistakes(String text, int position, String remedy) {
        assertThatThrownBy(() -> PartitionFilter.parse(text, SCHEME))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("at position " + position + ":")
                .hasMessageContaining(remedy);
    }

    @Test
    void matchesExactValuesOfOneAndSeveralFields() {
        assertThat(chosen(PartitionFilter.exact("n", 9))).isEqualTo("0");
        assertThat(chosen(PartitionFilter.exact("n", null))).isEqualTo("3");
        assertThat(chosen(PartitionFilter.and(
                        PartitionFilter.exact("dt", LocalDate.of(2001, 1, 1)), PartitionFilter.exact("origin", "ATL"))))
                .isEqualTo("0");
        assertThat(chosen(PartitionFilter.and(
                        PartitionFilter.exact("dt", LocalDate.of(2001, 1, 1)), PartitionFilter.exact("origin", "LAX"))))
                .isEmpty();
        assertThat(chosen(PartitionFilter.and())).isEqualTo("0123");
    }

    @Test
    void rangesIncludeTheirLowerAndExcludeTheirUpperBound() {
        assertThat(chosen(PartitionFilter.range("n", 9, 10))).isEqualTo("0");
        assertThat(chosen(PartitionFilter.range("n", null, 10L))).isEqualTo("02");
        assertThat(chosen(PartitionFilter.range("n", 10, null))).isEqualTo("1");
        assertThat(chosen(PartitionFilter.range("n", null, null))).isEqualTo("012");
        assertThat(chosen(PartitionFilter.in("n", List.of(10, -1)))).isEqualTo("12");
        assertThat(chosen(PartitionFilter.in("n", List.of()))).isEmpty();
        assertThat(chosen(PartitionFilter.all())).isEqualTo("0123");
    }

    @Test
    void refusesFieldsAndTypesThatTheSchemeDoesNotHave() {
        assertThatThrownBy(() -> PartitionFilter.exact("x", 1).validate(SCHEME))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("'x'");
        assertThatThrownBy(() -> PartitionFilter.exact("dt", "2001-01-01").validate(SCHEME))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("LocalDate");
        assertThatThrownBy(() -> PartitionFilter.range("n", 1, 2.5).validate(SCHEME))
                .isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> PartitionFilter.in("n", List.of("1")).validate(SCHEME))
                .isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> PartitionFilter.parse("a = 1", PartitionScheme.unpartitioned()))
                .hasMessageContaining("no partition fields");
    }
}
