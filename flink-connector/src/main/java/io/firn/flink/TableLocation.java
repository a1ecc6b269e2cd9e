package io.firn.flink;

import io.firn.error.ConfigException;
import io.firn.error.NotFoundException;
import io.firn.table.ArchiveRoot;
import io.firn.table.Table;
import java.io.Serializable;
import java.net.URI;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where a table is: the archive's root, which every host of the job sees at the same path, and the table's name.
 *
 * <p>Immutable; thread-safe.
 *
 * @param path absolute path of the archive's root
 * @param table name of the table
 * @param archiveId id that the archive must have, empty for any
 * @param ioMode option {@code io.mode}
 * @param sharedFs option {@code shared.fs}
 */
public record TableLocation(String path, String table, String archiveId, String ioMode, String sharedFs)
        implements Serializable {
    private static final long serialVersionUID = 1L;
    private static final String SCHEME = "file";

    /** Checks path and name. */
    public TableLocation {
        path = localPath(path);
        if (table.isBlank()) {
            throw new ConfigException("'table' is missing: give the name of a table below " + path);
        }
    }

    /** The table of a name below a root, with default options. */
    public static TableLocation of(String path, String table) {
        return new TableLocation(path, table, "", "auto", "");
    }

    /** Opens the existing archive. */
    public ArchiveRoot root() {
        ArchiveRoot root = ArchiveRoot.open(FlinkMemory.environment(this), Path.of(path))
                .orElseThrow(() -> new NotFoundException("Host " + ArchiveRoot.hostName() + " sees no archive at "
                        + path + ". Every host of the job must see the same directory there: mount the shared file"
                        + " system on all of them, or run the job on one."));
        return checked(root);
    }

    /** Opens the archive, or makes it; one whose id is given must be there. */
    public ArchiveRoot rootOrCreate() {
        return archiveId.isEmpty() ? ArchiveRoot.openOrCreate(FlinkMemory.environment(this), Path.of(path)) : root();
    }

    /** Opens the existing table; its directory needs an id only if this location names one. */
    public Table open() {
        if (!archiveId.isEmpty()) {
            root();
        }
        try {
            return Table.open(ArchiveRoot.tablePath(Path.of(path), table), FlinkMemory.environment(this));
        } catch (NotFoundException missing) {
            root(); // when this host sees no archive at all, that says what to do
            throw missing;
        }
    }

    /** Whether this host sees the table. */
    public boolean exists() {
        return ArchiveRoot.open(FlinkMemory.environment(this), Path.of(path))
                .filter(root -> root.hasTable(table))
                .isPresent();
    }

    /** Whether this host sees the table, in a directory with an id or without. */
    public boolean isReadable() {
        return ArchiveRoot.hasTable(FlinkMemory.environment(this), Path.of(path), table);
    }

    private ArchiveRoot checked(ArchiveRoot root) {
        if (!archiveId.isEmpty() && !archiveId.equals(root.id().toString())) {
            throw new ConfigException(
                    "Host " + ArchiveRoot.hostName() + " sees archive " + root.id() + ", made on host "
                            + root.createdOn() + ", at " + path + ", but 'archive.id' is " + archiveId
                            + ": mount the right file system, or change the option");
        }
        return root;
    }

    private static String localPath(String text) {
        String path = text.contains(":/") ? withoutScheme(text) : text;
        try {
            Path parsed = Path.of(path).normalize();
            if (parsed.isAbsolute() && parsed.getNameCount() > 0) {
                return parsed.toString();
            }
        } catch (InvalidPathException e) {
            throw new ConfigException("Invalid value '" + text + "' for 'path': " + e.getMessage(), e);
        }
        throw new ConfigException("Invalid value '" + text
                + "' for 'path': give the absolute path of the archive, for example /data/firn or file:///data/firn");
    }

    private static String withoutScheme(String text) {
        URI uri;
        try {
            uri = URI.create(text);
        } catch (IllegalArgumentException e) {
            throw new ConfigException("Invalid value '" + text + "' for 'path': " + e.getMessage(), e);
        }
        boolean local = Optional.ofNullable(uri.getAuthority()).orElse("").isEmpty();
        if (!SCHEME.equals(uri.getScheme()) || !local || uri.getPath() == null) {
            throw new ConfigException("Invalid value '" + text + "' for 'path': an archive needs exclusive creation,"
                    + " atomic renames and forced directories of a POSIX file system, which object stores and Flink's"
                    + " file system plugins do not give. Use file:///... or an absolute path, on a local disk or a"
                    + " shared mount.");
        }
        return uri.getPath();
    }
}
