package io.firn.lifecycle;

import io.firn.access.Access;
import io.firn.access.AccessLogs;
import io.firn.log.SegmentEntry;
import io.firn.log.TableLayout;
import io.firn.table.CompressionPolicy;
import io.firn.table.SegmentInfo;
import io.firn.table.SegmentTier;
import java.time.Duration;
import java.time.Instant;

/**
 * Asks a table's compression policy about the segments of its catalog. The logs of reads are looked into only for files
 * that would be due without reads. Confined to one thread.
 */
final class PolicyRule implements CompressionRule {
    /** A later time of access is taken for that of a wrong clock. */
    private static final long MAX_CLOCK_SKEW_MS = Duration.ofDays(1).toMillis();

    private static final Access UNKNOWN = new Access(0, 0);

    private final CompressionPolicy policy;
    private final TableLayout layout;
    private final boolean tracked;
    private AccessLogs accesses;

    PolicyRule(CompressionPolicy policy, TableLayout layout, boolean tracked) {
        this.policy = policy;
        this.layout = layout;
        this.tracked = tracked;
        this.accesses = new AccessLogs(layout);
    }

    @Override
    public void begin() {
        accesses = new AccessLogs(layout);
        if (policy instanceof CompressionPolicy.Custom custom) {
            custom.requireLoadable();
        }
    }

    @Override
    public boolean isDue(SegmentEntry segment, Instant now) {
        if (policy instanceof CompressionPolicy.Custom) {
            return policy.isDue(info(segment, access(segment, now)), now);
        }
        // Reads can only put a file off.
        return policy.isDue(info(segment, UNKNOWN), now) && policy.isDue(info(segment, access(segment, now)), now);
    }

    @Override
    public boolean isImmediate() {
        return policy instanceof CompressionPolicy.Immediate;
    }

    private Access access(SegmentEntry segment, Instant now) {
        if (!tracked || !usesReads()) {
            return UNKNOWN;
        }
        Access access = accesses.of(segment.path());
        return access.lastMs() > now.toEpochMilli() + MAX_CLOCK_SKEW_MS ? UNKNOWN : access;
    }

    private boolean usesReads() {
        return policy instanceof CompressionPolicy.Custom
                || (policy instanceof CompressionPolicy.IdleAfter idle && idle.trackReads());
    }

    private static SegmentInfo info(SegmentEntry segment, Access access) {
        return new SegmentInfo(
                segment.path(),
                segment.path(),
                segment.partitionPath(),
                segment.cold() ? SegmentTier.COLD : SegmentTier.HOT,
                true,
                segment.rawBytes(),
                segment.sizeBytes(),
                Instant.ofEpochMilli(segment.createdMs()),
                Instant.ofEpochMilli(segment.lastWriteMs()),
                access.lastMs() == 0 ? null : Instant.ofEpochMilli(access.lastMs()),
                access.count(),
                segment.minTimestampNs(),
                segment.maxTimestampNs());
    }
}
