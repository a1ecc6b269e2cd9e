package io.firn.table;

import io.firn.error.ConfigException;
import io.firn.fs.RealPath;
import java.io.File;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The directories that an operator lets others name paths in: who may write a connector's configuration may otherwise
 * let the worker read and write wherever its user may.
 *
 * <p>Links are followed when a path is checked; who can make links below an allowed directory can still lead out
 * afterwards, so give him no other access to it. Immutable; thread-safe.
 */
public final class AllowedRoots {
    /** The environment variable with the directories, separated as in {@code PATH}. */
    public static final String VARIABLE = "FIRN_ALLOWED_ROOTS";

    private static final AllowedRoots ANY = new AllowedRoots(List.of());

    private final List<Path> roots;

    private AllowedRoots(List<Path> roots) {
        this.roots = List.copyOf(roots);
    }

    /** Those of this process's environment; anything is allowed where the variable is missing or blank. */
    public static AllowedRoots ofProcess() {
        return parse(System.getenv(VARIABLE));
    }

    /**
     * Reads the variable's text.
     *
     * @param text null or blank to allow everything
     * @throws ConfigException when an entry is not absolute: a slip must not open everything
     */
    public static AllowedRoots parse(@Nullable String text) {
        if (text == null || text.isBlank()) {
            return ANY;
        }
        List<Path> roots = new ArrayList<>();
        for (String entry : text.split(File.pathSeparator, -1)) {
            roots.add(root(entry.strip(), text));
        }
        return new AllowedRoots(roots);
    }

    private static Path root(String entry, String text) {
        try {
            Path path = Path.of(entry);
            if (path.isAbsolute()) {
                return path.normalize();
            }
        } catch (InvalidPathException e) {
            throw invalid(entry, text, e);
        }
        throw invalid(entry, text, null);
    }

    private static ConfigException invalid(String entry, String text, @Nullable Exception cause) {
        String message = VARIABLE + "='" + text + "' of this process: '" + entry
                + "' is no absolute path; give absolute paths separated by '" + File.pathSeparator + "'";
        return cause == null ? new ConfigException(message) : new ConfigException(message, cause);
    }

    /**
     * Refuses a path that is not in an allowed directory, also by {@code ..} or by links.
     *
     * @param option who names it, for the message
     * @throws ConfigException when it is not allowed, with what to do
     */
    public void check(String option, Path path) {
        if (roots.isEmpty()) {
            return;
        }
        for (Path name : path) {
            if (name.toString().equals("..")) {
                throw new ConfigException("Invalid value '" + path + "' for '" + option
                        + "': '..' is not allowed where " + VARIABLE + " is set; write the path without it");
            }
        }
        Path real = RealPath.of(path);
        if (roots.stream().noneMatch(root -> real.startsWith(RealPath.of(root)))) {
            String place = real.equals(path) ? "" : ", which is " + real + ",";
            throw new ConfigException("Invalid value '" + path + "' for '" + option + "': the path" + place
                    + " is not in a directory that " + VARIABLE + " allows on this host " + roots
                    + "; choose one below them, or let the operator of the worker add it");
        }
    }
}
