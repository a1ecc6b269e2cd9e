package io.firn.fs;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.error.NotFoundException;
import io.firn.error.StorageIoException;
import io.firn.testing.CrashFileStore;
import io.firn.testing.InMemoryFileStore;
import io.firn.testing.Randomized;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The stores in memory answer every sequence of operations as the real file system does. */
class FileStoreRandomTest {
    private static final String[] NAMES = {"a", "b", "d", "d/a", "d/b", "d/d"};
    private static final int OPERATIONS = 40;

    @TempDir
    private Path directory;

    private enum Kind {
        CREATE,
        CREATE_DIRECTORY,
        WRITE,
        WRITE_MAPPED,
        TRUNCATE,
        RENAME,
        DELETE,
        LIST,
        READ,
        FORCE_DIRECTORY
    }

    private static final List<Kind> KINDS = List.of(Kind.values());

    private record Operation(Kind kind, String name, String other, int number) {
        static List<Operation> random(RandomGenerator random) {
            List<Operation> operations = new ArrayList<>();
            for (int i = 0; i < OPERATIONS; i++) {
                Kind kind = KINDS.get(random.nextInt(KINDS.size()));
                String name = NAMES[random.nextInt(NAMES.length)];
                String other = NAMES[random.nextInt(NAMES.length)];
                operations.add(new Operation(kind, name, other, random.nextInt(200_000)));
            }
            return operations;
        }

        /** What the operation answers, as text. */
        String run(FileStore store, Path root) {
            Path path = root.resolve(name);
            try {
                return switch (kind) {
                    case CREATE -> "created " + store.createExclusively(path).map(Operation::close);
                    case CREATE_DIRECTORY -> "created " + store.createDirectory(path);
                    case WRITE -> write(store, path);
                    case WRITE_MAPPED -> writeMapped(store, path);
                    case TRUNCATE -> truncate(store, path);
                    case RENAME -> rename(store, path, root.resolve(other));
                    case DELETE -> "deleted " + store.delete(path) + store.exists(path);
                    case LIST -> store.list(path).toString() + store.isDirectory(path);
                    case READ -> read(store, path);
                    case FORCE_DIRECTORY -> {
                        store.forceDirectory(path);
                        yield "forced";
                    }
                };
            } catch (NotFoundException e) {
                // a rename may find two faults at once; which one it names is not promised
                return kind == Kind.RENAME ? "refused" : "not found";
            } catch (StorageIoException e) {
                return "refused";
            }
        }

        private static boolean close(StoreFile file) {
            file.close();
            return true;
        }

        private String write(FileStore store, Path path) {
            try (StoreFile file = store.openWrite(path)) {
                file.write(ByteBuffer.wrap(new byte[] {(byte) number, 2, 3}), number);
                return "size " + file.sizeBytes();
            }
        }

        private String writeMapped(FileStore store, Path path) {
            try (StoreFile file = store.openWrite(path)) {
                if (file.sizeBytes() == 0) {
                    return "empty";
                }
                long index = number % file.sizeBytes();
                if (store.modeFor(path) == IoMode.CHANNEL) {
                    file.write(ByteBuffer.wrap(new byte[] {7}), index);
                } else {
                    try (MappedRegion region = file.map(0, file.sizeBytes())) {
                        region.buffer().put((int) index, (byte) 7);
                        region.force(0, region.buffer().capacity());
                    }
                }
                return "written";
            }
        }

        private String truncate(FileStore store, Path path) {
            try (StoreFile file = store.openWrite(path)) {
                file.truncate(number);
                file.force();
                return "size " + file.sizeBytes();
            }
        }

        private static String rename(FileStore store, Path from, Path to) {
            store.rename(from, to);
            return "renamed " + store.exists(from) + store.exists(to);
        }

        private static String read(FileStore store, Path path) {
            try (StoreFile file = store.openRead(path)) {
                ByteBuffer target = ByteBuffer.allocate((int) file.sizeBytes() + 1);
                int count = file.read(target, 0);
                return count + " bytes, hash " + target.flip().hashCode() + ", "
                        + store.info(path).sizeBytes();
            }
        }
    }

    @Test
    void everyStoreAnswersAsTheRealOne() {
        AtomicInteger round = new AtomicInteger();
        Randomized.forAllLists(60, Operation::random, operations -> {
            Path real = directory.resolve("r" + round.incrementAndGet());
            FileStore mapped = LocalFileStore.open(IoMode.MMAP);
            mapped.createDirectory(real);
            Path other = directory.resolve("c" + round.get());
            FileStore channel = LocalFileStore.open(IoMode.CHANNEL);
            channel.createDirectory(other);
            FileStore memory = new InMemoryFileStore();
            FileStore crash = new CrashFileStore();
            for (Operation operation : operations) {
                String expected = operation.run(mapped, real);
                assertThat(operation.run(channel, other))
                        .as("channel: %s", operation)
                        .isEqualTo(expected);
                assertThat(operation.run(memory, Path.of("/")))
                        .as("memory: %s", operation)
                        .isEqualTo(expected);
                assertThat(operation.run(crash, Path.of("/")))
                        .as("crash: %s", operation)
                        .isEqualTo(expected);
            }
        });
    }
}
