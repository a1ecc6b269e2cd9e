package io.firn.table;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.firn.error.ConfigException;
import io.firn.error.CorruptDataException;
import io.firn.error.FirnException;
import io.firn.fs.FileStore;
import io.firn.fs.FileTree;
import io.firn.fs.IoMode;
import io.firn.fs.LocalFileStore;
import io.firn.fs.SmallFiles;
import io.firn.fs.StoreFile;
import io.firn.log.HostName;
import io.firn.log.TableLayout;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A directory of tables with an id of its own, so that processes on several hosts can tell whether they look at the
 * same file system.
 *
 * <p>The id stands in {@code <root>/@archive/id.json} and is never changed. Immutable; thread-safe.
 */
public final class ArchiveRoot {
    private static final Logger LOG = LoggerFactory.getLogger(ArchiveRoot.class);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern TABLE_NAME = Pattern.compile("[A-Za-z0-9._-]{1,249}");
    private static final Pattern ID_TEXT = Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");
    /** Neither a topic nor a table can have this name. */
    private static final String DIRECTORY = "@archive";

    /** Names of directories in the making begin with this, and an id follows. */
    private static final String UNFINISHED = DIRECTORY + "-";

    private static final String FILE = "id.json";
    private static final String STOP_FILE = "compression.stopped";
    private static final String ID = "id";
    private static final String CREATED_ON = "createdOn";
    private static final int MAX_FILE_BYTES = 64 * 1024;

    private final FileStore store;
    private final Path path;
    private final UUID id;
    private final String createdOn;

    private ArchiveRoot(FileStore store, Path path, UUID id, String createdOn) {
        this.store = store;
        this.path = path;
        this.id = id;
        this.createdOn = createdOn;
    }

    /** Opens the root at a path; it gets its id when it has none. Processes that race get the same one. */
    public static ArchiveRoot openOrCreate(Path path) {
        return openOrCreate(LocalFileStore.open(IoMode.AUTO), path);
    }

    /** Opens or creates the root in an environment; otherwise as {@link #openOrCreate(Path)}. */
    public static ArchiveRoot openOrCreate(TableEnvironment environment, Path path) {
        return openOrCreate(environment.store(), path);
    }

    static ArchiveRoot openOrCreate(FileStore store, Path path) {
        return openOrCreate(store, path, UUID.randomUUID());
    }

    /**
     * Opens the root at a path; it gets this id when it has none, or when its id is lost. An id that it has already
     * stays, whichever it is. Processes that race get the same one.
     *
     * @throws ConfigException when the path is that of a table
     */
    public static ArchiveRoot openOrCreate(TableEnvironment environment, Path path, UUID id) {
        FileStore store = environment.store();
        SmallFiles archive = new SmallFiles(store, path.resolve(DIRECTORY));
        if (store.isDirectory(path.resolve(DIRECTORY)) && archive.read(FILE).isEmpty()) {
            archive.publish(FILE, content(id));
        }
        return openOrCreate(store, path, id);
    }

    private static ArchiveRoot openOrCreate(FileStore store, Path path, UUID id) {
        Optional<ArchiveRoot> found = open(store, path);
        if (found.isPresent()) {
            return found.get();
        }
        refuseTable(store, path);
        FileTree.createDirectories(store, path.toAbsolutePath());
        Path made = path.resolve(UNFINISHED + UUID.randomUUID());
        try {
            store.createDirectory(made);
            write(store, made, id);
            // A directory cannot be renamed onto one that holds a file: exactly one process succeeds.
            store.rename(made, path.resolve(DIRECTORY));
        } catch (FirnException lostTheRace) {
            deleteQuietly(store, made);
            return open(store, path).orElseThrow(() -> lostTheRace);
        }
        store.forceDirectory(path);
        deleteUnfinished(store, path);
        return open(store, path).orElseThrow();
    }

    /** What others left that died, or are still at it: those find the archive made. A copy of somebody's stays. */
    private static void deleteUnfinished(FileStore store, Path path) {
        store.list(path).stream()
                .filter(name -> name.startsWith(UNFINISHED)
                        && ID_TEXT.matcher(name.substring(UNFINISHED.length())).matches())
                .forEach(name -> deleteQuietly(store, path.resolve(name)));
    }

    private static void deleteQuietly(FileStore store, Path made) {
        try {
            FileTree.delete(store, made);
        } catch (FirnException stays) {
            LOG.debug("unfinished directory stays: path={} cause={}", made, stays.toString());
        }
    }

    /** Opens the root at a path; empty when there is none. */
    public static Optional<ArchiveRoot> open(Path path) {
        return open(LocalFileStore.open(IoMode.AUTO), path);
    }

    /** Opens the root in an environment; otherwise as {@link #open(Path)}. */
    public static Optional<ArchiveRoot> open(TableEnvironment environment, Path path) {
        return open(environment.store(), path);
    }

    static Optional<ArchiveRoot> open(FileStore store, Path path) {
        Path file = path.resolve(DIRECTORY).resolve(FILE);
        if (!store.exists(file)) {
            if (store.isDirectory(path.resolve(DIRECTORY)) && !store.exists(file)) { // not renamed to it meanwhile
                throw damaged(path, "found none; put it back,");
            }
            return Optional.empty();
        }
        JsonNode json = json(store, path);
        String text = json.path(ID).asText();
        if (!ID_TEXT.matcher(text).matches()) {
            throw damaged(path, "found '" + text + "'; put it back, or move it away");
        }
        return Optional.of(new ArchiveRoot(
                store, path, UUID.fromString(text), json.path(CREATED_ON).asText()));
    }

