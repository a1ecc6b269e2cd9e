package io.firn.fs;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A lock of the operating system on a dedicated file.
 *
 * <p>POSIX drops a process's lock as soon as ANY descriptor of the file is closed in that process, so the holders of
 * this process must be known before the file is opened. They stand in the system properties (one per lock held), the
 * only registry that is one per process also when several plugin class loaders each have a copy of this class.
 * Thread-safe.
 */
final class LocalPoliteLock implements PoliteLock {
    private static final Logger LOG = LoggerFactory.getLogger(LocalPoliteLock.class);
    private static final String PROPERTY_PREFIX = "io.firn.lock.";

    private final String property;
    private final Path path;
    private final FileChannel channel;
    private final AtomicBoolean closed = new AtomicBoolean();

    private LocalPoliteLock(String property, Path path, FileChannel channel) {
        this.property = property;
        this.path = path;
        this.channel = channel;
    }

    static Optional<PoliteLock> tryLock(Path lockFile) {
        String property = property(lockFile);
        if (System.getProperties().putIfAbsent(property, "held") != null) {
            return Optional.empty();
        }
        Optional<PoliteLock> lock = Optional.empty();
        try {
            lock = lockChannel(property, lockFile);
            return lock;
        } finally {
            if (lock.isEmpty()) {
                System.getProperties().remove(property);
            }
        }
    }

    private static Optional<PoliteLock> lockChannel(String property, Path lockFile) {
        FileChannel channel = null;
        boolean locked = false;
        try {
            channel = FileChannel.open(
                    lockFile,
                    Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
                    CreationModes.ofFile(lockFile));
            FileLock lock = channel.tryLock();
            locked = lock != null;
            return locked ? Optional.of(new LocalPoliteLock(property, lockFile, channel)) : Optional.empty();
        } catch (OverlappingFileLockException e) {
            LOG.debug("held in this process path={}", lockFile, e);
            return Optional.empty();
        } catch (IOException e) {
            throw IoErrors.translate("lock", lockFile, e);
        } finally {
            if (!locked) {
                closeQuietly(channel, lockFile);
            }
        }
    }

    /** One name per file: its directory may be reached by several paths. */
    private static String property(Path lockFile) {
        Path absolute = lockFile.toAbsolutePath().normalize();
        Path directory = absolute.getParent();
        if (directory == null) {
            throw new IllegalArgumentException("A lock file has a directory and a name, not: " + lockFile);
        }
        try {
            return PROPERTY_PREFIX + directory.toRealPath().resolve(absolute.getFileName());
        } catch (IOException e) {
            throw IoErrors.translate("lock", lockFile, e);
        }
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            closeQuietly(channel, path);
            System.getProperties().remove(property);
        }
    }

    private static void closeQuietly(@Nullable FileChannel channel, Path path) {
        if (channel == null) {
            return;
        }
        try {
            channel.close();
        } catch (IOException e) {
            LOG.warn("cannot close lock path={}", path, e);
        }
    }
}
