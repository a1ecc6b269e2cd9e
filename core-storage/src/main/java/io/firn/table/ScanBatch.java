package io.firn.table;

import io.firn.log.LaneSnapshot;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToLongFunction;

/**
 * What a reader in another order than that of the writers reads from one refresh to the next: a fixed range of
 * sequences of each lane, wherever the lifecycle puts those records meanwhile.
 *
 * <p>Immutable; thread-safe.
 */
final class ScanBatch {
    private final Table table;
    private final ScanOptions options;
    private final ReadPlan plan;
    private final Map<String, LaneWindow> windows;

    private ScanBatch(Table table, ScanOptions options, ReadPlan plan, Map<String, LaneWindow> windows) {
        this.table = table;
        this.options = options;
        this.plan = plan;
        this.windows = Map.copyOf(windows);
    }

    static ScanBatch first(Table table, ScanOptions options) {
        return from(table, options, lane -> options.fromSequence(lane.identity().writer()));
    }

    /** What was committed since this batch was planned. */
    ScanBatch following() {
        return from(
                table,
                options,
                lane -> window(lane.lane())
                        .map(LaneWindow::endSequence)
                        .orElseGet(() -> options.fromSequence(lane.identity().writer())));
    }

    /** The same records, looked for anew: a file was rewritten. */
    ScanBatch replanned() {
        return new ScanBatch(table, options, table.plan(), windows);
    }

    private static ScanBatch from(Table table, ScanOptions options, ToLongFunction<LaneSnapshot> start) {
        ReadPlan plan = table.plan();
        Map<String, LaneWindow> windows = new HashMap<>();
        for (LaneSnapshot lane : plan.lanes()) {
            String writer = lane.identity().writer();
            if (isWanted(writer, options)) {
                long from = start.applyAsLong(lane);
                long end = Math.max(from, lane.state().position());
                windows.put(lane.lane(), new LaneWindow(writer, from, end));
            }
        }
        return new ScanBatch(table, options, plan, windows);
    }

    private static boolean isWanted(String writer, ScanOptions options) {
        return options.writers().filter(only -> !only.contains(writer)).isEmpty();
    }

    ReadPlan plan() {
        return plan;
    }

    /** What to read of a lane; empty for nothing. */
    Optional<LaneWindow> window(String lane) {
        return Optional.ofNullable(windows.get(lane));
    }

    /** The first sequence of a writer behind this batch, or in front of it. */
    long position(String writer, boolean behind) {
        for (LaneWindow window : windows.values()) {
            if (window.writer().equals(writer)) {
                return behind ? window.endSequence() : window.fromSequence();
            }
        }
        return options.fromSequence(writer);
    }

    /** Whether there is nothing that {@link #following} would read; what this batch was planned anew with may be. */
    boolean isCurrent() {
        return table.isCurrent(plan) && plan.lanes().stream().allMatch(this::reachesEndOf);
    }

    private boolean reachesEndOf(LaneSnapshot lane) {
        return window(lane.lane())
                .map(window -> window.endSequence() >= lane.state().position())
                .orElseGet(() -> !isWanted(lane.identity().writer(), options));
    }
}
