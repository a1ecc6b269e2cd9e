package io.firn.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.error.InvalidRecordException;
import io.firn.partition.PartitionScheme;
import io.firn.partition.PartitionValues;
import io.firn.record.StreamRecord;
import java.nio.ByteBuffer;
import java.nio.ReadOnlyBufferException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which partition a time belongs to, also where a zone's clock changes. */
class RollerTest {
    @ParameterizedTest
    @CsvSource({
        "UTC, 2001-01-01T00:00:00Z, dt=2001-01-01",
        "UTC, 2001-01-01T23:59:59.999999999Z, dt=2001-01-01",
        "UTC, 2001-01-02T00:00:00Z, dt=2001-01-02",
        "UTC, 1969-12-31T23:59:59.999999999Z, dt=1969-12-31",
        "UTC, 1700-02-28T00:00:00Z, dt=1700-02-28",
        "Europe/Vienna, 2001-01-01T22:59:59.999999999Z, dt=2001-01-01",
        "Europe/Vienna, 2001-01-01T23:00:00Z, dt=2001-01-02",
        "Europe/Vienna, 2001-03-25T21:59:59.999Z, dt=2001-03-25",
        "Europe/Vienna, 2001-03-25T22:00:00Z, dt=2001-03-26",
        "Europe/Vienna, 2001-10-28T22:59:59.999Z, dt=2001-10-28",
        "Europe/Vienna, 2001-10-28T23:00:00Z, dt=2001-10-29",
        "Europe/Vienna, 1969-12-31T23:00:00Z, dt=1970-01-01",
        // Samoa went over the date line and had no 30th of December.
        "Pacific/Apia, 2011-12-30T09:59:59.999Z, dt=2011-12-29",
        "Pacific/Apia, 2011-12-30T10:00:00Z, dt=2011-12-31",
    })
    void datesBeginAtMidnightOfTheirZone(String zone, Instant time, String path) {
        Roller roller = TimeRoller.days("dt", ZoneId.of(zone));
        assertThat(roller.partitionOf(at(time)).toPath()).isEqualTo(path);
        assertThat(roller.partitionOf(at(time))).isSameAs(roller.partitionOf(at(time)));
    }

    @ParameterizedTest
    @CsvSource({
        "UTC, 2001-01-01T00:59:59.999999999Z, h=2001-01-01-00",
        "UTC, 2001-01-01T01:00:00Z, h=2001-01-01-01",
        "UTC, 1969-12-31T23:00:00Z, h=1969-12-31-23",
        "Asia/Kolkata, 2001-01-01T00:29:59.999Z, h=2001-01-01-05",
        "Asia/Kolkata, 2001-01-01T00:30:00Z, h=2001-01-01-06",
        "Europe/Vienna, 2001-03-25T00:59:59Z, h=2001-03-25-01",
        "Europe/Vienna, 2001-03-25T01:00:00Z, h=2001-03-25-03",
        "Europe/Vienna, 2001-10-28T00:00:00Z, h=2001-10-28-02",
        "Europe/Vienna, 2001-10-28T01:59:59Z, h=2001-10-28-02",
        "Europe/Vienna, 2001-10-28T02:00:00Z, h=2001-10-28-03",
        // Half an hour is repeated.
        "Australia/Lord_Howe, 2010-04-03T14:59:59Z, h=2010-04-04-01",
        "Australia/Lord_Howe, 2010-04-03T15:00:00Z, h=2010-04-04-01",
        "Australia/Lord_Howe, 2010-04-03T15:30:00Z, h=2010-04-04-02",
    })
    void hoursAreThoseOfTheClockOfTheirZone(String zone, Instant time, String path) {
        assertThat(TimeRoller.hours("h", ZoneId.of(zone)).partitionOf(at(time)).toPath())
                .isEqualTo(path);
    }

    @Test
    void minutesAreThoseOfTheClockOfTheirZone() {
        Roller utc = TimeRoller.minutes("m");
        assertThat(utc.partitionOf(at(Instant.parse("1969-12-31T23:59:59.9Z"))).toPath())
                .isEqualTo("m=1969-12-31-23-59");
        Roller vienna = TimeRoller.minutes("m", ZoneId.of("Europe/Vienna"));
        assertThat(vienna.partitionOf(at(Instant.parse("2001-10-28T00:30:59Z"))))
                .isEqualTo(vienna.partitionOf(at(Instant.parse("2001-10-28T01:30:00Z"))));
    }

    @ParameterizedTest
    @CsvSource({"2001-03-25, 23", "2001-10-28, 25", "2001-07-01, 24"})
    void aDayHasAsManyHoursAsItsClock(String day, int hours) {
        Roller dates = TimeRoller.days("dt", ZoneId.of("Europe/Vienna"));
        Map<String, Integer> found = new LinkedHashMap<>();
        Instant start = Instant.parse(day + "T00:00:00Z").minusSeconds(86_400);
        for (int hour = 0; hour < 72; hour++) {
            found.merge(dates.partitionOf(at(start.plusSeconds(3_600L * hour))).toPath(), 1, Integer::sum);
        }
        assertThat(found).containsEntry("dt=" + day, hours);
    }

