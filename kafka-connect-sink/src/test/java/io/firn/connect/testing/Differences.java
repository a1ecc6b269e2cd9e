package io.firn.connect.testing;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Compares what should be there with what is there and names the first differences.
 *
 * <p>Thread-safe.
 */
public final class Differences {
    private static final int MAX_SHOWN = 20;

    private Differences() {}

    /**
     * Compares records with their offsets, per partition.
     *
     * @param expected in any order
     * @param actual in any order; a record that stands there twice is a difference
     * @return at most 20 sentences, empty when both hold the same
     */
    public static List<String> ofRecords(List<DumpedRecord> expected, List<DumpedRecord> actual) {
        Comparator<DumpedRecord> byPosition =
                Comparator.comparingInt(DumpedRecord::partition).thenComparingLong(DumpedRecord::offset);
        List<String> differences = new ArrayList<>();
        compare(
                expected.stream().sorted(byPosition).toList(),
                actual.stream().sorted(byPosition).toList(),
                byPosition,
                differences);
        return differences;
    }

    private static void compare(
            List<DumpedRecord> expected,
            List<DumpedRecord> actual,
            Comparator<DumpedRecord> byPosition,
            List<String> differences) {
        if (expected.size() != actual.size()) {
            differences.add("expected " + expected.size() + " records but found " + actual.size());
        }
        int e = 0;
        int a = 0;
        while ((e < expected.size() || a < actual.size()) && differences.size() < MAX_SHOWN) {
            int order = e == expected.size()
                    ? 1
                    : a == actual.size() ? -1 : byPosition.compare(expected.get(e), actual.get(a));
            if (order < 0) {
                differences.add("missing " + expected.get(e++));
            } else if (order > 0) {
                differences.add("not expected (or twice) " + actual.get(a++));
            } else {
                DumpedRecord want = expected.get(e++);
                DumpedRecord have = actual.get(a++);
                if (!want.equals(have)) {
                    differences.add("changed " + want + " into " + have);
                }
            }
        }
    }

    /**
     * Compares contents in their order within each partition, whatever the offsets.
     *
     * @return at most 20 sentences, empty when both hold the same
     */
    public static List<String> ofContents(List<DumpedRecord> expected, List<DumpedRecord> actual) {
        Map<Integer, List<DumpedRecord>> want = byPartition(expected);
        Map<Integer, List<DumpedRecord>> have = byPartition(actual);
        List<String> differences = new ArrayList<>();
        TreeMap<Integer, Boolean> partitions = new TreeMap<>();
        want.keySet().forEach(partition -> partitions.put(partition, true));
        have.keySet().forEach(partition -> partitions.put(partition, true));
        for (int partition : partitions.keySet()) {
            ofOnePartition(
                    partition,
                    want.getOrDefault(partition, List.of()),
                    have.getOrDefault(partition, List.of()),
                    differences);
        }
        return differences;
    }

    private static void ofOnePartition(
            int partition, List<DumpedRecord> want, List<DumpedRecord> have, List<String> differences) {
        if (want.size() != have.size()) {
            differences.add(
                    "partition " + partition + ": expected " + want.size() + " records but found " + have.size());
        }
        for (int i = 0; i < Math.min(want.size(), have.size()) && differences.size() < MAX_SHOWN; i++) {
            if (!want.get(i).content().equals(have.get(i).content())) {
                differences.add("partition " + partition + ", record " + i + ": expected " + want.get(i) + " but found "
                        + have.get(i));
                return;
            }
        }
    }

    private static Map<Integer, List<DumpedRecord>> byPartition(List<DumpedRecord> records) {
        return records.stream()
                .sorted(Comparator.comparingLong(DumpedRecord::offset))
                .collect(Collectors.groupingBy(DumpedRecord::partition, TreeMap::new, Collectors.toList()));
    }
}