    private static JsonNode json(FileStore store, Path path) {
        try {
            return JSON.readTree(read(store, path.resolve(DIRECTORY).resolve(FILE)));
        } catch (JsonProcessingException e) {
            throw damaged(path, "found something else; put it back, or move it away");
        }
    }

    private static CorruptDataException damaged(Path path, String found) {
        return new CorruptDataException(
                path.resolve(DIRECTORY).resolve(FILE),
                0,
                "expected the id of an archive as JSON, " + found + " and give the archive its id again with"
                        + " 'firn archive-id " + path + " --set <id>', or a new one");
    }

    /** Name of this host, for messages about directories that several hosts must share. */
    public static String hostName() {
        return HostName.ofThisHost();
    }

    /** Names of the tables in a directory, ascending; the directory needs no id. */
    public static List<String> tablesBelow(Path directory) {
        return tablesBelow(LocalFileStore.open(IoMode.AUTO), directory);
    }

    static List<String> tablesBelow(FileStore store, Path directory) {
        return store.list(directory).stream()
                .filter(name -> TABLE_NAME.matcher(name).matches())
                .filter(name -> isTable(store, directory.resolve(name)))
                .toList();
    }

    /** The tables in a directory of an environment; otherwise as {@link #tablesBelow(Path)}. */
    public static List<String> tablesBelow(TableEnvironment environment, Path directory) {
        return tablesBelow(environment.store(), directory);
    }

    /**
     * Stops compression in all tables of this archive, by itself and on command, in every process from its next run on:
     * as if each had the policy {@code never}. Durable on return; what is cold stays so and readable. Idempotent.
     */
    public void stopCompression() {
        Path directory = path.resolve(DIRECTORY);
        store.createExclusively(directory.resolve(STOP_FILE)).ifPresent(StoreFile::close);
        store.forceDirectory(directory);
    }

    /** Lets every table go by its own policy again. Durable on return; idempotent. */
    public void resumeCompression() {
        Path directory = path.resolve(DIRECTORY);
        store.delete(directory.resolve(STOP_FILE));
        store.forceDirectory(directory);
    }

    /** Whether compression is stopped in all tables of this archive. */
    public boolean isCompressionStopped() {
        return isCompressionStopped(store, path);
    }

    /** Whether compression is stopped in the tables of a directory, which need not be an archive. */
    public static boolean isCompressionStopped(FileStore store, Path directory) {
        return store.exists(directory.resolve(DIRECTORY).resolve(STOP_FILE));
    }

    /** The root's directory. */
    public Path path() {
        return path;
    }

    /** The root's id. */
    public UUID id() {
        return id;
    }

    /** Name of the host that gave the root its id. */
    public String createdOn() {
        return createdOn;
    }

    /** Bytes that can still be written here. */
    public long usableBytes() {
        return store.usableBytes(path);
    }

    /**
     * The directory of a table.
     *
     * @throws ConfigException when the name could leave the root or is no name
     */
    public Path tablePath(String table) {
        return tablePath(path, table);
    }

    /** The directory of a table in a directory that needs no id; otherwise as {@link #tablePath(String)}. */
    public static Path tablePath(Path directory, String table) {
        if (!TABLE_NAME.matcher(table).matches() || table.equals(".") || table.equals("..")) {
            throw new ConfigException("Invalid table name '" + table + "': use letters, digits, '.', '_' and '-'");
        }
        return directory.resolve(table);
    }

    /** Whether a table stands at this name. */
    public boolean hasTable(String table) {
        return isTable(store, tablePath(table));
    }

    /** Whether a table stands at a name in a directory that needs no id. */
    public static boolean hasTable(TableEnvironment environment, Path directory, String table) {
        return isTable(environment.store(), tablePath(directory, table));
    }

    /**
     * Refuses a directory that is a table where one that holds tables is wanted.
     *
     * @throws ConfigException naming the directory that is probably meant
     */
    public static void refuseTable(TableEnvironment environment, Path path) {
        refuseTable(environment.store(), path);
    }

    private static void refuseTable(FileStore store, Path path) {
        if (isTable(store, path)) {
            throw new ConfigException(path + " is a table; give the directory that holds it: "
                    + path.toAbsolutePath().normalize().getParent());
        }
    }

    /** Also when its metadata are lost: who opens it says so, who lists tables does not leave it out. */
    static boolean isTable(FileStore store, Path path) {
        return store.isDirectory(path.resolve(TableLayout.TABLE_DIRECTORY));
    }

    private static byte[] content(UUID id) {
        return JSON.createObjectNode()
                .put(ID, id.toString())
                .put(CREATED_ON, HostName.ofThisHost())
                .toPrettyString()
                .getBytes(StandardCharsets.UTF_8);
    }

    private static void write(FileStore store, Path directory, UUID id) {
        try (StoreFile file = store.createExclusively(directory.resolve(FILE)).orElseThrow()) {
            file.write(ByteBuffer.wrap(content(id)), 0);
            file.force();
        }
        store.forceDirectory(directory);
    }

    private static String read(FileStore store, Path path) {
        try (StoreFile file = store.openRead(path)) {
            ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(file.sizeBytes(), MAX_FILE_BYTES));
            file.read(bytes, 0);
            return StandardCharsets.UTF_8.decode(bytes.flip()).toString();
        }
    }
}
