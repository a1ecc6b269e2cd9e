package io.firn.lifecycle;

import io.firn.log.SegmentEntry;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * Chooses small files that become one. Each bin fits into one segment: so a file is never divided over two outputs, and
 * a rebuilt catalog can tell by identities that an output stands for all of its inputs. Confined to one thread.
 */
final class CompactionPlan {
    /** Most files that are read for one new file: each has a cursor open while lanes are merged. */
    private static final int MAX_FILES = 64;

    /** What one run compacts by itself, before compression: the rest waits for the next run. */
    private static final long MAX_DUE_BYTES = 256L << 20;

    private final long segmentBytes;

    CompactionPlan(long segmentBytes) {
        this.segmentBytes = segmentBytes;
    }

    /** The bins of all partitions; files that are at least half of a segment stay as they are. */
    List<FileGroup> of(Iterable<SegmentEntry> files, Predicate<SegmentEntry> wanted) {
        Map<String, List<SegmentEntry>> hot = new TreeMap<>();
        Map<String, List<SegmentEntry>> cold = new TreeMap<>();
        for (SegmentEntry file : files) {
            if (file.rawBytes() <= segmentBytes / 2 && wanted.test(file)) {
                Map<String, List<SegmentEntry>> tier = file.cold() ? cold : hot;
                tier.computeIfAbsent(file.partitionPath(), path -> new ArrayList<>())
                        .add(file);
            }
        }
        List<FileGroup> bins = new ArrayList<>();
        hot.forEach((path, small) -> divide(path, false, small, bins));
        cold.forEach((path, small) -> divide(path, true, small, bins));
        return bins;
    }

    /** Those with enough files to be worth a rewrite by itself, the most files first, and not too many at once. */
    static List<FileGroup> due(List<FileGroup> groups, int minFiles) {
        List<FileGroup> mostFirst = groups.stream()
                .filter(group -> group.files().size() >= minFiles)
                .sorted(Comparator.comparingInt(
                                (FileGroup group) -> group.files().size())
                        .reversed())
                .toList();
        List<FileGroup> due = new ArrayList<>();
        long bytes = 0;
        for (FileGroup group : mostFirst) {
            bytes += group.rawBytes();
            if (!due.isEmpty() && bytes > MAX_DUE_BYTES) {
                break;
            }
            due.add(group);
        }
        return due;
    }

    /** Neighbours in sequence go together, so that readers of a lane open few files at a time. */
    private void divide(String path, boolean cold, List<SegmentEntry> small, List<FileGroup> bins) {
        small.sort(
                Comparator.comparing((SegmentEntry file) -> file.lanes().get(0).lane())
                        .thenComparingLong(file -> file.lanes().get(0).firstSequence()));
        List<SegmentEntry> bin = new ArrayList<>();
        long bytes = 0;
        for (SegmentEntry file : small) {
            if (bytes + file.rawBytes() > segmentBytes || bin.size() == MAX_FILES) {
                add(path, cold, bin, bins);
                bin.clear();
                bytes = 0;
            }
            bin.add(file);
            bytes += file.rawBytes();
        }
        add(path, cold, bin, bins);
    }

    private static void add(String path, boolean cold, List<SegmentEntry> bin, List<FileGroup> bins) {
        if (bin.size() > 1) {
            bins.add(new FileGroup(path, cold, bin));
        }
    }
}
