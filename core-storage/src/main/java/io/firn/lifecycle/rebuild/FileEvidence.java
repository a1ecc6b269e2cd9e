package io.firn.lifecycle.rebuild;

import io.firn.error.CorruptDataException;
import io.firn.log.ExpiredRange;
import io.firn.log.ExpiryMarkers;
import io.firn.log.LaneRange;
import io.firn.log.Removal;
import io.firn.log.TableLayout;
import io.firn.segment.SegmentAccess;
import io.firn.segment.SegmentContext;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What the files of the lifecycle prove of lanes when the catalog is lost, too. Every one of them holds committed
 * records only, whether the catalog named it or not; which segments it replaced nobody knows, but a record has an
 * identity.
 *
 * <p>Holds all their sequences on the heap. Confined to one thread.
 */
final class FileEvidence implements LaneEvidence {
    private final ExpiredRecords expired;
    private final Set<String> lanes = new HashSet<>();
    private final Map<String, Long> positions = new HashMap<>();
    private final Map<String, Long> records = new HashMap<>();
    private final Map<String, List<SequenceCoverage>> sequences = new HashMap<>();

    private FileEvidence(List<ExpiredRange> removed) {
        this.expired = new ExpiredRecords(removed);
        expired.byLane().forEach((lane, count) -> {
            lanes.add(lane);
            records.put(lane, count);
            expired.of(lane).forEach(range -> positions.merge(lane, range.lastSequence() + 1, Math::max));
        });
    }

    /**
     * Reads all files.
     *
     * @throws CorruptDataException when one is damaged
     */
    static FileEvidence read(TableLayout layout, SegmentAccess access) {
        FileEvidence evidence = new FileEvidence(ExpiryMarkers.read(layout));
        for (RebuiltFile file : new RebuiltFiles(layout, access).read()) {
            SequenceCoverage.byLane(layout.store(), layout.resolve(file.entry().path()), access)
                    .forEach((lane, sequences) -> evidence.add(file.entry().partitionPath(), lane, sequences));
            file.entry().lanes().forEach(evidence::addRange);
        }
        return evidence;
    }

    private void addRange(LaneRange range) {
        lanes.add(range.lane());
        positions.merge(range.lane(), range.lastSequence() + 1, Math::max);
    }

    /** What a marker names is counted there, whether its files were deleted or not. */
    private void add(String partitionPath, String lane, SequenceCoverage file) {
        List<SequenceCoverage> before = sequences.computeIfAbsent(lane, name -> new ArrayList<>());
        long[] fresh = new long[1];
        file.forEach(sequence -> {
            boolean known = expired.covers(partitionPath, lane, sequence) || contains(before, sequence);
            fresh[0] += known ? 0 : 1;
        });
        records.merge(lane, fresh[0], Long::sum);
        before.add(file);
    }

    private static boolean contains(List<SequenceCoverage> files, long sequence) {
        return files.stream().anyMatch(file -> file.contains(sequence));
    }

    @Override
    public Set<String> lanes() {
        return lanes;
    }

    @Override
    public long records(String lane) {
        return records.getOrDefault(lane, 0L);
    }

    /** Nothing is known: what is missing is found out by the rebuild of the catalog. */
    @Override
    public long recordsBelow(String lane, long position) {
        return 0;
    }

    @Override
    public long position(String lane) {
        return positions.getOrDefault(lane, 0L);
    }

    @Override
    public long unmarked(String lane) {
        return 0;
    }

    @Override
    public Optional<Removal> removal(String path) {
        return Optional.empty();
    }

    @Override
    public boolean knowsRemovals() {
        return false;
    }

    @Override
    public boolean isRewritten(String path, SegmentContext context, long sequence) {
        return expired.covers(context.partitionPath(), context.lane(), sequence)
                || contains(sequences.getOrDefault(context.lane(), List.of()), sequence);
    }

    @Override
    public boolean isReplaced(SegmentContext context, long sequence) {
        return false;
    }
}
