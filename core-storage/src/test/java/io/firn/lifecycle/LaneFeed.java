package io.firn.lifecycle;

import io.firn.fs.SpaceReserver;
import io.firn.log.Catalog;
import io.firn.log.LaneCommit;
import io.firn.log.LaneIdentity;
import io.firn.log.LaneLog;
import io.firn.log.LaneSegment;
import io.firn.log.TableLayout;
import io.firn.record.StreamRecord;
import io.firn.segment.SegmentHeader;
import io.firn.segment.SegmentOptions;
import io.firn.segment.SegmentWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A writer as small as the protocol allows: appends to one mixed hot segment, commits, rolls. */
final class LaneFeed implements AutoCloseable {
    static final SegmentOptions OPTIONS = new SegmentOptions(1 << 20, 10, SpaceReserver.sameThread(1 << 20));

    private final TableLayout layout;
    private final LaneLog lane;
    private final List<SegmentWriter> rolled = new ArrayList<>();
    private @Nullable SegmentWriter segment;
    private long base;
    private long next;

    private LaneFeed(TableLayout layout, LaneLog lane) {
        this.layout = layout;
        this.lane = lane;
        this.next = lane.state().position();
    }

    static LaneFeed open(TableLayout layout, String name, InstantSource clock) {
        return open(layout, new LaneIdentity(name, Map.of()), clock);
    }

    static LaneFeed open(TableLayout layout, LaneIdentity identity, InstantSource clock) {
        return new LaneFeed(
                layout,
                LaneLog.open(layout, identity, clock, () -> Catalog.read(layout).state()));
    }

    String lane() {
        return lane.lane();
    }

    long position() {
        return lane.state().position();
    }

    /** The value that the record of a sequence has in this lane. */
    static String valueOf(String lane, long sequence) {
        return lane + "/" + sequence;
    }

    void append(String partition) {
        append(partition, valueOf(lane(), next));
    }

    void append(String partition, String value) {
        SegmentWriter present = segment == null ? begin() : segment;
        StreamRecord record = StreamRecord.atMillis(1_000 + next)
                .key(partition.getBytes(StandardCharsets.UTF_8))
                .value(value.getBytes(StandardCharsets.UTF_8))
                .build();
        present.append(present.context(lane(), partition, base), next, record);
        next++;
    }

    private SegmentWriter begin() {
        base = next;
        Path file = layout.hot().resolve(String.format("%s.%020d.e%d.q", lane(), base, lane.epoch()));
        SegmentHeader header = SegmentHeader.builder(layout.tableId())
                .salt((int) base + 7)
                .epoch(lane.epoch())
                .baseSequence(base)
                .lane(lane())
                .build();
        SegmentWriter created = SegmentWriter.create(layout.store(), file, header, OPTIONS);
        segment = created;
        return created;
    }

    void roll() {
        if (segment != null) {
            rolled.add(segment);
            segment = null;
        }
    }

    void commit() {
        List<LaneSegment> touched = new ArrayList<>();
        for (SegmentWriter each : rolled) {
            each.force();
            touched.add(committed(each, true));
        }
        if (segment != null) {
            segment.force();
            touched.add(committed(segment, false));
        }
        layout.store().forceDirectory(layout.hot());
        lane.commit(new LaneCommit(next, touched, List.of()));
        rolled.forEach(SegmentWriter::seal);
        rolled.clear();
    }

    private LaneSegment committed(SegmentWriter writer, boolean isRolled) {
        return new LaneSegment(
                layout.relativize(writer.path()),
                writer.header().baseSequence(),
                writer.lengthBytes(),
                writer.recordCount(),
                isRolled);
    }

    @Override
    public void close() {
        rolled.forEach(SegmentWriter::close);
        if (segment != null) {
            segment.close();
        }
        lane.close();
    }
}
