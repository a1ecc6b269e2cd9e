package io.firn.lifecycle;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * How long and how much a table keeps; whole partitions expire.
 *
 * @param maxAge a partition expires when its newest record is older, by the records' timestamps; empty for ever
 * @param maxBytes size of the table above which its oldest partitions expire; empty for no limit. The newest partition
 *     stays, however large it is
 */
public record RetentionLimits(Optional<Duration> maxAge, OptionalLong maxBytes) {
    /** Keeps everything for ever. */
    public static final RetentionLimits NONE = new RetentionLimits(Optional.empty(), OptionalLong.empty());

    /** Refuses negative limits. */
    public RetentionLimits {
        if (maxAge.filter(Duration::isNegative).isPresent() || maxBytes.orElse(0) < 0) {
            throw new IllegalArgumentException("negative retention: " + maxAge + ", " + maxBytes);
        }
    }

    /** Whether everything is kept for ever. */
    public boolean isNone() {
        return maxAge.isEmpty() && maxBytes.isEmpty();
    }
}
