package io.firn.testing;

import io.firn.fs.FileInfo;
import io.firn.fs.FileStore;
import io.firn.fs.IoMode;
import io.firn.fs.PoliteLock;
import io.firn.fs.StoreFile;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Hands every call on to another store. Subclass it for a mutation (a store that breaks a promise on purpose), or use it
 * as it is to run code between two operations of a scenario.
 *
 * <p>All calls, also those on files and regions, pass {@link #before}, {@link #ignores} and {@link #after}. Thread-safe.
 */
public class ForwardingFileStore implements FileStore {
    private record Hook(Predicate<StoreCall> calls, Runnable action) {}

    private final FileStore delegate;
    private final CopyOnWriteArrayList<Hook> beforeHooks = new CopyOnWriteArrayList<>();
    private final CopyOnWriteArrayList<Hook> afterHooks = new CopyOnWriteArrayList<>();

    /** Wraps a store. */
    public ForwardingFileStore(FileStore delegate) {
        this.delegate = delegate;
    }

    /** Called before every operation; what it throws the caller gets, and the operation does not happen. */
    protected void before(StoreCall call) {}

    /** Called after every operation that succeeded. */
    protected void after(StoreCall call) {}

    /**
     * Whether an operation is left out though the caller is told that it succeeded. Asked for operations without a
     * result only: the forces, flush, write, truncate and rename.
     */
    protected boolean ignores(StoreCall call) {
        return false;
    }

    /** Writes to a file; override for partial writes. */
    protected void write(StoreFile file, ByteBuffer source, long position) {
        file.write(source, position);
    }

    /** Runs code in the calling thread before every matching operation. */
    public final void runBefore(Predicate<StoreCall> calls, Runnable action) {
        beforeHooks.add(new Hook(calls, action));
    }

    /** Runs code in the calling thread before the first matching operation; its own calls do not run it again. */
    public final void runBeforeOnce(Predicate<StoreCall> calls, Runnable action) {
        beforeHooks.add(new Hook(calls, once(action)));
    }

    /** Runs code in the calling thread after every matching operation. */
    public final void runAfter(Predicate<StoreCall> calls, Runnable action) {
        afterHooks.add(new Hook(calls, action));
    }

    /** Runs code in the calling thread after the first matching operation; its own calls do not run it again. */
    public final void runAfterOnce(Predicate<StoreCall> calls, Runnable action) {
        afterHooks.add(new Hook(calls, once(action)));
    }

    private static Runnable once(Runnable action) {
        AtomicBoolean done = new AtomicBoolean();
        return () -> {
            if (done.compareAndSet(false, true)) {
                action.run();
            }
        };
    }

    private static void runHooks(List<Hook> hooks, StoreCall call) {
        for (Hook hook : hooks) {
            if (hook.calls().test(call)) {
                hook.action().run();
            }
        }
    }

    final <T> T call(StoreCall call, Supplier<T> operation) {
        runHooks(beforeHooks, call);
        before(call);
        T result = operation.get();
        after(call);
        runHooks(afterHooks, call);
        return result;
    }

    final void run(StoreCall call, Runnable operation) {
        runHooks(beforeHooks, call);
        before(call);
        if (!ignores(call)) {
            operation.run();
        }
        after(call);
        runHooks(afterHooks, call);
    }

    final void writeThrough(StoreFile file, ByteBuffer source, long position) {
        write(file, source, position);
    }

    @Override
    public final StoreFile openRead(Path path) {
        return call(
                StoreCall.of(StoreOperation.OPEN_READ, path),
                () -> new ForwardingStoreFile(this, delegate.openRead(path)));
    }

    @Override
    public final StoreFile openWrite(Path path) {
        return call(
                StoreCall.of(StoreOperation.OPEN_WRITE, path),
                () -> new ForwardingStoreFile(this, delegate.openWrite(path)));
    }

    @Override
    public final Optional<StoreFile> createExclusively(Path path) {
        return call(
                StoreCall.of(StoreOperation.CREATE, path),
                () -> delegate.createExclusively(path).map(file -> new ForwardingStoreFile(this, file)));
    }

    @Override
    public final boolean createDirectory(Path directory) {
        return call(
                StoreCall.of(StoreOperation.CREATE_DIRECTORY, directory), () -> delegate.createDirectory(directory));
    }

    @Override
    public final void forceDirectory(Path directory) {
        run(StoreCall.of(StoreOperation.FORCE_DIRECTORY, directory), () -> delegate.forceDirectory(directory));
    }

    @Override
    public final void rename(Path from, Path to) {
        run(new StoreCall(StoreOperation.RENAME, from, to, 0), () -> delegate.rename(from, to));
    }

    @Override
    public final boolean delete(Path path) {
        return call(StoreCall.of(StoreOperation.DELETE, path), () -> delegate.delete(path));
    }

    @Override
    public final boolean exists(Path path) {
        return call(StoreCall.of(StoreOperation.EXISTS, path), () -> delegate.exists(path));
    }

    @Override
    public final boolean isDirectory(Path path) {
        return call(StoreCall.of(StoreOperation.EXISTS, path), () -> delegate.isDirectory(path));
    }

    @Override
    public final List<String> list(Path directory) {
        return call(StoreCall.of(StoreOperation.LIST, directory), () -> delegate.list(directory));
    }

    @Override
    public final FileInfo info(Path path) {
        return call(StoreCall.of(StoreOperation.INFO, path), () -> delegate.info(path));
    }

    /** Not final: a test decides how much space there seems to be. */
    @Override
    public long usableBytes(Path path) {
        return call(StoreCall.of(StoreOperation.USABLE_BYTES, path), () -> delegate.usableBytes(path));
    }

    /** Not final: a test decides what kind of file system there seems to be. */
    @Override
    public Optional<String> networkFileSystem(Path path) {
        return delegate.networkFileSystem(path);
    }

    @Override
    public IoMode modeFor(Path existing) {
        return delegate.modeFor(existing);
    }

    /** Not final: a test lets locks vanish, as real ones may. */
    @Override
    public Optional<PoliteLock> tryLock(Path lockFile) {
        return call(StoreCall.of(StoreOperation.LOCK, lockFile), () -> delegate.tryLock(lockFile));
    }
}
