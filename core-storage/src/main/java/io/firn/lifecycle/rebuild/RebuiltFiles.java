package io.firn.lifecycle.rebuild;

import io.firn.error.CorruptDataException;
import io.firn.fs.FileInfo;
import io.firn.fs.FileStore;
import io.firn.log.LaneRange;
import io.firn.log.LogFormat;
import io.firn.log.SegmentEntry;
import io.firn.log.TableLayout;
import io.firn.segment.ContextSummary;
import io.firn.segment.Segment;
import io.firn.segment.SegmentAccess;
import io.firn.segment.SegmentCursor;
import io.firn.segment.SegmentSummary;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The files of the lifecycle as the listing of the partitions shows them, each read completely. Confined to one thread.
 */
final class RebuiltFiles {
    private static final Pattern OUTPUT = Pattern.compile("(" + LogFormat.NUMBER + ")-([0-9a-f]{8})\\.q(?:\\.zst)?");

    private final TableLayout layout;
    private final SegmentAccess access;
    private final List<RebuiltFile> files = new ArrayList<>();
    private long nextNumber = 1;
    private long highestEpoch;

    RebuiltFiles(TableLayout layout, SegmentAccess access) {
        this.layout = layout;
        this.access = access;
    }

    /** Looks at names only: numbers and epochs that were used. */
    void list() {
        visit(layout.root(), "", false);
    }

    /**
     * Reads all files; the highest number comes first.
     *
     * @throws CorruptDataException when one is damaged: nobody knows whether it is the only one with its records
     */
    List<RebuiltFile> read() {
        files.clear();
        visit(layout.root(), "", true);
        files.sort(Comparator.comparingLong(RebuiltFile::number).reversed());
        return files;
    }

    /** A number above those of all files that were seen. */
    long nextNumber() {
        return nextNumber;
    }

    /** The highest epoch in the name of a file, its low 32 bits. */
    long highestEpoch() {
        return highestEpoch;
    }

    private void visit(Path directory, String relative, boolean reading) {
        FileStore store = layout.store();
        for (String name : store.list(directory)) {
            Matcher matcher = OUTPUT.matcher(name);
            if (matcher.matches()) {
                long number = Long.parseLong(matcher.group(1));
                nextNumber = Math.max(nextNumber, number + 1);
                highestEpoch = Math.max(highestEpoch, Long.parseLong(matcher.group(2), 16));
                if (reading) {
                    files.add(new RebuiltFile(number, entryOf(directory.resolve(name), relative)));
                }
            } else if (name.indexOf('=') > 0 && store.isDirectory(directory.resolve(name))) {
                visit(directory.resolve(name), relative.isEmpty() ? name : relative + "/" + name, reading);
            }
        }
    }

    private SegmentEntry entryOf(Path file, String partitionPath) {
        FileInfo info = layout.store().info(file);
        try (Segment segment = Segment.open(layout.store(), file, access)) {
            if (!segment.header().tableId().equals(layout.tableId()) || !segment.isSealed()) {
                throw new CorruptDataException(file, 0, "expected a sealed segment of table " + layout.tableId());
            }
            SegmentSummary summary = segment.verify();
            for (ContextSummary each : summary.contexts()) {
                if (each.recordCount() > 0 && !each.context().partitionPath().equals(partitionPath)) {
                    throw new CorruptDataException(
                            file,
                            0,
                            "holds records of partition '" + each.context().partitionPath() + "'");
                }
            }
            boolean cold = file.toString().endsWith(".zst");
            return new SegmentEntry(
                    layout.relativize(file),
                    partitionPath,
                    cold,
                    info.sizeBytes(),
                    segment.sizeBytes(),
                    summary.recordCount(),
                    summary.timestamps().first(),
                    summary.timestamps().last(),
                    info.modifiedMs(),
                    segment.header().createdMs(),
                    LaneRange.of(summary));
        }
    }

    /** How much of one file stands in another one, too. */
    enum Shared {
        NOTHING,
        SOME,
        /** The other one holds nothing else, and this one does. */
        ALL_OF_THE_OTHER,
        ALL
    }

    /** Compares what was not removed for ever. */
    Shared shared(RebuiltFile file, RebuiltFile other, ExpiredRecords expired) {
        Map<String, SequenceCoverage> places = SequenceCoverage.byLane(
                layout.store(), layout.resolve(other.entry().path()), access);
        long[] counts = new long[2];
        forEachLeft(file, expired, place -> {
            SequenceCoverage lane = places.get(place.lane());
            counts[lane != null && lane.contains(place.sequence()) ? 1 : 0]++;
        });
        if (counts[1] == 0) {
            return Shared.NOTHING;
        }
        if (counts[0] == 0) {
            return Shared.ALL;
        }
        return counts[1] == other.entry().records() ? Shared.ALL_OF_THE_OTHER : Shared.SOME;
    }

    /** How many records of a file were not removed for ever; reads it only when some may have been. */
    long withoutExpired(RebuiltFile file, ExpiredRecords expired) {
        if (!expired.mayCover(file.entry())) {
            return file.entry().records();
        }
        long[] count = new long[1];
        forEachLeft(file, expired, place -> count[0]++);
        return count[0];
    }

    private void forEachLeft(RebuiltFile file, ExpiredRecords expired, Consumer<Place> listener) {
        String partitionPath = file.entry().partitionPath();
        forEach(file, place -> {
            if (!expired.covers(partitionPath, place.lane(), place.sequence())) {
                listener.accept(place);
            }
        });
    }

    /** A record's identity within its partition. */
    record Place(String lane, long sequence) {}

    void forEach(RebuiltFile file, Consumer<Place> listener) {
        walk(
                file,
                cursor -> listener.accept(
                        new Place(cursor.context().lane(), cursor.record().sequence())));
    }

    private void walk(RebuiltFile file, Consumer<SegmentCursor> listener) {
        Path path = layout.resolve(file.entry().path());
        try (Segment segment = Segment.open(layout.store(), path, access);
                SegmentCursor cursor = segment.cursor()) {
            while (cursor.next()) {
                listener.accept(cursor);
            }
        }
    }
}
