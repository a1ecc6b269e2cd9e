package io.firn.lifecycle;

import io.firn.error.CorruptDataException;
import io.firn.log.KnownLogs;
import io.firn.log.LaneSnapshot;
import io.firn.log.Lanes;
import io.firn.log.TableLayout;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads all lanes by TRUST, again and again. An older moment than this one, as a network file system may show, is good
 * enough for a maintainer. Confined to one thread.
 */
final class LaneViews {
    private final TableLayout layout;
    private final KnownLogs logs;

    LaneViews(TableLayout layout, InstantSource clock) {
        this.layout = layout;
        this.logs = new KnownLogs(layout, new Lanes(layout, clock), () -> true);
    }

    /** Reads the lanes; a damaged one is reported and left out. */
    LaneView read(LifecycleReport report) {
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
