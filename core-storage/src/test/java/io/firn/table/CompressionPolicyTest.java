package io.firn.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.error.ConfigException;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class CompressionPolicyTest {
    private static final Instant NOW = Instant.parse("2001-01-10T00:00:00Z");
    private static final Duration WEEK = Duration.ofDays(7);

    private static SegmentInfo segment(String written, @Nullable String read) {
        Instant lastAccess = read == null ? null : Instant.parse(read);
        Instant created = Instant.parse("2001-01-01T00:00:00Z");
        return new SegmentInfo(
                "id",
                "a.q",
                "",
                SegmentTier.HOT,
                true,
                100,
                4096,
                created,
                Instant.parse(written),
                lastAccess,
                1,
                0,
                9);
    }

    private static SegmentInfo with(SegmentTier tier, boolean sealed, long usedBytes) {
        return new SegmentInfo(
                "id", "a.q", "", tier, sealed, usedBytes, 65_536, Instant.EPOCH, Instant.EPOCH, null, 0, 0, 0);
    }

    @Test
    void neverIsNeverDue() {
        assertThat(new CompressionPolicy.Never().isDue(with(SegmentTier.HOT, true, 1L << 40), NOW))
                .isFalse();
    }

    @Test
    void idleAfterCountsReadsAndWrites() {
        CompressionPolicy policy = new CompressionPolicy.IdleAfter(WEEK, true);
        assertThat(policy.isDue(segment("2001-01-01T00:00:00Z", "2001-01-04T00:00:00Z"), NOW))
                .isFalse();
        assertThat(policy.isDue(segment("2001-01-01T00:00:00Z", "2001-01-02T00:00:00Z"), NOW))
                .isTrue();
        assertThat(policy.isDue(segment("2001-01-01T00:00:00Z", null), NOW)).isTrue();
        assertThat(policy.isDue(segment("2001-01-04T00:00:00Z", "2001-01-02T00:00:00Z"), NOW))
                .isFalse();
        assertThat(policy.isDue(segment("2001-01-03T00:00:00Z", null), NOW)).isTrue();
        assertThat(policy.isDue(segment("2001-01-03T00:00:00.001Z", null), NOW)).isFalse();
    }

    @Test
    void idleAfterWithoutReadsCountsOnlyWrites() {
        CompressionPolicy policy = new CompressionPolicy.IdleAfter(WEEK, false);
        assertThat(policy.isDue(segment("2001-01-01T00:00:00Z", "2001-01-09T00:00:00Z"), NOW))
                .isTrue();
        assertThat(policy.isDue(segment("2001-01-09T00:00:00Z", null), NOW)).isFalse();
    }

    @Test
    void ageAfterCompressesYesterdayHoweverOftenItIsRead() {
        CompressionPolicy policy = new CompressionPolicy.AgeAfter(Duration.ofDays(1));
        assertThat(policy.isDue(segment("2001-01-09T00:00:00Z", "2001-01-09T23:59:59Z"), NOW))
                .isTrue();
        assertThat(policy.isDue(segment("2001-01-09T00:00:01Z", null), NOW)).isFalse();
    }

    @Test
    void immediateIsDueTheMomentOfSealingAndNeverBeforeOrTwice() {
        CompressionPolicy policy = new CompressionPolicy.Immediate();
        assertThat(policy.isDue(with(SegmentTier.HOT, true, 1), Instant.EPOCH)).isTrue();
        assertThat(policy.isDue(with(SegmentTier.WARM, true, 1), Instant.EPOCH)).isTrue();
        assertThat(policy.isDue(with(SegmentTier.HOT, false, 1), NOW)).isFalse();
        assertThat(policy.isDue(with(SegmentTier.COLD, true, 1), NOW)).isFalse();
    }

    @Test
    void sizeThresholdCountsUsedBytesNotReservedOnes() {
        CompressionPolicy policy = new CompressionPolicy.SizeThreshold(1_000);
        assertThat(policy.isDue(with(SegmentTier.HOT, true, 1_000), NOW)).isFalse();
        assertThat(policy.isDue(with(SegmentTier.HOT, true, 1_001), NOW)).isTrue();
    }

    @Test
    void compressesWhatWasMadeOnWeekends() {
        CompressionPolicy policy = CompressionPolicy.custom("weekends", (segment, now) -> {
            DayOfWeek day = segment.createdAt().atOffset(ZoneOffset.UTC).getDayOfWeek();
            return day == DayOfWeek.SATURDAY || day == DayOfWeek.SUNDAY;
        });
        SegmentInfo monday = segment("2001-01-09T00:00:00Z", null);
        assertThat(policy.isDue(monday, NOW)).isFalse();
        SegmentInfo saturday = new SegmentInfo(
                "id",
                "a.q",
                "",
                SegmentTier.HOT,
                true,
                1,
                1,
                Instant.parse("2001-01-06T12:00:00Z"),
                NOW,
                null,
                0,
                0,
                0);
        assertThat(policy.isDue(saturday, NOW)).isTrue();
    }

    /** Loaded by its name. */
    public static final class EvenSizes implements SegmentRule {
        @Override
        public boolean isDue(SegmentInfo segment, Instant now) {
            return segment.usedBytes() % 2 == 0;
        }
    }

    @Test
    void loadsAClassByItsName() {
        CompressionPolicy policy = CompressionPolicy.custom(EvenSizes.class.getName());
        assertThat(policy.isDue(with(SegmentTier.HOT, true, 2), NOW)).isTrue();
        assertThat(policy.isDue(with(SegmentTier.HOT, true, 3), NOW)).isFalse();
        for (String name : new String[] {"com.acme.Missing", "java.lang.String", "io.firn.table.SegmentRule"}) {
            assertThatThrownBy(() -> CompressionPolicy.custom(name).isDue(with(SegmentTier.HOT, true, 2), NOW))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining(name);
        }
    }

    @Test
    void refusesNegativeLimits() {
        Duration negative = Duration.ofDays(-1);
        assertThatThrownBy(() -> new CompressionPolicy.IdleAfter(negative, true))
                .hasMessageContaining("PT-24H");
        assertThatThrownBy(() -> new CompressionPolicy.AgeAfter(negative)).isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> new CompressionPolicy.SizeThreshold(-1)).hasMessageContaining("-1");
        assertThatThrownBy(() -> CompressionPolicy.custom(" ")).isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> with(SegmentTier.HOT, true, -1)).isInstanceOf(ConfigException.class);
    }
}
