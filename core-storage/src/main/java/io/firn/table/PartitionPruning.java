package io.firn.table;

import io.firn.partition.PartitionFilter;
import io.firn.partition.PartitionScheme;
import java.util.HashMap;
import java.util.Map;

/** Answers for each Hive path once whether a filter wants it. Confined to one thread. */
final class PartitionPruning {
    private final PartitionScheme scheme;
    private final PartitionFilter filter;
    private final Map<String, Boolean> answers = new HashMap<>();

    PartitionPruning(PartitionScheme scheme, PartitionFilter filter) {
        this.scheme = scheme;
        this.filter = filter;
    }

    boolean includes(String partitionPath) {
        return answers.computeIfAbsent(partitionPath, path -> filter.matches(scheme.parsePath(path)));
    }
}
