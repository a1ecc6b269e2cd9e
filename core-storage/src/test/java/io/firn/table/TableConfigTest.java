package io.firn.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.error.ConfigException;
import io.firn.partition.MissingFieldPolicy;
import io.firn.partition.PartitionMapping;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class TableConfigTest {
    private static final long MIB = 1024 * 1024;

    @Test
    void hasTheDefaultsOfTheDocumentation() {
        TableConfig config = TableConfig.defaults();
        assertThat(config.segmentSizeBytes()).isEqualTo(64 * MIB);
        assertThat(config.indexStride()).isEqualTo(100);
        assertThat(config.validatePartitionOrder()).isTrue();
        assertThat(config.compressionPolicy()).isEqualTo(new CompressionPolicy.IdleAfter(Duration.ofDays(7), true));
        assertThat(config.compressionLevel()).isEqualTo(3);
        assertThat(config.compressionBlockSizeBytes()).isEqualTo(MIB);
        assertThat(config.trackAccess()).isTrue();
        assertThat(config.lateDataPolicy()).isEqualTo(LateDataPolicy.ALLOW);
        assertThat(config.settleMinBytes()).isEqualTo(MIB);
        assertThat(config.hotRollMs()).isEqualTo(600_000);
        assertThat(config.hotMaxBytes()).isEqualTo(1024 * MIB);
        assertThat(config.reserveBytesMax()).isEqualTo(1024 * MIB);
        assertThat(config.diskMinFreeBytes()).isEqualTo(1024 * MIB);
        assertThat(config.retention()).isEmpty();
        assertThat(config.retentionBytes()).isEmpty();
        assertThat(config.partitionMapping()).isEmpty();
        assertThat(config.missingField()).isEqualTo(MissingFieldPolicy.FAIL);
        assertThat(config.warnings()).isEmpty();
    }

    static Stream<TableConfig> configurations() {
        return Stream.of(
                TableConfig.defaults(),
                TableConfig.builder()
                        .segmentSizeBytes(4096)
                        .indexStride(1)
                        .validatePartitionOrder(false)
                        .compressionLevel(22)
                        .compressionBlockSizeBytes(4096)
                        .trackAccess(false)
                        .compressionPolicy(new CompressionPolicy.Never())
                        .set(TableOption.LATE_DATA_POLICY, "route")
                        .set(TableOption.SETTLE_MIN_BYTES, "0")
                        .set(TableOption.HOT_ROLL_MS, "1")
                        .set(TableOption.HOT_MAX_BYTES, "7")
                        .set(TableOption.COMPACT_MIN_FILES, "8")
                        .set(TableOption.RESERVE_BYTES_MAX, "2GiB")
                        .set(TableOption.DISK_MIN_FREE_BYTES, "0")
                        .set(TableOption.RETENTION_MS, "5")
                        .set(TableOption.RETENTION_BYTES, "1TiB")
                        .partitionFields(PartitionMapping.parse("dt:date(Europe/Vienna)=timestamp,o:string='a,b'")
                                .withMissingField(MissingFieldPolicy.ERRANT))
                        .build(),
                with(new CompressionPolicy.Immediate()),
                with(new CompressionPolicy.AgeAfter(Duration.ofMillis(1_500))),
                with(new CompressionPolicy.AgeAfter(Duration.ofHours(36))),
                with(new CompressionPolicy.IdleAfter(Duration.ZERO, false)),
                with(new CompressionPolicy.SizeThreshold(0)),
                with(CompressionPolicy.custom("com.acme.Weekends")),
                with(CompressionPolicy.custom("weekends", (segment, now) -> true)),
                with(CompressionPolicy.custom("never", (segment, now) -> true)));
    }

    private static TableConfig with(CompressionPolicy policy) {
        return TableConfig.builder().compressionPolicy(policy).build();
    }

    @ParameterizedTest
    @MethodSource("configurations")
    void comesBackFromItsTexts(TableConfig config) {
        TableConfig back = TableConfig.fromProperties(config.toProperties());
        assertThat(back).isEqualTo(config).hasSameHashCodeAs(config);
        assertThat(back.compressionPolicy()).isEqualTo(config.compressionPolicy());
        assertThat(back.partitionMapping()).isEqualTo(config.partitionMapping());
        assertThat(config.toBuilder().build()).isEqualTo(config);
        assertThat(TableConfig.fromStored(config.toProperties())).isEqualTo(config);
        assertThat(config.toProperties().keySet())
                .containsExactlyElementsOf(
                        Stream.of(TableOption.values()).map(TableOption::key).toList());
    }

    @Test
    void everyOptionIsPartOfEquality() {
        TableConfig defaults = TableConfig.defaults();
        TableConfig other = configurations().skip(1).findFirst().orElseThrow();
        Map<String, String> changed = other.toProperties();
        defaults.toProperties().forEach((key, text) -> {
            if (!key.equals("compression.after") && !key.equals("compression.threshold.bytes")) {
                assertThat(changed).as(key).doesNotContainEntry(key, text);
            }
        });
        assertThat(other).isNotEqualTo(defaults);
    }

    @Test
    void prefersTheOptionsOfTheTable() {
        Map<String, String> properties = Map.of(
                "topics", "flights",
                "firn.path", "/archive",
                "segment.size", "1MiB",
                "index.stride", "10",
                "firn.table.flights.segment.size", "2 MiB",
                "firn.table.flights.eu.segment.size", "3MiB");
        assertThat(TableConfig.fromProperties(properties, "flights").segmentSizeBytes())
                .isEqualTo(2 * MIB);
        assertThat(TableConfig.fromProperties(properties, "flights").indexStride())
                .isEqualTo(10);
        assertThat(TableConfig.fromProperties(properties, "flights.eu").segmentSizeBytes())
                .isEqualTo(3 * MIB);
        assertThat(TableConfig.fromProperties(properties, "other").segmentSizeBytes())
                .isEqualTo(MIB);
    }

    @Test
    void refusesAnUnknownOptionOfATable() {
        assertThatThrownBy(() -> TableConfig.fromProperties(Map.of("firn.table.flights.segment.sise", "1"), "flights"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("firn.table.flights.segment.sise");
        assertThatThrownBy(() -> TableConfig.fromProperties(Map.of("firn.table.segment.size", "1"), "flights"))
                .isInstanceOf(ConfigException.class);
    }

    @ParameterizedTest
    @CsvSource({
        "segment.size,4095",
        "segment.size,2147483648",
        "segment.size,2GiB",
        "segment.size,-1",
        "segment.size,''",
        "segment.size,64MB",
        "segment.size,9223372036854775807GiB",
        "index.stride,0",
        "index.stride,1000001",
        "index.stride,1KiB",
        "validate.partition.order,yes",
        "compression.policy,nver",
        "compression.policy,''",
        "compression.policy,size-threshold",
        "compression.after,7",
        "compression.after,-1d",
        "compression.after,999999999999999999d",
        "compression.threshold.bytes,-2",
        "compression.level,0",
        "compression.level,23",
        "compression.block.size,4095",
        "compression.block.size,257MiB",
        "track.access,1",
        "late.data.policy,drop",
        "settle.min.bytes,-1",
        "hot.roll.ms,0",
        "hot.max.bytes,x",
        "reserve.bytes.max,1",
        "disk.min.free.bytes,-5",
        "hot.roll.ms,1MiB",
        "hot.roll.ms,-1d",
        "retention.ms,-2",
        "retention.ms,30MiB",
        "retention.ms,7w",
        "retention.bytes,1.5",
        "partition.fields,dt",
        "partition.missing.field,skip"
    })
    void refusesInvalidValuesAndQuotesThem(String key, String text) {
        assertThatThrownBy(() -> TableConfig.fromProperties(Map.of(key, text)))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("'" + text + "'")
                .hasMessageContaining(key);
    }

    @ParameterizedTest
    @CsvSource({
        "segment.size,4096",
        "segment.size,2147483647",
        "index.stride,1",
        "compression.level,1",
        "compression.level,22",
        "compression.after,0d",
        "compression.after,500ms",
        "compression.policy,immediate",
        "retention.ms,-1",
        "compression.block.size,256MiB",
        "compression.policy,com.acme.Policy"
    })
    void takesValuesAtTheLimits(String key, String text) {
        assertThat(TableConfig.fromProperties(Map.of(key, text)).toProperties()).containsKey(key);
    }

    @ParameterizedTest
    @CsvSource({
        "retention.ms,7d,604800000",
        "retention.ms,12h,43200000",
        "retention.ms,86400000,86400000",
        "retention.ms,'',-1",
        "hot.roll.ms,10m,600000",
        "hot.roll.ms,9223372036854775807,9223372036854775807"
    })
    void timesAreMillisecondsOrHaveAUnit(String key, String text, String stored) {
        TableConfig config = TableConfig.fromProperties(Map.of(key, text));
        assertThat(config.toProperties()).containsEntry(key, stored);
        assertThat(TableConfig.fromStored(config.toProperties())).isEqualTo(config);
    }

    @Test
    void aSizeInThePlaceOfATimeIsRefusedWithWhatToWrite() {
        assertThatThrownBy(() -> TableConfig.fromProperties(Map.of("retention.ms", "30MiB")))
                .hasMessageContaining("number of milliseconds")
                .hasMessageContaining("7d");
    }

    @Test
    void tracksReadsOnlyWhereReadsAreRecorded() {
        TableConfig config = TableConfig.builder().trackAccess(false).build();
        assertThat(config.compressionPolicy()).isEqualTo(new CompressionPolicy.IdleAfter(Duration.ofDays(7), false));
        TableConfig.Builder contradiction = TableConfig.builder()
                .trackAccess(false)
                .compressionPolicy(new CompressionPolicy.IdleAfter(Duration.ofDays(1), true));
        assertThatThrownBy(contradiction::build)
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("track.access=true");
    }

    @Test
    void warnsOfAThresholdThatNoSegmentReaches() {
        TableConfig config = with(new CompressionPolicy.SizeThreshold(65 * MIB));
        assertThat(config.warnings()).singleElement().asString().contains("segment.size");
    }

    @Test
    void changesMutableOptionsOnly() {
        TableConfig config = TableConfig.builder()
                .partitionFields(PartitionMapping.parse("dt:date=timestamp"))
                .build();
        config.checkChangeTo(config.toBuilder().compressionLevel(9).build());
        TableConfig other = config.toBuilder()
                .partitionFields(PartitionMapping.parse("o:string=value.o"))
                .build();
        assertThatThrownBy(() -> config.checkChangeTo(other))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("partition.fields")
                .hasMessageContaining("cannot be changed");
        assertThat(TableOption.PARTITION_FIELDS.isMutable()).isFalse();
    }

    @Test
    void changesOnlyWhatPropertiesName() {
        TableConfig stored = TableConfig.fromProperties(Map.of("segment.size", "16MiB", "compression.level", "9"));

        TableConfig changed = stored.withProperties(
                Map.of("segment.size", "32MiB", "firn.table.t.segment.size", "8MiB", "topics", "t"), "t");

        assertThat(changed.segmentSizeBytes()).isEqualTo(8 << 20);
        assertThat(changed.compressionLevel()).isEqualTo(9);
        assertThat(stored.withProperties(Map.of("topics", "t"), "t")).isEqualTo(stored);
    }

    @Test
    void aChangedPolicyTakesTheStoredTimeAndViceVersa() {
        TableConfig stored =
                TableConfig.fromProperties(Map.of("compression.policy", "age-after", "compression.after", "2d"));

        assertThat(stored.withProperties(Map.of("compression.after", "3d"), "t").compressionPolicy())
                .isEqualTo(new CompressionPolicy.AgeAfter(Duration.ofDays(3)));
        assertThat(stored.withProperties(Map.of("compression.policy", "idle-after", "track.access", "false"), "t")
                        .compressionPolicy())
                .isEqualTo(new CompressionPolicy.IdleAfter(Duration.ofDays(2), false));
        assertThat(TableConfig.defaults().withProperties(Map.of("track.access", "false"), "t"))
                .isEqualTo(TableConfig.fromProperties(Map.of("track.access", "false")));
    }
}
