package io.firn.lifecycle;

import java.util.ArrayList;
import java.util.List;

/**
 * Partitions that were removed for ever.
 *
 * @param paths their Hive paths, ascending in each run; of very many only the latest
 * @param records records that they held
 * @param bytes size of the files of the catalog that went, and of the records in hot segments
 */
public record RemovedPartitions(List<String> paths, long records, long bytes) {
    /** Nothing was removed. */
    public static final RemovedPartitions NONE = new RemovedPartitions(List.of(), 0, 0);

    private static final int MAX_PATHS = 10_000;

    /** Copies the list. */
    public RemovedPartitions {
        paths = List.copyOf(paths);
    }

    /** Both together. */
    RemovedPartitions plus(RemovedPartitions more) {
        List<String> all = new ArrayList<>(paths);
        all.addAll(more.paths);
        return new RemovedPartitions(
                all.subList(Math.max(0, all.size() - MAX_PATHS), all.size()),
                records + more.records,
                bytes + more.bytes);
    }
}
