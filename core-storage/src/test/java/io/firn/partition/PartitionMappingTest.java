package io.firn.partition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.error.ConfigException;
import io.firn.error.InvalidRecordException;
import io.firn.record.RecordHeader;
import io.firn.record.StreamRecord;
import io.firn.testing.AllocationCounter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PartitionMappingTest {
    private static final RecordOrigin ORIGIN = new RecordOrigin("flights", 3);

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static StreamRecord json(String value) {
        return StreamRecord.atMillis(0).value(bytes(value)).build();
    }

    private static String path(String mapping, StreamRecord record) {
        return PartitionMapping.parse(mapping).pathFor(record, ORIGIN);
    }

    private static String pathOrNull(String mapping, String value) {
        return PartitionMapping.parse(mapping)
                .withMissingField(MissingFieldPolicy.NULL)
                .pathFor(json(value), ORIGIN);
    }

    @Test
    void mapsTimestampAndFieldsOfTheValue() {
        StreamRecord record = StreamRecord.atMillis(978_307_260_000L)
                .value(bytes("{\"date\":\"2001-01-01T00:01:00Z\",\"delay\":33,\"origin\":\"LAS\"}"))
                .build();
        assertThat(path("dt:date=timestamp,origin:string=value.origin,d:int=value.delay", record))
                .isEqualTo("dt=2001-01-01/origin=LAS/d=33");
    }

    @Test
    void mapsEverySource() {
        StreamRecord record = StreamRecord.atNanos(-1)
                .key(bytes("{\"a\":{\"b\":true}}"))
                .value(bytes("plain text"))
                .headers(List.of(new RecordHeader("h.x", bytes("first")), new RecordHeader("h.x", bytes("last"))))
                .build();
        assertThat(path("h:hour=timestamp,k:string=key.a.b,v:string=value,x:string=header.h.x", record))
                .isEqualTo("h=1969-12-31-23/k=true/v=plain%20text/x=last");
        assertThat(path(
                        "t:string=topic,p:int=partition,q:string=partition,c:string='it''s, ok',d:date='2001-02-03'",
                        record))
                .isEqualTo("t=flights/p=3/q=3/c=it%27s,%20ok/d=2001-02-03");
    }

    @Test
    void describesItselfAsItIsRead() {
        String text = "dt:date(Europe/Vienna)=timestamp,m:minute=value.a.b@us,k:string=key,h:date=header.x@s,"
                + "t:string=topic,p:int=partition,c:string='a''b,c'";
        PartitionMapping mapping = PartitionMapping.parse(text);
        assertThat(mapping.describe()).isEqualTo(text);
        assertThat(PartitionMapping.parse(mapping.describe()))
                .isEqualTo(mapping)
                .hasSameHashCodeAs(mapping);
        assertThat(mapping.scheme().describe())
                .isEqualTo("dt:date(Europe/Vienna),m:minute,k:string,h:date,t:string,p:int,c:string");
        assertThat(mapping.missingField()).isEqualTo(MissingFieldPolicy.FAIL);
    }

    @Test
    void takesTheDefaultZoneForTimesWithoutOne() {
        PartitionMapping mapping =
                PartitionMapping.parse("d:date=timestamp,h:hour(UTC)=timestamp", ZoneId.of("+05:30"));
        assertThat(mapping.pathFor(
                        StreamRecord.atMillis(18 * 3_600_000L + 1_800_000L).build(), RecordOrigin.NONE))
                .isEqualTo("d=1970-01-02/h=1970-01-01-18");
        assertThat(PartitionMapping.parse(mapping.describe())).isEqualTo(mapping);
    }

    @Test
    void mapsNothingToTheUnpartitionedPath() {
        assertThat(path("", json("not json"))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Europe/Vienna",
                "America/New_York",
                "Asia/Kolkata",
                "Australia/Lord_Howe",
                "Asia/Kathmandu",
                "Africa/Monrovia",
                "UTC",
                "+05:30"
            })
    void agreesWithTheJdkInEveryZone(String zoneId) {
        ZoneId zone = ZoneId.of(zoneId);
        PartitionMapping mapping = PartitionMapping.parse("d:date=timestamp,h:hour=timestamp,m:minute=timestamp", zone);
        Random random = new Random(7);
        for (int i = 0; i < 20_000; i++) {
            long ms = i % 2 == 0 ? random.nextLong() >> random.nextInt(30) : random.nextLong() >> 22;
            LocalDateTime local = LocalDateTime.ofInstant(Instant.ofEpochMilli(ms), zone);
            String expected = PartitionValues.of(
                            mapping.scheme(),
                            local.toLocalDate(),
                            local.withMinute(0).withSecond(0).withNano(0),
                            local.withSecond(0).withNano(0))
                    .toPath();
            if (ms != -1) {
                assertThat(mapping.pathFor(StreamRecord.atMillis(ms).build(), ORIGIN))
                        .isEqualTo(expected);
            }
            LocalDateTime ofNanos = LocalDateTime.ofInstant(Instant.EPOCH.plusNanos(ms), zone);
            assertThat(mapping.pathFor(StreamRecord.atNanos(ms).build(), ORIGIN))
                    .startsWith("d=" + ofNanos.toLocalDate() + "/h=");
        }
    }

    @Test
    void keepsTheTwoSidesOfAClockChangeApart() {
        PartitionMapping mapping = PartitionMapping.parse("h:hour(Europe/Vienna)=timestamp");
        long change = Instant.parse("2024-03-31T01:00:00Z").toEpochMilli();
        assertThat(mapping.pathFor(StreamRecord.atMillis(change - 1).build(), ORIGIN))
                .isEqualTo("h=2024-03-31-01");
        assertThat(mapping.pathFor(StreamRecord.atMillis(change).build(), ORIGIN))
                .isEqualTo("h=2024-03-31-03");
        assertThat(mapping.pathFor(StreamRecord.atMillis(change - 1).build(), ORIGIN))
                .isEqualTo("h=2024-03-31-01");
    }

    /** One mapping remembers the record before; a fresh one for each record does not. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "m:minute(Europe/Vienna)=timestamp,c:string='x'",
                "h:hour(Europe/Vienna)=timestamp",
                "d:date(Europe/Vienna)=timestamp",
                "d:date(Asia/Kathmandu)=timestamp,h:hour(Europe/Vienna)=timestamp",
                "d:date(Pacific/Apia)=timestamp,u:date=timestamp",
                "c:string='x'"
            })
    void remembersNoPathBeyondItsTime(String text) {
        PartitionMapping mapping = PartitionMapping.parse(text).withMissingField(MissingFieldPolicy.NULL);
        List<Instant> centres = List.of(
                Instant.EPOCH,
                Instant.parse("2024-03-31T01:00:00Z"), // Vienna leaves out an hour
                Instant.parse("2024-10-27T01:00:00Z"), // Vienna has one twice
                Instant.parse("2011-12-30T10:00:00Z")); // Apia leaves out a day
        Random random = new Random(11);
        for (int i = 0; i < 20_000; i++) {
            long near = random.nextInt(-3, 4) * 1_200_000L;
            long hours = random.nextInt(-30, 31) * 3_600_000L;
            long ms = centres.get(i / 5_000).toEpochMilli() + (i % 4 == 0 ? hours : near);
            long step = random.nextInt(-2, 3);
            StreamRecord record = random.nextInt(4) == 0
                    ? StreamRecord.atNanos(ms * 1_000_000 + step).build()
                    : StreamRecord.atMillis(ms + step).build();
            assertThat(mapping.pathFor(record, ORIGIN))
                    .as("%s", record)
                    .isEqualTo(mapping.copy().pathFor(record, ORIGIN));
        }
    }

    @Test
    void tellsAKafkaRecordWithoutTimestampFromOneBefore1970() {
        assertThat(path("d:date=timestamp", StreamRecord.atMillis(-2).build())).isEqualTo("d=1969-12-31");
        assertThat(path("d:date=timestamp", StreamRecord.atNanos(-1).build())).isEqualTo("d=1969-12-31");
        assertThatThrownBy(
                        () -> path("d:date=timestamp", StreamRecord.atMillis(-1).build()))
                .isInstanceOf(InvalidRecordException.class)
                .hasMessageContaining("no timestamp");
        assertThat(path(
                        "d:date=timestamp",
                        StreamRecord.atMillis(Long.MAX_VALUE).build()))
                .isEqualTo("d=+292278994-08-17");
        assertThat(path(
                        "d:date=timestamp",
                        StreamRecord.atMillis(Long.MIN_VALUE).build()))
                .isEqualTo("d=-292275055-05-16");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"2001-01-31\"|2001-01-31",
                "\"2001-01-31T23:59:59.999999999Z\"|2001-01-31",
                "\"2001-01-31 23:59\"|2001-01-31",
                "\"2001-01-31T23:30:00-01:00\"|2001-02-01",
                "\"2001-01-31T23:30:00+0530\"|2001-01-31",
                "\"2001-02-01T02:30+05:30\"|2001-01-31",
                "\"2000-02-29\"|2000-02-29",
                "\"0001-01-01\"|0001-01-01",
                "978307260000|2001-01-01",
                "-1|1969-12-31",
                "978307260000.5|2001-01-01",
                "9.7830726e11|2001-01-01"
            })
    void readsDatesFromIsoTextsAndNumbers(String value, String expected) {
        assertThat(path("d:date=value.t", json("{\"t\":" + value + "}"))).isEqualTo("d=" + expected);
    }

    @ParameterizedTest
    @CsvSource({
        "s,978307260",
        "ms,978307260000",
        "us,978307260000000",
        "ns,978307260000000000",
        "s,978307260.25",
        "s,'\"978307260\"'"
    })
    void readsNumbersOfTheNamedUnit(String unit, String number) {
        assertThat(path("m:minute=value.t@" + unit, json("{\"t\":" + number + "}")))
                .isEqualTo("m=2001-01-01-00-01");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "d:date=value.f|\"2001-02-29\"",
                "d:date=value.f|\"2001-13-01\"",
                "d:date=value.f|\"1900-02-29\"",
                "d:date=value.f|\"978307260000\"",
                "d:date=value.f|\"2001-01-01T24:00\"",
                "d:date=value.f|\"2001-01-01x\"",
                "d:date=value.f|\"\"",
                "d:date=value.f|true",
                "d:date=value.f|9e99",
                "d:date=value.f@s|9223372036854775807",
                "h:hour=value.f|\"2001-01-01\"",
                "i:int=value.f|1.0",
                "i:int=value.f|1e3",
                "i:int=value.f|9223372036854775808",
                "i:int=value.f|\"x\"",
                "i:int=value.f|\"\"",
                "i:int=value.f|\"-\"",
                "i:int=value.f|{}",
                "i:int=value.f|[1]",
                "s:string=value.f|{\"a\":1}",
                "s:string=value.f|null"
            })
    void refusesValuesOfTheWrongTypeOrMapsThemToNull(String mapping, String value) {
        String document = "{\"e\":0,\"f\":" + value + ",\"g\":\"after\"}";
        assertThatThrownBy(() -> path(mapping, json(document)))
                .isInstanceOf(InvalidRecordException.class)
                .hasMessageContaining("'" + mapping.charAt(0) + "'")
                .hasMessageContaining("value.f")
                .hasMessageContaining("partition.missing.field=null");
        assertThat(pathOrNull(mapping, document)).endsWith("=__HIVE_DEFAULT_PARTITION__");
        assertThat(pathOrNull(mapping + ",g:string=value.g", document)).endsWith("__/g=after");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "   ",
                "{",
                "{\"a\":",
                "{\"a\" 1}",
                "[]",
                "\"f\"",
                "1",
                "nul",
                "\u0000",
                "{\"a\":1}",
                "{}",
                "{\"a\":\"x"
            })
    void refusesValuesThatLackTheField(String value) {
        assertThatThrownBy(() -> path("s:string=value.f.g", json(value)))
                .isInstanceOf(InvalidRecordException.class)
                .hasMessageContaining("'s'")
                .hasMessageContaining("value.f.g");
        assertThat(pathOrNull("s:string=value.f.g", value)).isEqualTo("s=__HIVE_DEFAULT_PARTITION__");
    }

    @Test
    void refusesTombstonesBytesThatAreNoTextAndMissingHeaders() {
        StreamRecord tombstone = StreamRecord.atMillis(0).build();
        StreamRecord binary =
                StreamRecord.atMillis(0).value(new byte[] {(byte) 0xC3, 0x28}).build();
        assertThatThrownBy(() -> path("s:string=value.f", tombstone)).hasMessageContaining("the value is null");
        assertThatThrownBy(() -> path("s:string=value", binary)).hasMessageContaining("not valid UTF-8");
        assertThatThrownBy(() -> path("s:string=value.f", binary)).isInstanceOf(InvalidRecordException.class);
        assertThatThrownBy(() -> path("s:string=header.h", tombstone)).hasMessageContaining("header.h");
        assertThatThrownBy(() -> PartitionMapping.parse("t:string=topic").pathFor(tombstone, RecordOrigin.NONE))
                .hasMessageContaining("topic");
    }

    @Test
    void survivesDeepAndHugeValues() {
        String deep = "{\"a\":" + "[".repeat(100_000) + "]".repeat(100_000) + ",\"f\":\"x\"}";
        assertThatThrownBy(() -> path("s:string=value.f", json(deep)))
                .isInstanceOf(InvalidRecordException.class)
                .hasMessageContaining("nesting");
        assertThat(path("s:string=value.f", json("{\"a\":\"" + "y".repeat(3_000_000) + "\",\"f\":\"x\"}")))
                .isEqualTo("s=x");
        assertThatThrownBy(() -> path("s:string=value.f", json("{\"f\":\"" + "y".repeat(3_000_000) + "\"}")))
                .isInstanceOf(InvalidRecordException.class)
                .hasMessageContaining("3000000 characters");
        assertThatThrownBy(() -> path("s:string=value.f", json("{\"f\":\"" + "/".repeat(90) + "\"}")))
                .isInstanceOf(InvalidRecordException.class);
        assertThat(pathOrNull("s:string=value.f", "{\"f\":\"" + "/".repeat(90) + "\"}"))
                .isEqualTo("s=__HIVE_DEFAULT_PARTITION__");
    }

    @Test
    void takesTheFirstOfRepeatedNamesAndReadsNestedFieldsInAnyOrder() {
        assertThat(path("s:string=value.f", json("{\"f\":\"a\",\"f\":\"b\"}"))).isEqualTo("s=a");
        assertThat(path("a:string=value.x.y,b:string=value.x.z,c:string=value.x.y", json("{\"x\":{\"z\":2,\"y\":1}}")))
                .isEqualTo("a=1/b=2/c=1");
        assertThat(pathOrNull("a:string=value.x,b:string=value.x.y", "{\"x\":{\"y\":1}}"))
                .isEqualTo("a=__HIVE_DEFAULT_PARTITION__/b=1");
        assertThat(path("a:string=value.x", json("{\"x\":1e400}"))).isEqualTo("a=1e400");
    }

    @Test
    void givesTheSameStringForTheSameTuple() {
        PartitionMapping mapping = PartitionMapping.parse("dt:date=timestamp,s:string=value.s");
        String first = mapping.pathFor(json("{\"s\":\"x\"}"), ORIGIN);
        assertThat(mapping.pathFor(json("{\"t\":1,\"s\":\"x\"}"), ORIGIN)).isSameAs(first);
        assertThat(mapping.copy().pathFor(json("{\"s\":\"x\"}"), ORIGIN)).isEqualTo(first);
    }

    @Test
    void allocatesNothingForWhatItHasSeenBefore() {
        PartitionMapping mapping = PartitionMapping.parse(
                "dt:date(Europe/Vienna)=timestamp,t:string=topic,p:int=partition,c:string='x',k:string=key");
        StreamRecord[] records = new StreamRecord[100];
        for (int i = 0; i < records.length; i++) {
            records[i] = StreamRecord.atMillis(i * 86_400_000L).key(bytes("k")).build();
        }
        long bytes = AllocationCounter.allocatedBytes(200, () -> {
            for (StreamRecord record : records) {
                mapping.pathFor(record, ORIGIN);
            }
        });
        // UTF-8 decoding wraps the key once a record; everything else is reused.
        assertThat(bytes).isLessThanOrEqualTo(records.length * 64L);
        PartitionMapping byTime = PartitionMapping.parse("dt:date(Europe/Vienna)=timestamp,t:string=topic");
        assertThat(AllocationCounter.allocatedBytes(200, () -> {
                    for (StreamRecord record : records) {
                        byTime.pathFor(record, ORIGIN);
                    }
                }))
                .isZero();
    }

    @Test
    void examplesOfTheDocumentationAreRead() throws IOException {
        String page = Files.readString(Path.of("..", "docs", "partitioning.md"));
        List<String> mappings = example(page, "partition.fields");
        List<String> conditions = example(page, "where");
        assertThat(mappings)
                .hasSizeGreaterThan(3)
                .allSatisfy(text ->
                        assertThat(PartitionMapping.parse(text).describe()).isEqualTo(text));
        PartitionScheme scheme = PartitionScheme.parse("dt:date,origin:string,shard:int,hour:hour");
        assertThat(conditions)
                .hasSizeGreaterThan(3)
                .allSatisfy(text -> PartitionFilter.parse(text, scheme).validate(scheme));
    }

    private static List<String> example(String page, String name) {
        String start = "```" + name + "\n";
        int from = page.indexOf(start) + start.length();
        return page.substring(from, page.indexOf("```", from)).lines().toList();
    }

    @Test
    void tellsTuplesApartWhoseTextsRunTogether() {
        PartitionMapping mapping = PartitionMapping.parse("a:string=value.a,b:string=value.b");
        assertThat(mapping.pathFor(json("{\"a\":\"xy\",\"b\":\"\"}"), ORIGIN)).isEqualTo("a=xy/b=");
        assertThat(mapping.pathFor(json("{\"a\":\"x\",\"b\":\"y\"}"), ORIGIN)).isEqualTo("a=x/b=y");
        assertThat(mapping.pathFor(json("{\"a\":\"\",\"b\":\"xy\"}"), ORIGIN)).isEqualTo("a=/b=xy");
    }

    @Test
    void staysRightWhenThereAreMorePartitionsThanTheCacheHolds() {
        PartitionMapping mapping = PartitionMapping.parse("n:int=value.n");
        for (int round = 0; round < 2; round++) {
            for (int i = 0; i < 150_000; i++) {
                assertThat(mapping.pathFor(json("{\"n\":" + i + "}"), ORIGIN)).isEqualTo("n=" + i);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "dt",
                "dt:date",
                "dt=timestamp",
                "dt:date=",
                "dt:date=now",
                "s:string=timestamp",
                "i:int=timestamp",
                "i:int=topic",
                "d:date=partition",
                "s:string=value.",
                "s:string=value.a..b",
                "s:string=header.",
                "s:string='x",
                "s:string='",
                "s:string='a'b'",
                "i:int=value.a@s",
                "dt:date=timestamp,",
                "dt:date=timestamp,DT:date=timestamp",
                "_a:string=topic"
            })
    void refusesMalformedMappings(String text) {
        assertThatThrownBy(() -> PartitionMapping.parse(text))
                .isInstanceOf(ConfigException.class)
                .hasMessageMatching("(?s).*(;|: |=).*");
    }

    @Test
    void readsColumnsOfCsvLines() {
        PartitionMapping mapping = PartitionMapping.parse("dt:date=value.date,o:string=value.origin,n:int=value.n")
                .withValueFormat(ValueFormat.csv(List.of("date", "a b", "origin", "n"), ','));
        assertThat(mapping.pathFor(json("2001-01-01T00:01:00Z,\"x,\"\"y\",\"A,\"\"T\"\"L\",7"), ORIGIN))
                .isEqualTo("dt=2001-01-01/o=A,%22T%22L/n=7");
        assertThat(mapping.pathFor(json("2001-01-01,x,,7\r"), ORIGIN)).isEqualTo("dt=2001-01-01/o=/n=7");
        assertThatThrownBy(() -> mapping.pathFor(json("2001-01-01,x,ATL"), ORIGIN))
                .isInstanceOf(InvalidRecordException.class)
                .hasMessageContaining("value.n");
        assertThatThrownBy(() ->
                        PartitionMapping.parse("s:string=value.x").withValueFormat(ValueFormat.csv(List.of("y"), ',')))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("'x'");
    }
}
