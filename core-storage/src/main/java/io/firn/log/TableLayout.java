package io.firn.log;

import io.firn.error.NotFoundException;
import io.firn.fs.FileStore;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;

/**
 * Where the parts of a table lie.
 *
 * @param store the file store
 * @param root the table's directory
 * @param tableId the table's identity
 * @param tableDirectory the directory that holds everything but the partitions
 * @param abandoned what owners who have this layout gave up
 */
public record TableLayout(FileStore store, Path root, UUID tableId, Path tableDirectory, AbandonedEpochs abandoned) {
    /** Name of the directory that holds everything but the partitions. */
    public static final String TABLE_DIRECTORY = "_table";

    /** The layout of an existing table. */
    public TableLayout(FileStore store, Path root, UUID tableId) {
        this(store, root, tableId, root.resolve(TABLE_DIRECTORY));
    }

    /** The layout of a table that is being made elsewhere. */
    public TableLayout(FileStore store, Path root, UUID tableId, Path tableDirectory) {
        this(store, root, tableId, tableDirectory, new AbandonedEpochs());
    }

    /** The same table through another store of the same files. */
    public TableLayout through(FileStore other) {
        return new TableLayout(other, root, tableId, tableDirectory, abandoned);
    }

    /** Directory of all lanes. */
    public Path lanes() {
        return tableDirectory.resolve("lanes");
    }

    /** Directory of one lane. */
    public Path lane(String lane) {
        return lanes().resolve(lane);
    }

    /** Directory of the hot segments of mapped writers. */
    public Path hot() {
        return tableDirectory.resolve("hot");
    }

    /** Directory in which a lane makes its segments. */
    public Path segmentsOf(LaneIdentity identity) {
        String partition = identity.properties().getOrDefault(LaneIdentity.PARTITION, "");
        return partition.isEmpty() ? hot() : root().resolve(partition);
    }

    /** The segment files that a lane has made and nobody has deleted, in the order of their names. */
    public List<LaneSegmentName> segmentFiles(LaneIdentity identity) {
        String prefix = identity.lane() + ".";
        return segmentFiles(segmentsOf(identity), name -> name.startsWith(prefix));
    }

    /** The segment files of all lanes in a directory, in the order of their names; none when it is not there. */
    public List<LaneSegmentName> segmentFiles(Path directory) {
        return segmentFiles(directory, name -> true);
    }

    private List<LaneSegmentName> segmentFiles(Path directory, Predicate<String> wanted) {
        try {
            return store.list(directory).stream()
                    .filter(wanted)
                    .flatMap(name -> LaneSegmentName.parse(name).stream())
                    .toList();
        } catch (NotFoundException noWriteYet) {
            return List.of();
        }
    }

    /** Directory of the catalog's logs. */
    public Path catalog() {
        return tableDirectory.resolve("catalog");
    }

    /** Parent of the directories in which rewrites make their outputs. */
    public Path temporary() {
        return tableDirectory.resolve("tmp");
    }

    /** Directory of the markers of what was removed for ever. */
    public Path expired() {
        return tableDirectory.resolve("expired");
    }

    /** Directory of the claims of two-phase sinks. */
    public Path sinks() {
        return tableDirectory.resolve("sinks");
    }

    /** Directory of the schemas of records. */
    public Path schemas() {
        return tableDirectory.resolve("schemas");
    }

    /** Directory of what is known of the topics whose records the table holds. */
    public Path topics() {
        return tableDirectory.resolve("topics");
    }

    /** The file of a path that a log names. */
    public Path resolve(String relativePath) {
        return root.resolve(relativePath);
    }

    /** The path by which logs name a file of the table. */
    public String relativize(Path file) {
        return root.relativize(file).toString().replace('\\', '/');
    }

    /**
     * Creates directories below the root with their ancestors and makes all those names durable, also the ones that
     * exist already: whoever made them may not have forced them yet.
     */
    public void createDirectories(Collection<Path> directories) {
        create(directories).forEach(store::forceDirectory);
    }

    /** Creates directories below the root with their ancestors; not durable before {@link #createDirectories}. */
    public void prepareDirectories(Collection<Path> directories) {
        create(directories);
    }

    private Set<Path> create(Collection<Path> directories) {
        Set<Path> parents = new LinkedHashSet<>();
        for (Path directory : directories) {
            create(directory, parents);
        }
        return parents;
    }

    private void create(Path directory, Set<Path> parents) {
        Path parent = directory.getParent();
        if (directory.equals(root) || parent == null) {
            return;
        }
        if (parents.add(parent)) {
            create(parent, parents);
        }
        store.createDirectory(directory);
    }

    /** The salt of a file's checksums: bytes of another file, found on reused blocks, do not pass for its own. */
    public int saltOf(String relativePath) {
        long mixed = tableId.getLeastSignificantBits() * 31 + relativePath.hashCode();
        return Long.hashCode(mixed * 0x9E3779B97F4A7C15L);
    }

    LogDirectory laneLog(String lane) {
        return new LogDirectory(store, lane(lane), LogKind.LANE, tableId, abandoned);
    }

    LogDirectory catalogLog() {
        return new LogDirectory(store, catalog(), LogKind.CATALOG, tableId, abandoned);
    }
}
