package io.firn.lifecycle.rebuild;

import io.firn.error.CorruptDataException;
import io.firn.log.ExpiredRange;
import io.firn.log.LaneSegment;
import io.firn.log.LaneSnapshot;
import io.firn.log.Removal;
import io.firn.log.TableLayout;
import io.firn.segment.SegmentAccess;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** One lane while a catalog is rebuilt: its hot segments, and what files of the lifecycle hold of it. */
final class RebuiltLane {
    private final TableLayout layout;
    private final LaneSnapshot lane;
    private final TreeMap<Long, HotCoverage> present = new TreeMap<>();
    private final TreeMap<Long, LaneSegment> missing = new TreeMap<>();
    private final Map<Long, Long> countsOfMissing = new TreeMap<>();
    private final long expired;
    private long rewritten;

    /** Reads the lane's hot segments up to their committed lengths. */
    RebuiltLane(TableLayout layout, SegmentAccess access, LaneSnapshot lane, List<ExpiredRange> removed) {
        this.layout = layout;
        this.lane = lane;
        for (LaneSegment segment : lane.state().segments()) {
            if (layout.store().exists(layout.resolve(segment.path()))) {
                present.put(segment.baseSequence(), HotCoverage.read(layout, access, segment));
            } else {
                missing.put(segment.baseSequence(), segment);
            }
        }
        removed.forEach(range -> present.values().forEach(segment -> segment.expire(range)));
        this.expired = removed.stream().mapToLong(ExpiredRange::records).sum();
    }

    /** A record of the lane stands in a file of the lifecycle. */
    void add(String file, String partitionPath, long sequence) {
        if (sequence >= lane.state().position()) {
            throw new CorruptDataException(
                    layout.resolve(file),
                    0,
                    "holds sequence " + sequence + " of writer '" + writer() + "', whose log ends at "
                            + lane.state().position() + ": the log of the writer is too old");
        }
        rewritten++;
        Map.Entry<Long, HotCoverage> hot = present.floorEntry(sequence);
        if (hot != null) {
            hot.getValue().cover(partitionPath, sequence);
        }
        Long base = missing.floorKey(sequence);
        if (base != null && (hot == null || base > hot.getKey())) {
            countsOfMissing.merge(base, 1L, Long::sum);
        }
    }

    /** See {@link HotCoverage#impossible}. */
    Optional<Map.Entry<String, Long>> impossible() {
        return present.values().stream()
                .map(HotCoverage::impossible)
                .flatMap(Optional::stream)
                .findFirst();
    }

    /** Different committed records that were found, less those that were committed and not removed for ever. */
    long surplus() {
        long left = present.values().stream().mapToLong(HotCoverage::left).sum();
        return rewritten + left - (lane.state().records() - expired);
    }

    String writer() {
        return lane.identity().writer();
    }

    /** What the catalog says of the lane's segments, and what it cannot say. */
    List<Removal> removals(List<String> unproven) {
        List<Removal> removals = new ArrayList<>();
        present.values().forEach(segment -> segment.removal().ifPresent(removals::add));
        boolean allFound = surplus() == 0;
        missing.forEach((base, segment) -> {
            if (allFound || countsOfMissing.getOrDefault(base, 0L) == segment.records()) {
                removals.add(new Removal(segment.path(), List.of(), segment.lengthBytes(), segment.records()));
            } else {
                unproven.add(segment.path() + ": missing, and not proven to be rewritten: of its " + segment.records()
                        + " records " + countsOfMissing.getOrDefault(base, 0L) + " were found in other files");
            }
        });
        if (!allFound) {
            unproven.add("writer '" + writer() + "' committed " + lane.state().records() + " records"
                    + (expired == 0 ? "" : ", " + expired + " were dropped or have expired") + "; " + -surplus()
                    + " of them were not found in any file");
            protectUnlisted(removals, unproven);
        }
        return removals;
    }

    /** A segment that the lane dropped was rewritten; while records are short, no owner may delete it as withdrawn. */
    private void protectUnlisted(List<Removal> removals, List<String> unproven) {
        Set<String> listed = new HashSet<>();
        lane.state().segments().forEach(segment -> listed.add(segment.path()));
        Path directory = layout.segmentsOf(lane.identity());
        if (!layout.store().isDirectory(directory)) {
            return;
        }
        for (String name : layout.store().list(directory)) {
            String path = layout.relativize(directory.resolve(name));
            if (name.startsWith(lane.lane() + ".") && !listed.contains(path)) {
                removals.add(new Removal(path, List.of(), 0, 0));
                unproven.add(path + ": the log of its writer does not name it (any more); it is kept");
            }
        }
    }
}
