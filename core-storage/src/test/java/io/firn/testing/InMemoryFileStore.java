package io.firn.testing;

import io.firn.fs.FileInfo;
import io.firn.fs.FileStore;
import io.firn.fs.IoMode;
import io.firn.fs.PoliteLock;
import io.firn.fs.StoreFile;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Files in memory. The root directory {@code /} exists; everything below it is created as in a real file system.
 *
 * <p>Regions are coherent with reads, writes and each other. Thread-safe.
 */
public final class InMemoryFileStore implements FileStore {
    /** Room of a mapped file unless told otherwise; a file cannot outgrow it while a region of it is open. */
    public static final int DEFAULT_ARENA_BYTES = 1 << 20;

    private final MemoryDisk disk;
    private final MemoryTree tree;
    private final Set<Path> locks = ConcurrentHashMap.newKeySet();
    private final int arenaBytes;
    private final InstantSource clock;

    /** Creates an empty store on the system's clock. */
    public InMemoryFileStore() {
        this(DEFAULT_ARENA_BYTES, InstantSource.system());
    }

    /**
     * Creates an empty store.
     *
     * @param arenaBytes room of a mapped file, in bytes
     * @param clock gives the times of modification
     */
    public InMemoryFileStore(int arenaBytes, InstantSource clock) {
        this(new MemoryNode.Directory(), MemoryDisk.NONE, arenaBytes, clock);
    }

    InMemoryFileStore(MemoryNode.Directory root, MemoryDisk disk, int arenaBytes, InstantSource clock) {
        this.disk = disk;
        this.tree = new MemoryTree(root, disk);
        this.arenaBytes = arenaBytes;
        this.clock = clock;
    }

    @Override
    public StoreFile openRead(Path path) {
        return open(path, tree.file("open", path), false);
    }

    @Override
    public StoreFile openWrite(Path path) {
        return open(path, tree.file("open", path), true);
    }

    @Override
    public Optional<StoreFile> createExclusively(Path path) {
        MemoryFile file = new MemoryFile(arenaBytes, clock.millis());
        return tree.add("create", path, new MemoryNode.File(file))
                ? Optional.of(open(path, file, true))
                : Optional.empty();
    }

    MemoryTree tree() {
        return tree;
    }

    private StoreFile open(Path path, MemoryFile file, boolean writable) {
        return new MemoryStoreFile(new MemoryStoreFile.Opened(path, file, writable), disk, clock);
    }

    @Override
    public boolean createDirectory(Path directory) {
        return MemoryFiles.createDirectory(tree, directory);
    }

    @Override
    public void forceDirectory(Path directory) {
        tree.forceEntries(directory);
    }

    @Override
    public void rename(Path from, Path to) {
        tree.rename(from, to);
    }

    @Override
    public boolean delete(Path path) {
        return tree.remove(path);
    }

    @Override
    public boolean exists(Path path) {
        return tree.find(path).isPresent();
    }

    @Override
    public boolean isDirectory(Path path) {
        return tree.find(path).filter(MemoryNode.Directory.class::isInstance).isPresent();
    }

    @Override
    public List<String> list(Path directory) {
        return tree.list(directory);
    }

    @Override
    public FileInfo info(Path path) {
        return MemoryFiles.info(tree, path);
    }

    @Override
    public long usableBytes(Path path) {
        return MemoryFiles.usableBytes(tree, path);
    }

    @Override
    public Optional<String> networkFileSystem(Path path) {
        return Optional.empty();
    }

    @Override
    public IoMode modeFor(Path existing) {
        return IoMode.MMAP;
    }

    @Override
    public Optional<PoliteLock> tryLock(Path lockFile) {
        return MemoryFiles.tryLock(tree, locks, lockFile, () -> new MemoryFile(arenaBytes, clock.millis()));
    }
}
