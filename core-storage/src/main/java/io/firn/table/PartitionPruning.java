package io.firn.table;

import io.firn.log.TableLayout;
import io.firn.partition.PartitionFilter;
import io.firn.partition.PartitionScheme;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/** Answers for each Hive path once whether a scan wants it. Confined to one thread. */
final class PartitionPruning {
    private final Predicate<String> wanted;
    private final Map<String, Set<String>> mixedFiles;
    private final Map<String, Boolean> answers = new HashMap<>();

    private PartitionPruning(Predicate<String> wanted, Map<String, Set<String>> mixedFiles) {
        this.wanted = wanted;
        this.mixedFiles = mixedFiles;
    }

    static PartitionPruning of(PartitionScheme scheme, PartitionFilter filter) {
        return new PartitionPruning(path -> filter.matches(scheme.parsePath(path)), Map.of());
    }

    /**
     * Wants one partition.
     *
     * @param mixedFiles the partitions of files that hold several, as far as known
     */
    static PartitionPruning only(String partitionPath, Map<String, Set<String>> mixedFiles) {
        return new PartitionPruning(partitionPath::equals, mixedFiles);
    }

    boolean includes(String partitionPath) {
        return answers.computeIfAbsent(partitionPath, wanted::test);
    }

    /** A segment of one partition lies in its directory; a mixed one must be opened to know. */
    boolean includesFile(String path) {
        if (isMixed(path)) {
            Set<String> partitions = mixedFiles.get(path);
            return partitions == null || partitions.stream().anyMatch(this::includes);
        }
        return includes(partitionOf(path));
    }

    static boolean isMixed(String path) {
        return path.startsWith(TableLayout.TABLE_DIRECTORY + "/");
    }

    static String partitionOf(String path) {
        int end = path.lastIndexOf('/');
        return end < 0 ? "" : path.substring(0, end);
    }
}
