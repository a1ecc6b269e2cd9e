package io.firn.fs;

import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * The access that new files and directories give: 0640 and 0750, where the file system knows such modes.
 *
 * <p>They are given with the creation itself, so there is no moment of more access; the process's umask takes away from
 * them as always and never adds: under 0077 files are 0600. Thread-safe.
 */
final class CreationModes {
    private static final FileAttribute<Set<PosixFilePermission>> FILE = attribute("rw-r-----");
    private static final FileAttribute<Set<PosixFilePermission>> DIRECTORY = attribute("rwxr-x---");
    private static final FileAttribute<?>[] NONE = {};

    private CreationModes() {}

    /** Of a new file at a path. */
    static FileAttribute<?>[] ofFile(Path path) {
        return isPosix(path) ? new FileAttribute<?>[] {FILE} : NONE;
    }

    /** Of a new directory at a path. */
    static FileAttribute<?>[] ofDirectory(Path path) {
        return isPosix(path) ? new FileAttribute<?>[] {DIRECTORY} : NONE;
    }

    private static boolean isPosix(Path path) {
        return path.getFileSystem().supportedFileAttributeViews().contains("posix");
    }

    private static FileAttribute<Set<PosixFilePermission>> attribute(String text) {
        return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(text));
    }
}
