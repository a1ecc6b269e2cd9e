package io.firn.testing;

import java.util.Map;
import java.util.TreeMap;

/** Which bytes of a file take space on the disk: those that were written. Holes do not. Confined to one thread. */
final class AllocatedBytes {
    /** Start to end of stretches that neither overlap nor touch. */
    private final TreeMap<Long, Long> stretches = new TreeMap<>();

    /** A file that was written as far as it goes. */
    AllocatedBytes(long sizeBytes) {
        add(0, sizeBytes);
    }

    /** What lies behind the end of the file is given back. */
    void cut(long sizeBytes) {
        stretches.tailMap(sizeBytes, true).clear();
        stretches.replaceAll((start, end) -> Math.min(end, sizeBytes));
    }

    /** How many bytes of {@code [from, to)} are holes. */
    long missing(long from, long to) {
        long missing = to - from;
        for (Map.Entry<Long, Long> stretch : stretches.headMap(to).entrySet()) {
            missing -= Math.max(0, Math.min(to, stretch.getValue()) - Math.max(from, stretch.getKey()));
        }
        return missing;
    }

    /** How far a write from {@code from} comes, at most to {@code to}, when so many bytes of holes can be filled. */
    long reach(long from, long to, long granted) {
        long reach = from;
        long left = granted;
        while (reach < to) {
            Map.Entry<Long, Long> stretch = stretches.floorEntry(reach);
            if (stretch != null && stretch.getValue() > reach) {
                reach = stretch.getValue();
                continue;
            }
            Long next = stretches.higherKey(reach);
            long hole = Math.min(to, next == null ? to : next) - reach;
            if (hole > left) {
                return reach + left;
            }
            left -= hole;
            reach += hole;
        }
        return to;
    }

    /** Bytes that were written. */
    void add(long from, long to) {
        if (from >= to) {
            return;
        }
        long start = from;
        long end = to;
        Map.Entry<Long, Long> touching = stretches.floorEntry(to);
        while (touching != null && touching.getValue() >= from) {
            start = Math.min(start, touching.getKey());
            end = Math.max(end, touching.getValue());
            stretches.remove(touching.getKey());
            touching = stretches.floorEntry(to);
        }
        stretches.put(start, end);
    }
}
