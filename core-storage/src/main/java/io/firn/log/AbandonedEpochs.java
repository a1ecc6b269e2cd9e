package io.firn.log;

import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Logs that an owner of this process has created and given up before they had a base: nobody will write one, so that
 * nobody needs to wait for it although the owner lives and holds its lock. A log that is deleted is no longer among
 * them, for its number may be used again. Thread-safe.
 */
final class AbandonedEpochs {
    private final Set<Path> files = ConcurrentHashMap.newKeySet();

    void add(Path file) {
        files.add(file);
    }

    void remove(Path file) {
        files.remove(file);
    }

    boolean contains(Path file) {
        return files.contains(file);
    }
}
