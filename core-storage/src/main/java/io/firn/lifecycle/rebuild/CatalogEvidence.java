package io.firn.lifecycle.rebuild;

import io.firn.log.CatalogState;
import io.firn.log.ExpiredRange;
import io.firn.log.ExpiryMarkers;
import io.firn.log.LaneRange;
import io.firn.log.Removal;
import io.firn.log.SegmentEntry;
import io.firn.log.TableLayout;
import io.firn.segment.SegmentAccess;
import io.firn.segment.SegmentContext;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a sound catalog proves of lanes whose logs are lost. Confined to one thread. */
final class CatalogEvidence implements LaneEvidence {
    private final TableLayout layout;
    private final SegmentAccess access;
    private final CatalogState catalog;
    private final ExpiredRecords expired;
    private final Map<String, Map<Integer, Long>> removed = new HashMap<>();
    private final Map<String, Map<String, SequenceCoverage>> sequencesByFile = new HashMap<>();

    CatalogEvidence(TableLayout layout, SegmentAccess access, CatalogState catalog) {
        this.layout = layout;
        this.access = access;
        this.catalog = catalog;
        this.expired = new ExpiredRecords(ExpiryMarkers.readEntered(layout, catalog));
    }

    @Override
    public Set<String> lanes() {
        Set<String> lanes = catalog.lanes();
        lanes.addAll(catalog.expired().keySet());
        return lanes;
    }

    @Override
    public long records(String lane) {
        long records = catalog.expired().getOrDefault(lane, 0L);
        for (SegmentEntry entry : catalog.segments()) {
            records += entry.range(lane).map(LaneRange::records).orElse(0L);
        }
        return records;
    }

    @Override
    public long recordsBelow(String lane, long position) {
        long records = 0;
        for (SegmentEntry entry : catalog.segments()) {
            records += entry.range(lane)
                    .map(range -> range.lastSequence() < position ? range.records() : countBelow(entry, lane, position))
                    .orElse(0L);
        }
        for (ExpiredRange range : expired.of(lane)) {
            records += range.lastSequence() < position ? range.records() : 0;
        }
        return records;
    }

    private long countBelow(SegmentEntry entry, String lane, long position) {
        SequenceCoverage sequences = sequencesOf(entry, lane);
        return sequences == null ? 0 : sequences.countBelow(position);
    }

    @Override
    public long position(String lane) {
        long position = 0;
        for (SegmentEntry entry : catalog.segments()) {
            position = Math.max(
                    position,
                    entry.range(lane).map(range -> range.lastSequence() + 1).orElse(0L));
        }
        for (ExpiredRange range : expired.of(lane)) {
            position = Math.max(position, range.lastSequence() + 1);
        }
        return position;
    }

    @Override
    public long unmarked(String lane) {
        long marked = expired.of(lane).stream().mapToLong(ExpiredRange::records).sum();
        return Math.max(0, catalog.expired().getOrDefault(lane, 0L) - marked);
    }

    @Override
    public Optional<Removal> removal(String path) {
        return catalog.removal(path);
    }

    @Override
    public boolean knowsRemovals() {
        return true;
    }

    @Override
    public boolean isRewritten(String path, SegmentContext context, long sequence) {
        return removed.computeIfAbsent(path, this::limits).getOrDefault(context.ref(), Long.MIN_VALUE) >= sequence;
    }

    private Map<Integer, Long> limits(String path) {
        Map<Integer, Long> limits = new HashMap<>();
        removal(path)
                .ifPresent(some -> some.contexts().forEach(limit -> limits.put(limit.context(), limit.lastSequence())));
        return limits;
    }

    @Override
    public boolean isReplaced(SegmentContext context, long sequence) {
        String lane = context.lane();
        if (expired.covers(context.partitionPath(), lane, sequence)) {
            return true;
        }
        for (SegmentEntry entry : catalog.segments()) {
            boolean near = entry.range(lane)
                    .filter(range -> range.firstSequence() <= sequence && sequence <= range.lastSequence())
                    .isPresent();
            if (near && holds(entry, lane, sequence)) {
                return true;
            }
        }
        return false;
    }

    private boolean holds(SegmentEntry entry, String lane, long sequence) {
        SequenceCoverage sequences = sequencesOf(entry, lane);
        return sequences != null && sequences.contains(sequence);
    }

    private @Nullable SequenceCoverage sequencesOf(SegmentEntry entry, String lane) {
        return sequencesByFile
                .computeIfAbsent(
                        entry.path(), path -> SequenceCoverage.byLane(layout.store(), layout.resolve(path), access))
                .get(lane);
    }
}
