package io.firn.fs;

import io.firn.error.StorageIoException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The files of the operating system.
 *
 * <p>{@link #forceDirectory} opens the directory as a file, which Linux and macOS allow; on other systems it fails with
 * {@link StorageIoException}, because an entry that cannot be made durable must not be taken for durable. A thread that
 * is interrupted in an operation closes the file it used: the operation fails with {@link StorageIoException} and so do
 * all later ones on that file. New files are readable by the group and writable by the owner at most (0640, directories
 * 0750), less what the umask takes away. Thread-safe.
 */
public final class LocalFileStore implements FileStore {
    private static final Set<OpenOption> NEW =
            Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW);

    private final IoMode mode;

    private LocalFileStore(IoMode mode) {
        this.mode = mode;
    }

    /** Creates a store; {@link IoMode#AUTO} looks at the file system of every file that is mapped. */
    public static LocalFileStore open(IoMode mode) {
        return new LocalFileStore(mode);
    }

    @Override
    public IoMode modeFor(Path existing) {
        if (mode != IoMode.AUTO) {
            return mode;
        }
        return FileSystemKind.modeFor(typeOf(existing));
    }

    private static String typeOf(Path existing) {
        try {
            return Files.getFileStore(existing).type();
        } catch (IOException e) {
            throw IoErrors.translate("find the file system of", existing, e);
        }
    }

    @Override
    public StoreFile openRead(Path path) {
        return openExisting(path, false, StandardOpenOption.READ);
    }

    @Override
    public StoreFile openWrite(Path path) {
        return openExisting(path, true, StandardOpenOption.READ, StandardOpenOption.WRITE);
    }

    private StoreFile openExisting(Path path, boolean writable, OpenOption... options) {
        if (Files.isDirectory(path)) {
            throw new StorageIoException("open", path, new IOException("it is a directory"));
        }
        try {
            return storeFile(path, writable, FileChannel.open(path, options));
        } catch (IOException e) {
            throw IoErrors.translate("open", path, e);
        }
    }

    @Override
    public Optional<StoreFile> createExclusively(Path path) {
        try {
            FileChannel channel = FileChannel.open(path, NEW, CreationModes.ofFile(path));
            return Optional.of(storeFile(path, true, channel));
        } catch (FileAlreadyExistsException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw IoErrors.translate("create", path, e);
        }
    }

    private StoreFile storeFile(Path path, boolean writable, FileChannel channel) {
        return new LocalStoreFile(new CheckedChannel(path, channel), writable, () -> modeFor(path));
    }

    @Override
    public boolean createDirectory(Path directory) {
        try {
            Files.createDirectory(directory, CreationModes.ofDirectory(directory));
            return true;
        } catch (FileAlreadyExistsException e) {
            if (Files.isDirectory(directory)) {
                return false;
            }
            throw IoErrors.translate("create directory", directory, new IOException("a file has this name", e));
        } catch (IOException e) {
            throw IoErrors.translate("create directory", directory, e);
        }
    }

    @Override
    public void forceDirectory(Path directory) {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            if (!Files.isDirectory(directory)) {
                throw new NotDirectoryException(directory.toString());
            }
            channel.force(true);
        } catch (IOException e) {
            throw IoErrors.translate("force directory", directory, e);
        }
    }

    @Override
    public void rename(Path from, Path to) {
        try {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw IoErrors.translate("rename to " + to + " the path", from, e);
        }
    }

    @Override
    public boolean delete(Path path) {
        try {
            return Files.deleteIfExists(path);
        } catch (IOException e) {
            throw IoErrors.translate("delete", path, e);
        }
    }

    @Override
    public boolean exists(Path path) {
        return attributes(path, LinkOption.NOFOLLOW_LINKS).isPresent();
    }

    @Override
    public boolean isDirectory(Path path) {
        return attributes(path).filter(BasicFileAttributes::isDirectory).isPresent();
    }

    /** Empty where nothing is; what cannot be looked at, for want of a permission, is not called absent. */
    private static Optional<BasicFileAttributes> attributes(Path path, LinkOption... options) {
        try {
            return Optional.of(Files.readAttributes(path, BasicFileAttributes.class, options));
        } catch (NoSuchFileException absent) {
            return Optional.empty();
        } catch (IOException e) {
            if (isBelowFile(path)) {
                return Optional.empty();
            }
            throw IoErrors.translate("look at", path, e);
        }
    }

    private static boolean isBelowFile(Path path) {
        Path parent = path.getParent();
        while (parent != null && (!Files.exists(parent) || Files.isDirectory(parent))) {
            parent = parent.getParent();
        }
        return parent != null;
    }

    @Override
    public List<String> list(Path directory) {
        List<String> names = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
            for (Path entry : entries) {
                names.add(String.valueOf(entry.getFileName()));
            }
        } catch (DirectoryIteratorException e) {
            throw IoErrors.translateCause("list", directory, e);
        } catch (IOException e) {
            throw IoErrors.translate("list", directory, e);
        }
        Collections.sort(names);
        return names;
    }

    @Override
    public FileInfo info(Path path) {
        try {
            BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
            return new FileInfo(attributes.size(), attributes.lastModifiedTime().toMillis());
        } catch (IOException e) {
            throw IoErrors.translate("look at", path, e);
        }
    }

    @Override
    public long usableBytes(Path path) {
        try {
            return Files.getFileStore(path).getUsableSpace();
        } catch (IOException e) {
            throw IoErrors.translate("find the free space of", path, e);
        }
    }

    @Override
    public Optional<String> networkFileSystem(Path path) {
        return Optional.of(typeOf(path)).filter(FileSystemKind::isNetwork);
    }

    @Override
    public Optional<PoliteLock> tryLock(Path lockFile) {
        return LocalPoliteLock.tryLock(lockFile);
    }
}
