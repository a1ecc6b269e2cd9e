package io.firn.fs;

import io.firn.error.CorruptDataException;
import io.firn.error.FirnException;
import io.firn.error.NotFoundException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Small files of a table in one directory, each written as a whole by whoever comes: those whose name decides the
 * content are published and never change, the others are replaced and the last writer counts.
 *
 * <p>A file has its name only when its content is durable; the name is durable when {@link #publish} or
 * {@link #replace} returns. Thread-safe.
 */
public final class SmallFiles {
    /** The longest file, in bytes. */
    public static final int MAX_BYTES = 16 * 1024 * 1024;

    private static final String TEMPORARY = ".tmp";
    private static final String DAMAGED = ".damaged-";
    private static final Logger LOG = LoggerFactory.getLogger(SmallFiles.class);

    private final FileStore store;
    private final Path directory;
    /** Names of which it is not known whether they are durable, because a force failed. */
    private final Set<String> doubtful = ConcurrentHashMap.newKeySet();

    private volatile boolean directoryIsDurable;

    /**
     * Opens nothing yet.
     *
     * @param directory where the files lie; its parent exists and is durable, itself it is made when it is needed
     */
    public SmallFiles(FileStore store, Path directory) {
        this.store = store;
        this.directory = directory;
    }

    /** Names of all files, ascending; without those in the making. */
    public List<String> names() {
        if (!store.isDirectory(directory)) {
            return List.of();
        }
        return store.list(directory).stream()
                .filter(name -> !name.endsWith(TEMPORARY))
                .toList();
    }

    /** Path of a file, for messages. */
    public Path path(String name) {
        return directory.resolve(name);
    }

    /**
     * Reads a file; empty when there is none.
     *
     * @throws CorruptDataException when it is longer than {@link #MAX_BYTES}
     */
    public Optional<byte[]> read(String name) {
        Path path = path(name);
        try (StoreFile file = store.openRead(path)) {
            long sizeBytes = file.sizeBytes();
            if (sizeBytes > MAX_BYTES) {
                throw new CorruptDataException(
                        path, MAX_BYTES, "expected at most " + MAX_BYTES + " bytes, found " + sizeBytes);
            }
            ByteBuffer bytes = ByteBuffer.allocate((int) sizeBytes);
            int read = file.read(bytes, 0);
            return Optional.of(Arrays.copyOf(bytes.array(), read));
        } catch (NotFoundException absent) {
            return Optional.empty();
        }
    }

    /**
     * Makes a file, unless it is there already with this content. On return content and name are durable; after an
     * exception the file may be there or not, and never in part.
     *
     * @param content at most {@link #MAX_BYTES}
     * @throws CorruptDataException when the file is there with other content
     * @throws io.firn.error.StorageFullException when there is no space
     */
    public void publish(String name, byte[] content) {
        requireSmall(name, content);
        makeDirectory();
        Optional<byte[]> present = read(name);
        present.ifPresent(found -> requireSame(name, content, found));
        if (present.isEmpty() || doubtful.contains(name)) {
            write(name, content); // once more where a force failed: its entry may count as clean and be lost
        }
        forceName(name);
    }

    /**
     * Makes a file, in the place of an older one; readers see the old or the new content, whole. On return content and
     * name are durable; after an exception either of the two may be there. Costs no write when the content is there.
     *
     * @param content at most {@link #MAX_BYTES}
     * @throws io.firn.error.StorageFullException when there is no space
     */
    public void replace(String name, byte[] content) {
        requireSmall(name, content);
        makeDirectory();
        boolean same = read(name).filter(found -> Arrays.equals(found, content)).isPresent();
        if (!same || doubtful.contains(name)) {
            write(name, content);
        }
        forceName(name);
    }

    /**
     * Gives a damaged file another name, so that what is in it stays when it is made anew.
     *
     * @return where it is now: its name with {@code .damaged-} and a number behind it
     */
    public Path setAside(String name) {
        int number = 1;
        while (store.exists(path(name + DAMAGED + number))) {
            number++;
        }
        Path aside = path(name + DAMAGED + number);
        store.rename(path(name), aside);
        store.forceDirectory(directory);
        return aside;
    }

    private static void requireSmall(String name, byte[] content) {
        if (content.length > MAX_BYTES) {
            throw new IllegalArgumentException(name + " has " + content.length + " bytes, more than " + MAX_BYTES);
        }
    }

    private void requireSame(String name, byte[] expected, byte[] found) {
        int difference = Arrays.mismatch(expected, found);
        if (difference >= 0) {
            throw new CorruptDataException(
                    path(name),
                    difference,
                    "expected the " + expected.length + " bytes that belong to this name, found " + found.length
                            + " other ones");
        }
    }

    private void write(String name, byte[] content) {
        Path temporary = path(name + "." + UUID.randomUUID() + TEMPORARY);
        try {
            try (StoreFile file = create(temporary)) {
                file.write(ByteBuffer.wrap(content), 0);
                file.force();
            }
            store.rename(temporary, path(name));
        } catch (FirnException failed) {
            deleteQuietly(temporary);
            throw failed;
        }
    }

    /** The directory may be lost since it was made: then it is made again. */
    private StoreFile create(Path temporary) {
        try {
            return store.createExclusively(temporary).orElseThrow();
        } catch (NotFoundException lost) {
            LOG.warn("directory was lost, it is made again: path={}", directory);
            directoryIsDurable = false;
            makeDirectory();
            return store.createExclusively(temporary).orElseThrow();
        }
    }

    private void forceName(String name) {
        try {
            store.forceDirectory(directory);
        } catch (FirnException failed) {
            doubtful.add(name);
            throw failed;
        }
        doubtful.remove(name);
    }

    /** Whoever made the directory may not have forced its name yet. */
    private void makeDirectory() {
        if (!directoryIsDurable) {
            store.createDirectory(directory);
            store.forceDirectory(Objects.requireNonNull(directory.getParent()));
            directoryIsDurable = true;
        }
    }

    private void deleteQuietly(Path temporary) {
        try {
            store.delete(temporary);
        } catch (FirnException stays) {
            LOG.debug("temporary file stays: path={} cause={}", temporary, stays.toString());
        }
    }
}
