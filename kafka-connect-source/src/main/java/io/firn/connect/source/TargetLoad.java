package io.firn.connect.source;

import java.util.Map;
import java.util.TreeMap;

/**
 * What a replay puts into the partitions of one target topic.
 *
 * <p>Confined to one thread.
 */
final class TargetLoad {
    private final Map<Integer, Long> bytesByPartition = new TreeMap<>();
    private long hashedBytes;
    private int hashedPartitions;

    /** Adds an archived partition with its size in bytes. */
    void add(PartitionRouting.Route route, long bytes) {
        if (route.hashed() > 0) {
            hashedBytes += bytes;
            hashedPartitions = Math.max(hashedPartitions, route.hashed());
        } else {
            bytesByPartition.merge(route.withoutKey(), bytes, Long::sum);
        }
    }

    /** How many partitions the topic must have, 1 or more. */
    int partitions() {
        int highest =
                bytesByPartition.keySet().stream().mapToInt(p -> p + 1).max().orElse(1);
        return Math.max(highest, hashedPartitions);
    }

    /** Bytes of the largest partition; of what keys spread, the least that the largest one can have. */
    long bytesOfLargestPartition() {
        long spread = hashedPartitions == 0 ? 0 : hashedBytes / hashedPartitions;
        return Math.max(
                spread,
                bytesByPartition.values().stream().mapToLong(b -> b).max().orElse(0));
    }
}
