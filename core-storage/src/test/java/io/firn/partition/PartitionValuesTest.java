package io.firn.partition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.error.ConfigException;
import io.firn.error.InvalidRecordException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PartitionValuesTest {
    private static final PartitionScheme ALL = PartitionScheme.parse("dt:date,origin:string,shard:int,h:hour,m:minute");
    private static final PartitionScheme ONE = PartitionScheme.parse("s:string");
    private static final LocalDateTime TIME = LocalDateTime.of(2001, 1, 31, 23, 0);

    private static String path(@Nullable String value) {
        return PartitionValues.of(ONE, value).toPath();
    }

    @Test
    void writesHivePathsInTheOrderOfTheScheme() {
        PartitionValues values = PartitionValues.of(ALL, LocalDate.of(2001, 1, 1), "ATL", -7, TIME, TIME.withMinute(5));
        assertThat(values.toPath()).isEqualTo("dt=2001-01-01/origin=ATL/shard=-7/h=2001-01-31-23/m=2001-01-31-23-05");
        assertThat(ALL.parsePath(values.toPath())).isEqualTo(values).hasSameHashCodeAs(values);
        assertThat(values.getDate("dt")).isEqualTo(LocalDate.of(2001, 1, 1));
        assertThat(values.getString("origin")).isEqualTo("ATL");
        assertThat(values.getInt("shard")).isEqualTo(-7L);
        assertThat(values.getHour("h")).isEqualTo(TIME);
        assertThat(values.getMinute("m")).isEqualTo(TIME.withMinute(5));
    }

    @Test
    void tellsNullFromTheEmptyTextAndFromTheTextOfItsMarker() {
        assertThat(path(null)).isEqualTo("s=__HIVE_DEFAULT_PARTITION__");
        assertThat(path("")).isEqualTo("s=");
        assertThat(path("__HIVE_DEFAULT_PARTITION__")).isEqualTo("s=%5F_HIVE_DEFAULT_PARTITION__");
        assertThat(path("null")).isEqualTo("s=null");
        for (String value : new @Nullable String[] {null, "", "__HIVE_DEFAULT_PARTITION__", "null"}) {
            assertThat(ONE.parsePath(path(value)).getString("s")).isEqualTo(value);
        }
        assertThat(ONE.parsePath(path(null)).isNull("s")).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "..|s=%2E.",
                ".|s=%2E",
                "...|s=...",
                "../../etc/passwd|s=..%2F..%2Fetc%2Fpasswd",
                "a/b|s=a%2Fb",
                "a=b|s=a%3Db",
                "100%|s=100%25",
                "%2F|s=%252F",
                "a b|s=a%20b",
                "a\\b|s=a%5Cb",
                "a:b|s=a%3Ab",
                "\u00e4|s=%C3%A4",
                "\u65e5|s=%E6%97%A5"
            })
    void escapesWhatCouldLeaveTheDirectory(String value, String expected) {
        assertThat(path(value)).isEqualTo(expected);
        assertThat(ONE.parsePath(expected).getString("s")).isEqualTo(value);
        Path table = Path.of("/archive/table");
        assertThat(table.resolve(expected).normalize().getParent()).isEqualTo(table);
    }

    @Test
    void keepsControlCharactersEmojisAndLoneSurrogates() {
        assertThat(path("\0\n\r\t\u007f")).isEqualTo("s=%00%0A%0D%09%7F");
        assertThat(path("\ud83d\ude00")).isEqualTo("s=%F0%9F%98%80");
        assertThat(path("\ud83d")).isEqualTo("s=%ED%A0%BD");
        for (String value : new String[] {"\ud83d", "\ude00", "a\ude00\ud83db", "\ud83d\ud83d\ude00\ude00", "\uffff"}) {
            assertThat(ONE.parsePath(path(value)).getString("s")).isEqualTo(value);
        }
    }

    @Test
    void everyTextComesBackFromItsPath() {
        Random random = new Random(42);
        for (int i = 0; i < 100_000; i++) {
            StringBuilder text = new StringBuilder();
            int length = random.nextInt(12);
            for (int k = 0; k < length; k++) {
                int bits = new int[] {7, 8, 11, 16}[random.nextInt(4)];
                text.append((char) random.nextInt(1 << bits));
            }
            String path = path(text.toString());
            assertThat(ONE.parsePath(path).getString("s")).isEqualTo(text.toString());
            assertThat(path.chars().allMatch(c -> c > 32 && c < 127 && c != '/'))
                    .isTrue();
        }
    }

    @Test
    void everyNumberAndDayComesBackFromItsPath() {
        PartitionScheme scheme = PartitionScheme.parse("n:int,d:date,h:hour,m:minute");
        long[] numbers = {0, 1, -1, Long.MIN_VALUE, Long.MAX_VALUE};
        LocalDate[] days = {
            LocalDate.MIN, LocalDate.MAX, LocalDate.of(1969, 12, 31), LocalDate.of(10_000, 1, 1), LocalDate.of(-1, 2, 3)
        };
        for (int i = 0; i < numbers.length; i++) {
            PartitionValues values =
                    PartitionValues.of(scheme, numbers[i], days[i], days[i].atTime(23, 0), days[i].atTime(0, 59));
            assertThat(scheme.parsePath(values.toPath())).isEqualTo(values);
        }
    }

    @Test
    void boundsTheLengthOfAComponent() {
        String longest = "x".repeat(253);
        assertThat(path(longest)).hasSize(255);
        assertThat(ONE.parsePath(path(longest)).getString("s")).isEqualTo(longest);
        assertThatThrownBy(() -> path(longest + "y"))
                .isInstanceOf(InvalidRecordException.class)
                .hasMessageContaining("'s'")
                .hasMessageContaining("255 bytes");
        assertThatThrownBy(() -> path("\u00e4".repeat(43))).isInstanceOf(InvalidRecordException.class);
        assertThatThrownBy(() -> path("/".repeat(10_000_000))).isInstanceOf(InvalidRecordException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "s",
                "t=a",
                "S=a",
                "s=a/t=b",
                "/s=a",
                "s=a/",
                "s=a b",
                "s=%2f",
                "s=%2",
                "s=%",
                "s=%41",
                "s=%G0",
                "s=\u00e4",
                "s=.",
                "s=..",
                "s=%C3",
                "s=%ED%A0%BD%ED%B8%80",
                "s=a=b"
            })
    void refusesPathsThatItWouldNotWrite(String path) {
        assertThatThrownBy(() -> ONE.parsePath(path)).isInstanceOf(ConfigException.class);
    }

    @ParameterizedTest
    @CsvSource({
        "int,+1",
        "int,01",
        "int,-0",
        "int,1.0",
        "int,9223372036854775808",
        "int,''",
        "date,2001-1-1",
        "date,2001-02-30",
        "date,2001-01-01T00",
        "hour,2001-01-01",
        "hour,2001-01-01-24",
        "hour,2001-01-01-7",
        "minute,2001-01-01-07",
        "minute,2001-01-01-07-60",
        "hour,x"
    })
    void refusesTextsThatAreNotCanonicalValues(String type, String text) {
        assertThatThrownBy(() -> PartitionScheme.parse("f:" + type).parsePath("f=" + text))
                .isInstanceOf(ConfigException.class);
    }

    @Test
    void validatesNumberAndTypesOfValues() {
        PartitionScheme scheme = PartitionScheme.parse("dt:date,n:int,h:hour");
        LocalDate day = LocalDate.of(2001, 1, 1);
        assertThatThrownBy(() -> PartitionValues.of(scheme, day)).hasMessageContaining("needs 3");
        assertThatThrownBy(() -> PartitionValues.of(scheme, "2001-01-01", 1, null))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("'dt'")
                .hasMessageContaining("LocalDate");
        assertThatThrownBy(() -> PartitionValues.of(scheme, day, 1.5, null)).hasMessageContaining("'n'");
        assertThatThrownBy(() -> PartitionValues.of(scheme, day, 1, TIME.withMinute(1)))
                .hasMessageContaining("truncated to hours");
        assertThatThrownBy(() -> PartitionValues.of(scheme, day, 1, null).getString("n"))
                .hasMessageContaining("int, not string");
    }

    @Test
    void takesValuesByNameAndRefusesMissingAndUnknownOnes() {
        PartitionScheme scheme = PartitionScheme.parse("a:string,b:int");
        Map<String, @Nullable Object> values = new HashMap<>();
        values.put("b", (short) 3);
        assertThatThrownBy(() -> PartitionValues.of(scheme, values)).hasMessageContaining("'a'");
        values.put("a", null);
        assertThat(PartitionValues.of(scheme, values).toPath()).isEqualTo("a=__HIVE_DEFAULT_PARTITION__/b=3");
        values.put("c", 1);
        assertThatThrownBy(() -> PartitionValues.of(scheme, values)).hasMessageContaining("'c'");
    }
}
