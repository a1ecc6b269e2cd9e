package io.firn.fs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;

/** Where a path leads. Thread-safe: no state. */
public final class RealPath {
    private RealPath() {}

    /**
     * The absolute path with all links of the part of it that exists followed.
     *
     * @throws io.firn.error.NotFoundException when a link leads nowhere
     */
    public static Path of(Path path) {
        Path existing = path.toAbsolutePath().normalize();
        Deque<Path> missing = new ArrayDeque<>();
        while (!Files.exists(existing, LinkOption.NOFOLLOW_LINKS)) {
            Path parent = existing.getParent();
            if (parent == null) {
                return path;
            }
            missing.addFirst(existing.getFileName());
            existing = parent;
        }
        try {
            Path real = existing.toRealPath();
            for (Path name : missing) {
                real = real.resolve(name);
            }
            return real;
        } catch (IOException e) {
            throw IoErrors.translate("follow the links of", existing, e);
        }
    }

    /** Whether something stands at a path that is no regular file: a directory, a device, a pipe. */
    public static boolean isNoFile(Path path) {
        return Files.exists(path) && !Files.isRegularFile(path);
    }
}
