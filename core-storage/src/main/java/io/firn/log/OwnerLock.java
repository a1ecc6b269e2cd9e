package io.firn.log;

import io.firn.fs.FileStore;
import io.firn.fs.PatientLock;
import io.firn.fs.PoliteLock;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The polite locks in a directory of logs, by which others see that its owner lives.
 *
 * <p>An owner has {@code lock}. One that takes over from an owner who still holds it, because he is slow to end, has
 * one of {@code lock-2} to {@code lock-9} instead: when the other one has ended, nobody takes the new owner for dead.
 * The locks say who lives; epochs alone decide whose commits count. Thread-safe; no state.
 */
public final class OwnerLock {
    static final String FIRST = "lock";

    private static final Pattern NAME = Pattern.compile("lock(-[2-9])?");
    private static final int LAST_BESIDE = 9;

    private OwnerLock() {}

    /** Whether a file is such a lock. */
    public static boolean isLockFile(String name) {
        return NAME.matcher(name).matches();
    }

    /** Takes the lock unless an owner lives; empty when one does. */
    static Optional<PoliteLock> tryLock(FileStore store, Path directory) {
        Optional<PoliteLock> lock = store.tryLock(directory.resolve(FIRST));
        boolean kept = false;
        try {
            kept = lock.isPresent() && !isHeld(store, directory, beside(store, directory));
            return kept ? lock : Optional.empty();
        } finally {
            if (!kept) {
                lock.ifPresent(PoliteLock::close);
            }
        }
    }

    /** Likewise again and again: others have the lock for a moment, to see whether an owner lives. */
    static Optional<PoliteLock> tryLock(FileStore store, Path directory, int rounds) {
        return PatientLock.tryLock(() -> tryLock(store, directory), rounds);
    }

    /** Takes a lock beside that of an owner who lives; empty when all are held by such. */
    static Optional<PoliteLock> lockBeside(FileStore store, Path directory) {
        for (int number = 2; number <= LAST_BESIDE; number++) {
            Optional<PoliteLock> lock = store.tryLock(directory.resolve(FIRST + "-" + number));
            if (lock.isPresent()) {
                return lock;
            }
        }
        return Optional.empty();
    }

    /** Whether an owner lives; makes no file. */
    static boolean isHeld(FileStore store, Path directory) {
        return isHeld(
                store,
                directory,
                store.list(directory).stream().filter(OwnerLock::isLockFile).toList());
    }

    private static List<String> beside(FileStore store, Path directory) {
        return store.list(directory).stream()
                .filter(name -> isLockFile(name) && !name.equals(FIRST))
                .toList();
    }

    private static boolean isHeld(FileStore store, Path directory, List<String> locks) {
        for (String name : locks) {
            Optional<PoliteLock> lock = store.tryLock(directory.resolve(name));
            if (lock.isEmpty()) {
                return true;
            }
            lock.get().close();
        }
        return false;
    }
}
