package io.firn.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.error.NotFoundException;
import io.firn.fs.BufferPool;
import io.firn.log.Catalog;
import io.firn.log.CatalogSnapshot;
import io.firn.log.HotInput;
import io.firn.log.LaneSegment;
import io.firn.log.LaneSnapshot;
import io.firn.log.Lanes;
import io.firn.log.SegmentEntry;
import io.firn.log.TableLayout;
import io.firn.segment.Segment;
import io.firn.segment.SegmentAccess;
import io.firn.segment.SegmentCursor;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a reader sees who follows the rules, written apart from the real one: every record of every lane, each of which
 * may stand in one place only.
 */
final class VisibleRecords {
    private static final int MAX_PLANS = 1_000;

    private final Map<String, Map<Long, String>> lanes = new TreeMap<>();
    private final List<SegmentEntry> entries = new ArrayList<>();
    private long hotRecords;

    private VisibleRecords() {}

    static VisibleRecords of(TableLayout layout) {
        NotFoundException missing = null;
        for (int plan = 0; plan < MAX_PLANS; plan++) {
            CatalogSnapshot before = Catalog.read(layout);
            List<LaneSnapshot> lanes = new Lanes(layout, InstantSource.system()).readAll();
            CatalogSnapshot catalog = Catalog.read(layout);
            if (!catalog.logPosition().equals(before.logPosition())) {
                continue;
            }
            try {
                VisibleRecords visible = new VisibleRecords();
                visible.read(layout, catalog, lanes);
                return visible;
            } catch (NotFoundException unlinked) {
                missing = unlinked;
                if (Catalog.read(layout).logPosition().equals(catalog.logPosition())) {
                    throw new AssertionError("the present plan names a file that is gone", unlinked);
                }
            }
        }
        throw new AssertionError("no stable plan", missing);
    }

    /** Values by sequence of each lane. */
    Map<String, Map<Long, String>> lanes() {
        return lanes;
    }

    /** What the catalog lists. */
    List<SegmentEntry> entries() {
        return entries;
    }

    /** Records that still stand in hot segments. */
    long hotRecords() {
        return hotRecords;
    }

    private void read(TableLayout layout, CatalogSnapshot catalog, List<LaneSnapshot> snapshots) {
        for (LaneSnapshot lane : snapshots) {
            for (LaneSegment segment : lane.state().segments()) {
                if (!catalog.state().isRemoved(segment)) {
                    HotInput input =
                            HotInput.of(lane.lane(), segment, catalog.state().removal(segment.path()));
                    hotRecords += readFile(layout, segment.path(), input, segment.lengthBytes());
                }
            }
        }
        for (SegmentEntry entry : catalog.state().segments()) {
            entries.add(entry);
            assertThat(layout.store().info(layout.resolve(entry.path())).sizeBytes())
                    .isEqualTo(entry.sizeBytes());
            HotInput all = new HotInput("", new LaneSegment(entry.path(), 0, 0, 0, true), Map.of());
            assertThat(readFile(layout, entry.path(), all, -1)).isEqualTo(entry.records());
        }
    }

    private long readFile(TableLayout layout, String path, HotInput input, long limit) {
        SegmentAccess access = SegmentAccess.of(new BufferPool(1 << 20)).withReadBufferBytes(4096);
        long count = 0;
        try (Segment segment = Segment.open(layout.store(), layout.resolve(path), access);
                SegmentCursor cursor = limit < 0 ? segment.cursor() : segment.cursor(0, limit)) {
            while (cursor.next()) {
                long sequence = cursor.record().sequence();
                if (sequence >= input.firstLeft(cursor.context().ref())) {
                    count++;
                    put(cursor, path);
                }
            }
        }
        return count;
    }

    private void put(SegmentCursor cursor, String path) {
        String lane = cursor.context().lane();
        String value = StandardCharsets.UTF_8.decode(cursor.record().value()).toString();
        String partition = StandardCharsets.UTF_8.decode(cursor.record().key()).toString();
        assertThat(cursor.context().partitionPath()).isEqualTo(partition);
        String twice = lanes.computeIfAbsent(lane, name -> new TreeMap<>())
                .put(cursor.record().sequence(), value);
        assertThat(twice)
                .as("record %s of %s stands twice, also in %s", cursor.record().sequence(), lane, path)
                .isNull();
    }
}
