package io.firn.fs;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * All file access of the engine: real files, and twins that live in memory, fail on demand or lose what was not forced.
 *
 * <p>Every method throws {@link io.firn.error.StorageIoException} when the file system reports an error
 * ({@link io.firn.error.StorageFullException} when there is no space) and {@link io.firn.error.NotFoundException} when
 * the path does not exist. Nothing is durable before the matching {@code force}. Thread-safe.
 */
public interface FileStore {
    /** Opens an existing file for reading. */
    StoreFile openRead(Path path);

    /** Opens an existing file for reading and writing. */
    StoreFile openWrite(Path path);

    /**
     * Creates a new file exclusively.
     *
     * @return the file, or empty when the name is already taken
     */
    Optional<StoreFile> createExclusively(Path path);

    /** Creates one directory; its parent must exist. Returns false when it already exists. */
    boolean createDirectory(Path directory);

    /** Makes the entries of a directory (names created, renamed or deleted in it) durable. */
    void forceDirectory(Path directory);

    /** Renames a file or directory atomically, replacing an existing file of the new name. */
    void rename(Path from, Path to);

    /** Deletes a file or an empty directory. Returns false when it does not exist. */
    boolean delete(Path path);

    /** Whether a file or directory exists; an exception where that cannot be said, for want of a permission. */
    boolean exists(Path path);

    /** Whether the path is an existing directory; an exception where that cannot be said. */
    boolean isDirectory(Path path);

    /** Names (not paths) of the entries of a directory in ascending order. */
    List<String> list(Path directory);

    /** Size and time of last modification of a file. */
    FileInfo info(Path path);

    /** Bytes that can still be written on the file system of this path. */
    long usableBytes(Path path);

    /**
     * Type of the network file system that a file or directory lies on, for example {@code nfs4}; empty when it is a
     * local one, where every process sees what another one has done.
     */
    Optional<String> networkFileSystem(Path path);

    /**
     * How files in an existing directory are written while they grow: {@link IoMode#MMAP} where their pages can be
     * mapped and every process sees what was stored into them, else {@link IoMode#CHANNEL}; never {@link IoMode#AUTO}.
     */
    IoMode modeFor(Path existing);

    /**
     * Takes a polite lock on a dedicated lock file (created when missing), which nothing else ever opens.
     * Never a safety measure: a lock may vanish.
     *
     * @return the lock, or empty when another process or another holder in this process has it
     */
    Optional<PoliteLock> tryLock(Path lockFile);
}