    @Test
    void millisecondsAndNanosecondsAreTheSameTime() {
        Roller roller = TimeRoller.hours("h");
        assertThat(roller.partitionOf(StreamRecord.atMillis(-1_000).build()))
                .isEqualTo(
                        roller.partitionOf(StreamRecord.atNanos(-1_000_000_000L).build()));
        assertThatThrownBy(() -> roller.partitionOf(StreamRecord.atMillis(-1).build()))
                .isInstanceOf(InvalidRecordException.class)
                .hasMessageContaining("no timestamp");
    }

    @Test
    void aRuleSeesTimestampTypeAndPayload() {
        PartitionScheme scheme = PartitionScheme.parse("bucket:int");
        Roller roller = CustomRoller.of(
                scheme,
                (timestampNs, typeId, payload) ->
                        PartitionValues.of(scheme, timestampNs / 1_000_000 + typeId + payload.remaining()));
        StreamRecord record =
                StreamRecord.atMillis(3_000).typeId(20).value(new byte[1]).build();
        assertThat(roller.partitionOf(record).toPath()).isEqualTo("bucket=3021");
        assertThat(roller.partitionOf(StreamRecord.atMillis(1).build()).toPath())
                .isEqualTo("bucket=1");
        assertThatThrownBy(() -> CustomRoller.of(scheme, RollerTest::overwrite)
                        .partitionOf(StreamRecord.atNanos(0).value(new byte[1]).build()))
                .isInstanceOf(ReadOnlyBufferException.class);
    }

    private static PartitionValues overwrite(long timestampNs, int typeId, ByteBuffer payload) {
        payload.put(0, (byte) 1);
        return PartitionValues.of(PartitionScheme.parse("bucket:int"), timestampNs);
    }

    @ParameterizedTest
    @CsvSource({
        "dt:date(Europe/Vienna), dt=2001-03-25, dt=2001-03-26",
        "m:minute(Europe/Vienna), m=2001-03-25-01-59, m=2001-03-25-03-00",
        "m:minute(Europe/Vienna), m=2001-10-28-01-59, m=2001-10-28-02-00",
        "m:minute(Europe/Vienna), m=2001-10-28-02-59, m=2001-10-28-03-00",
        "h:hour, h=2001-03-25-01, h=2001-03-25-02",
        "'dt:date,h:hour', dt=2001-01-01/h=2001-01-01-23, dt=2001-01-02/h=2001-01-02-00",
        "'dt:date,h:hour', dt=2001-01-01/h=2001-01-01-01, dt=2001-01-01/h=2001-01-01-02",
        "n:int, n=9, n=10",
        "s:string, s=10, s=9",
    })
    void partitionsHaveAnOrder(String scheme, String earlier, String later) {
        assertThat(rank(scheme, earlier).order(rank(scheme, later))).isNegative();
        assertThat(rank(scheme, later).order(rank(scheme, earlier))).isPositive();
        assertThat(rank(scheme, later).order(rank(scheme, later))).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "m:minute(Europe/Vienna), m=2001-10-28-02-00, m=2001-10-28-02-59",
        // The clock went from 00:01 back to 23:01 of the day before.
        "dt:date(America/St_Johns), dt=2010-11-06, dt=2010-11-07",
    })
    void whatAClockChangeRepeatsHasNone(String scheme, String one, String other) {
        assertThat(rank(scheme, one).order(rank(scheme, other))).isZero();
        assertThat(rank(scheme, other).order(rank(scheme, one))).isZero();
    }

    private static PartitionRank rank(String scheme, String path) {
        PartitionScheme parsed = PartitionScheme.parse(scheme);
        Optional<PartitionRank> rank = PartitionRank.of(parsed.parsePath(path), parsed.fields());
        return rank.orElseThrow();
    }

    @Test
    void aNullIsNotInTheOrder() {
        PartitionScheme scheme = PartitionScheme.parse("dt:date");
        assertThat(PartitionRank.of(scheme.parsePath("dt=__HIVE_DEFAULT_PARTITION__"), scheme.fields()))
                .isEmpty();
        assertThat(PartitionRank.of(PartitionScheme.unpartitioned().parsePath(""), List.of()))
                .isPresent();
    }

    private static StreamRecord at(Instant time) {
        long nanos = Math.addExact(Math.multiplyExact(time.getEpochSecond(), 1_000_000_000L), time.getNano());
        return StreamRecord.atNanos(nanos)
                .value("v".getBytes(StandardCharsets.UTF_8))
                .build();
    }
}
