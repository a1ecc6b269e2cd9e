package io.firn.lifecycle;

import io.firn.error.CorruptDataException;
import io.firn.log.KnownLogs;
import io.firn.log.LaneSnapshot;
import io.firn.log.TableLayout;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads all lanes by TRUST, once until {@link #forget}; of those that did not change since only names and sizes are
 * looked at. Confined to one thread.
 */
final class LaneViews {
    private final TableLayout layout;
    private final KnownLogs logs;
    private @Nullable LaneView view;

    LaneViews(TableLayout layout, KnownLogs logs) {
        this.layout = layout;
        this.logs = logs;
    }

    /** The lanes; a damaged one is reported when it is looked at, and left out. */
    LaneView view(LifecycleReport report) {
        LaneView known = view;
        if (known == null) {
            known = look(report);
            view = known;
        }
        return known;
    }

    /** The lanes as they are now. */
    LaneView viewNow(LifecycleReport report) {
        forget();
        return view(report);
    }

    /** Lets the next one look again: a run begins, or something has changed. */
    void forget() {
        view = null;
    }

    private LaneView look(LifecycleReport report) {
        List<LaneSnapshot> readable = new ArrayList<>();
        boolean complete = true;
        for (String name : logs.laneNames()) {
            try {
                logs.lane(name).ifPresent(readable::add);
            } catch (CorruptDataException damaged) {
                complete = false;
                report.failed(layout.lane(name), damaged);
            }
        }
        return new LaneView(readable, complete);
    }
}
