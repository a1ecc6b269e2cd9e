package io.firn.table;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Cuts one lane: walks over the ends of its files in the order of sequences and closes a range where it has become
 * large enough. Confined to one thread.
 */
final class LaneCuts {
    /** How much larger than wanted a range may become so that it ends where a file ends. */
    private static final double LARGEST = 1.25;
    /** How much of a range must be there before it is closed early at the end of a file. */
    private static final double SMALLEST = 0.5;

    private final String writer;
    private final double maxRecords;
    private final double maxBytes;
    private final TreeMap<Long, List<LanePiece>> starts = new TreeMap<>();
    private final TreeMap<Long, List<LanePiece>> ends = new TreeMap<>();

    private final List<ReadRange> ranges = new ArrayList<>();
    /** Lowest timestamps of the files over the present sequence, with their numbers. */
    private final TreeMap<Long, Integer> timestamps = new TreeMap<>();

    private double recordsPerSequence;
    private double bytesPerSequence;
    private boolean open;
    private long from;
    private long minTimestampNs;
    private double records;
    private double bytes;

    LaneCuts(String writer, double maxRecords, double maxBytes) {
        this.writer = writer;
        this.maxRecords = maxRecords;
        this.maxBytes = maxBytes;
    }

    void add(LanePiece piece) {
        starts.computeIfAbsent(piece.from(), unused -> new ArrayList<>()).add(piece);
        ends.computeIfAbsent(piece.to(), unused -> new ArrayList<>()).add(piece);
    }

    List<ReadRange> ranges() {
        List<Long> bounds = new ArrayList<>(starts.keySet());
        bounds.addAll(ends.keySet());
        List<Long> sorted = bounds.stream().sorted().distinct().toList();
        for (int i = 0; i < sorted.size(); i++) {
            long bound = sorted.get(i);
            ends.getOrDefault(bound, List.of()).forEach(piece -> count(piece, -1));
            starts.getOrDefault(bound, List.of()).forEach(piece -> count(piece, 1));
            if (timestamps.isEmpty()) {
                recordsPerSequence = 0; // what rounding left
                bytesPerSequence = 0;
                closeAt(bound);
            } else {
                take(bound, sorted.get(i + 1));
            }
        }
        return List.copyOf(ranges);
    }

    private void count(LanePiece piece, int sign) {
        double span = (double) piece.to() - piece.from();
        recordsPerSequence += sign * piece.records() / span;
        bytesPerSequence += sign * piece.bytes() / span;
        timestamps.merge(piece.minTimestampNs(), sign, LaneCuts::sumOrNothing);
    }

    /** Null takes the entry away. */
    private static @Nullable Integer sumOrNothing(Integer a, Integer b) {
        return a + b == 0 ? null : a + b;
    }

    /** Adds the sequences between two neighbouring ends of files. */
    private void take(long start, long end) {
        double load = load(recordsPerSequence * (end - start), bytesPerSequence * (end - start));
        double before = load(records, bytes);
        if (before >= SMALLEST && before + load > LARGEST) {
            closeAt(start);
        }
        long parts = load > LARGEST ? Math.min((long) Math.ceil(load), end - start) : 1;
        for (long part = 0; part < parts; part++) {
            long partStart = start + multiply(end - start, part, parts);
            long partEnd = start + multiply(end - start, part + 1, parts);
            if (part > 0) {
                closeAt(partStart);
            }
            grow(partStart, partEnd - partStart);
        }
    }

    private void grow(long start, long sequences) {
        if (!open) {
            open = true;
            from = start;
            minTimestampNs = Long.MAX_VALUE;
            records = 0;
            bytes = 0;
        }
        minTimestampNs = Math.min(minTimestampNs, timestamps.firstKey());
        records += recordsPerSequence * sequences;
        bytes += bytesPerSequence * sequences;
    }

    private void closeAt(long end) {
        if (open) {
            ranges.add(new ReadRange(writer, from, end, minTimestampNs, Math.round(records), Math.round(bytes)));
            open = false;
            records = 0;
            bytes = 0;
        }
    }

    private double load(double ofRecords, double ofBytes) {
        return Math.max(ofRecords / maxRecords, ofBytes / maxBytes);
    }

    /** {@code span * part / parts} without overflow. */
    private static long multiply(long span, long part, long parts) {
        return span / parts * part + span % parts * part / parts;
    }
}
