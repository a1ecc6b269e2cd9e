package io.firn.testing;

import java.nio.file.Path;
import java.util.function.Predicate;

/**
 * One call on a file store, a file or a region.
 *
 * @param operation what is called
 * @param path the file or directory; for a rename its old name
 * @param target the new name of a rename, else the path
 * @param sizeBytes bytes written or made durable, else 0
 */
public record StoreCall(StoreOperation operation, Path path, Path target, long sizeBytes) {
    static StoreCall of(StoreOperation operation, Path path) {
        return new StoreCall(operation, path, path, 0);
    }

    static StoreCall of(StoreOperation operation, Path path, long sizeBytes) {
        return new StoreCall(operation, path, path, sizeBytes);
    }

    /** Matches one kind of operation. */
    public static Predicate<StoreCall> is(StoreOperation operation) {
        return call -> call.operation() == operation;
    }

    /** Matches one kind of operation on paths (or new names) that end with some text. */
    public static Predicate<StoreCall> is(StoreOperation operation, String pathSuffix) {
        return call -> call.operation() == operation
                && (call.path().toString().endsWith(pathSuffix)
                        || call.target().toString().endsWith(pathSuffix));
    }

    /** Matches everything that changes what is stored or durable. */
    public static Predicate<StoreCall> isMutating() {
        return call -> call.operation().isMutating();
    }

    /** Matches every call that a real file system could fail. */
    public static Predicate<StoreCall> any() {
        return call -> call.operation() != StoreOperation.BUFFER;
    }
}
