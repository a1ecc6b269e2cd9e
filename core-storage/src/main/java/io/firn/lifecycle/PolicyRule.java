package io.firn.lifecycle;

import io.firn.log.SegmentEntry;
import io.firn.table.CompressionPolicy;
import io.firn.table.SegmentInfo;
import io.firn.table.SegmentTier;
import java.time.Instant;

/** Asks a table's compression policy about the segments of its catalog. Thread-safe as its policy is. */
final class PolicyRule implements CompressionRule {
    private final CompressionPolicy policy;

    PolicyRule(CompressionPolicy policy) {
        this.policy = policy;
    }

    @Override
    public boolean isDue(SegmentEntry segment, Instant now) {
        return policy.isDue(info(segment), now);
    }

    @Override
    public boolean isImmediate() {
        return policy instanceof CompressionPolicy.Immediate;
    }

    private static SegmentInfo info(SegmentEntry segment) {
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
                null,
                0,
                segment.minTimestampNs(),
                segment.maxTimestampNs());
    }
}
