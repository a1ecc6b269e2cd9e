package io.firn.testing;

import io.firn.fs.FileStore;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/** A promise of a file store that is broken without telling: a test of crashes must catch each. Thread-safe. */
public enum BrokenForce {
    /** No file is forced. */
    FILE,
    /** The directory of small files is not forced. */
    DIRECTORY,
    /** Nor is the one that holds that directory. */
    PARENT;

    /** The store with this promise broken for a directory. */
    public FileStore of(FileStore store, Path directory) {
        return new ForwardingFileStore(store) {
            @Override
            protected boolean ignores(StoreCall call) {
                return switch (BrokenForce.this) {
                    case FILE -> call.operation() == StoreOperation.FORCE;
                    case DIRECTORY ->
                        call.operation() == StoreOperation.FORCE_DIRECTORY
                                && call.path().equals(directory);
                    case PARENT ->
                        call.operation() == StoreOperation.FORCE_DIRECTORY
                                && call.path().equals(directory.getParent());
                };
            }
        };
    }

    /** Whether a test fails with one of so many seeds. */
    public static boolean isCaught(int seeds, Consumer<RandomGenerator> test) {
        for (long seed = 0; seed < seeds; seed++) {
            try {
                test.accept(new SplittableRandom(seed));
            } catch (AssertionError lost) {
                return true;
            }
        }
        return false;
    }
}
