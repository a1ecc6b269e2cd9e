package io.firn.table;

import io.firn.error.ConfigException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The id that an archive must have: a process that sees another directory, or an empty one, fails instead of starting a
 * new archive there. Immutable; thread-safe.
 */
public final class ArchivePin {
    private final String option;
    private final Optional<UUID> wanted;

    private ArchivePin(String option, Optional<UUID> wanted) {
        this.option = option;
        this.wanted = wanted;
    }

    /**
     * Reads the text of an option; empty pins nothing.
     *
     * @param option its name, for messages
     * @throws ConfigException when it is no id
     */
    public static ArchivePin parse(String option, String text) {
        String id = text.strip();
        if (id.isEmpty()) {
            return new ArchivePin(option, Optional.empty());
        }
        try {
            UUID parsed = UUID.fromString(id);
            if (parsed.toString().equalsIgnoreCase(id)) {
                return new ArchivePin(option, Optional.of(parsed));
            }
        } catch (IllegalArgumentException e) {
            throw invalid(option, text, e);
        }
        throw invalid(option, text, null);
    }

    private static ConfigException invalid(String option, String text, @Nullable Exception e) {
        String message = "Invalid value '" + text + "' for '" + option
                + "': give the id that 'firn archive-id <archive>' shows, or leave it empty";
        return e == null ? new ConfigException(message) : new ConfigException(message, e);
    }

    /** Opens the archive; one that is not pinned is made when there is none. */
    public ArchiveRoot openOrCreate(TableEnvironment environment, Path path) {
        if (wanted.isEmpty()) {
            return ArchiveRoot.openOrCreate(environment, path);
        }
        check(environment, path);
        return ArchiveRoot.open(environment, path).orElseThrow();
    }

    /**
     * Looks whether the archive at a path is the one that is pinned; changes nothing.
     *
     * @throws ConfigException when there is none or another one, with what to do
     */
    public void check(TableEnvironment environment, Path path) {
        if (wanted.isEmpty()) {
            return;
        }
        UUID id = wanted.get();
        Optional<ArchiveRoot> found = ArchiveRoot.open(environment, path);
        if (found.isEmpty()) {
            throw new ConfigException("Host " + ArchiveRoot.hostName() + " sees no archive at " + path + ", but '"
                    + option + "' asks for archive " + id + ". If its disk is not mounted here, mount it; if this is a"
                    + " new archive, make it with 'firn archive-id " + path + " --set " + id + "'.");
        }
        if (!found.get().id().equals(id)) {
            throw new ConfigException("Host " + ArchiveRoot.hostName() + " sees archive "
                    + found.get().id() + ", made on host " + found.get().createdOn() + ", at " + path + ", but '"
                    + option + "' asks for archive " + id + ". Mount the right disk; if this archive is the right one,"
                    + " set the option to its id.");
        }
    }
}
