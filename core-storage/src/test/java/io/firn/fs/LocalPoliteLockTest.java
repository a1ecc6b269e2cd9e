package io.firn.fs;

import static io.firn.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.firn.testing.ForkedJvm;
import java.io.File;
import java.io.IOException;
import java.lang.reflect.Method;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalPoliteLockTest {
    private static final Duration LONG = Duration.ofMinutes(2);

    @TempDir
    private Path directory;

    private final FileStore store = LocalFileStore.open(IoMode.AUTO);

    /** Tries to lock a file, says whether it did, and holds it until it is killed when told to. */
    public static final class Holder {
        private Holder() {}

        /** Arguments: the lock file; {@code hold} or {@code try}. */
        public static void main(String[] arguments) {
            Path path = Path.of(arguments[0]);
            FileStore store = LocalFileStore.open(IoMode.AUTO);
            Optional<PoliteLock> lock = store.tryLock(path);
            if (lock.isPresent() && store.tryLock(path).isPresent()) {
                throw new IllegalStateException("two holders in one process");
            }
            System.out.println("locked " + lock.isPresent());
            while (arguments[1].equals("hold")) {
                LockSupport.parkNanos(1_000_000_000L);
            }
        }
    }

    private ForkedJvm start(Path lock, String what) {
        return ForkedJvm.of(Holder.class, directory).arguments(lock, what).start();
    }

    @Test
    void excludesOtherProcessesUntilTheHolderIsGone() {
        Path path = directory.resolve("lock");
        try (ForkedJvm holder = start(path, "hold")) {
            assertThat(holder.awaitLine(line -> line.startsWith("locked"), LONG))
                    .isEqualTo("locked true");
            assertThat(store.tryLock(path)).isEmpty();
            assertThat(store.tryLock(path))
                    .as("the holder's own second attempt did not drop it")
                    .isEmpty();
            holder.kill();
            await().atMost(LONG).until(() -> {
                Optional<PoliteLock> lock = store.tryLock(path);
                lock.ifPresent(PoliteLock::close);
                return lock.isPresent();
            });
        }
    }

    @Test
    void aSecondAttemptInTheProcessDoesNotDropTheLock() {
        Path path = directory.resolve("lock");
        try (PoliteLock held = store.tryLock(path).orElseThrow()) {
            assertThat(store.tryLock(path)).isEmpty();
            assertThat(lockedByAnotherProcess(path)).isFalse();
            assertThat(held).isNotNull();
        }
        assertThat(lockedByAnotherProcess(path)).isTrue();
    }

    private boolean lockedByAnotherProcess(Path path) {
        try (ForkedJvm other = start(path, "try")) {
            return other.awaitLine(line -> line.startsWith("locked"), LONG).endsWith("true");
        }
    }

    @Test
    void knowsTheFileByAnyPath() throws IOException {
        Files.createDirectory(directory.resolve("real"));
        Path link = Files.createSymbolicLink(directory.resolve("link"), directory.resolve("real"));
        try (PoliteLock held =
                store.tryLock(directory.resolve("real").resolve("lock")).orElseThrow()) {
            assertThat(store.tryLock(link.resolve("lock"))).isEmpty();
            assertThat(store.tryLock(link.resolve("..").resolve("real").resolve("lock")))
                    .isEmpty();
            assertThat(held).isNotNull();
        }
    }

    @Test
    void aSecondCopyOfTheClassesSeesTheHolder() throws ReflectiveOperationException, IOException {
        Path path = directory.resolve("lock");
        PoliteLock held = store.tryLock(path).orElseThrow();
        try (URLClassLoader plugin = copyOfAllClasses()) {
            assertThat(tryLockIn(plugin, path)).isEmpty();
            assertThat(lockedByAnotherProcess(path)).isFalse();
            held.close();
            assertThat(tryLockIn(plugin, path)).isPresent();
            assertThat(store.tryLock(path)).isEmpty();
        }
    }

    private static URLClassLoader copyOfAllClasses() throws MalformedURLException {
        List<URL> urls = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            urls.add(Path.of(entry).toUri().toURL());
        }
        return new URLClassLoader(urls.toArray(URL[]::new), ClassLoader.getPlatformClassLoader());
    }

    private static Optional<?> tryLockIn(ClassLoader plugin, Path path) throws ReflectiveOperationException {
        Class<?> copy = plugin.loadClass(LocalPoliteLock.class.getName());
        assertThat(copy).isNotSameAs(LocalPoliteLock.class);
        Method tryLock = copy.getDeclaredMethod("tryLock", Path.class);
        tryLock.setAccessible(true);
        return (Optional<?>) tryLock.invoke(null, path);
    }
}
