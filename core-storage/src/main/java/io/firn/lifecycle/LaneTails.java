package io.firn.lifecycle;

import io.firn.log.LaneSegment;
import io.firn.log.SegmentEntry;
import io.firn.log.Withdrawal;
import io.firn.record.RecordView;
import io.firn.segment.SegmentContext;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Everything of some writer attempts behind a sequence of each. Immutable; thread-safe. */
final class LaneTails implements RecordChoice {
    private final Map<String, Withdrawal> byLane;

    private LaneTails(Map<String, Withdrawal> byLane) {
        this.byLane = byLane;
    }

    static LaneTails of(List<Withdrawal> withdrawals) {
        return new LaneTails(
                withdrawals.stream().collect(Collectors.toUnmodifiableMap(Withdrawal::lane, Function.identity())));
    }

    @Override
    public boolean contains(SegmentContext context, RecordView record) {
        Withdrawal withdrawal = byLane.get(context.lane());
        return withdrawal != null && record.sequence() >= withdrawal.fromSequence();
    }

    @Override
    public boolean mayBeIn(String lane, LaneSegment segment) {
        Withdrawal withdrawal = byLane.get(lane);
        return withdrawal != null && withdrawal.isIn(segment);
    }

    @Override
    public boolean mayBeIn(SegmentEntry file) {
        return byLane.values().stream().anyMatch(withdrawal -> withdrawal.isIn(file));
    }

    @Override
    public boolean isConfidential() {
        return false;
    }

    @Override
    public String toString() {
        return byLane.values().toString();
    }
}
