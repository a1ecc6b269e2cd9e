package io.firn.table;

import io.firn.log.CatalogState;
import io.firn.log.LaneSegment;
import io.firn.log.LaneSnapshot;
import io.firn.log.SegmentEntry;
import io.firn.segment.Range;
import io.firn.segment.Segment;
import io.firn.segment.SegmentCursor;
import io.firn.segment.SegmentSummary;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The files of a batch by time. The catalog knows the time range of what was rewritten; hot segments are opened once
 * for theirs: a sealed one has it in its footer, one without a footer is walked over.
 *
 * <p>Confined to one thread.
 */
final class TimedFiles {
    private final Table table;
    private final ScanOptions options;
    private final PartitionPruning pruning;
    private final Map<LaneSegment, Range> known = new HashMap<>();

    TimedFiles(Table table, ScanOptions options, PartitionPruning pruning) {
        this.table = table;
        this.options = options;
        this.pruning = pruning;
    }

    /** Files that may hold something that is wanted, by their lowest timestamps. */
    List<TimedFile> of(ScanBatch batch) {
        forgetOthers(batch);
        List<TimedFile> files = new ArrayList<>();
        CatalogState catalog = batch.plan().catalog().state();
        for (SegmentEntry entry : catalog.segments()) {
            if (pruning.includes(entry.partitionPath()) && isWanted(entry, batch)) {
                add(files, SourceSpec.of(entry), new Range(entry.minTimestampNs(), entry.maxTimestampNs()));
            }
        }
        for (LaneSnapshot lane : batch.plan().lanes()) {
            if (batch.window(lane.lane()).isPresent()) {
                addHot(files, lane, catalog);
            }
        }
        files.sort(Comparator.comparingLong(file -> file.timestamps().first()));
        return files;
    }

    /** Hot segments whose time ranges are remembered. */
    int remembered() {
        return known.size();
    }

    /** An open segment has another length in each plan. */
    private void forgetOthers(ScanBatch batch) {
        Set<LaneSegment> present = batch.plan().lanes().stream()
                .flatMap(lane -> lane.state().segments().stream())
                .collect(Collectors.toSet());
        known.keySet().retainAll(present);
    }

    private void addHot(List<TimedFile> files, LaneSnapshot lane, CatalogState catalog) {
        for (LaneSegment segment : lane.state().segments()) {
            if (segment.records() > 0 && !catalog.isRemoved(segment) && pruning.includesFile(segment.path())) {
                SourceSpec spec = SourceSpec.of(segment, catalog.removal(segment.path()));
                add(files, spec, known.computeIfAbsent(segment, this::timestampsOf));
            }
        }
    }

    private void add(List<TimedFile> files, SourceSpec spec, Range timestamps) {
        if (options.overlaps(timestamps.first(), timestamps.last())) {
            files.add(new TimedFile(spec, timestamps));
        }
    }

    private static boolean isWanted(SegmentEntry entry, ScanBatch batch) {
        return entry.lanes().stream()
                .anyMatch(range -> batch.window(range.lane())
                        .filter(window -> window.overlaps(range.firstSequence(), range.lastSequence()))
                        .isPresent());
    }

    private Range timestampsOf(LaneSegment hot) {
        try (Segment segment =
                Segment.open(table.layout().store(), table.layout().resolve(hot.path()), table.segmentAccess())) {
            Optional<SegmentSummary> summary = segment.summary();
            if (summary.isPresent() && summary.get().dataEnd() == hot.lengthBytes()) {
                return summary.get().timestamps();
            }
            Range range = Range.EMPTY;
            try (SegmentCursor cursor = segment.cursor(0, hot.lengthBytes())) {
                while (cursor.next()) {
                    long timestampNs = cursor.record().timestampNs();
                    if (range.isEmpty() || timestampNs < range.first() || timestampNs > range.last()) {
                        range = range.join(new Range(timestampNs, timestampNs));
                    }
                }
            }
            return range;
        }
    }
}
