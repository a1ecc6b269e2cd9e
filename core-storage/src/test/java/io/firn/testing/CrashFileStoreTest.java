package io.firn.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.firn.error.ClosedException;
import io.firn.error.StorageIoException;
import io.firn.fs.FileStore;
import io.firn.fs.MappedRegion;
import io.firn.fs.MappingStoreContract;
import io.firn.fs.StoreFile;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class CrashFileStoreTest extends MappingStoreContract {
    private static final int PAGE = 4096;
    private static final int REGION = 64 * 1024;
    private static final int CRASHES = 300;
    private static final Path A = Path.of("/a");
    private static final Path B = Path.of("/b");
    private static final Path ROOT = Path.of("/");

    private final CrashFileStore store = new CrashFileStore();

    CrashFileStoreTest() {
        store.createDirectory(root());
    }

    @Override
    protected FileStore store() {
        return store;
    }

    @Override
    protected Path root() {
        return Path.of("/firn");
    }

    private static byte[] filled(int sizeBytes, int value) {
        byte[] bytes = new byte[sizeBytes];
        Arrays.fill(bytes, (byte) value);
        return bytes;
    }

    private StoreFile durableFile(Path path, byte[] content) {
        StoreFile file = store.createExclusively(path).orElseThrow();
        file.write(ByteBuffer.wrap(content), 0);
        file.force();
        store.forceDirectory(MemoryTree.parent(path));
        return file;
    }

    private static byte[] read(FileStore from, Path path) {
        try (StoreFile file = from.openRead(path)) {
            ByteBuffer target = ByteBuffer.allocate((int) file.sizeBytes());
            file.read(target, 0);
            return target.array();
        }
    }

    /** What some observation gives over many crashes of the present state. */
    private <T> Set<T> outcomes(Function<CrashFileStore, T> observation) {
        Set<T> seen = new HashSet<>();
        for (int seed = 0; seed < CRASHES; seed++) {
            seen.add(observation.apply(store.crash(new SplittableRandom(seed))));
        }
        return seen;
    }

    @Test
    void whatWasForcedSurvivesEveryCrash() {
        byte[] content = filled(10_000, 7);
        durableFile(A, content);
        assertThat(outcomes(after -> Arrays.equals(read(after, A), content))).containsExactly(true);
    }

    @Test
    void anEntryThatWasNotForcedMayVanish() {
        StoreFile file = store.createExclusively(A).orElseThrow();
        file.write(ByteBuffer.wrap(filled(10, 1)), 0);
        file.force();
        assertThat(outcomes(after -> after.exists(A))).containsExactlyInAnyOrder(true, false);
        assertThat(outcomes(after -> after.exists(A) ? read(after, A).length : 10))
                .as("forced content is there when the name is")
                .containsExactly(10);
    }

    @Test
    void unforcedPagesAreLostKeptOrTorn() {
        StoreFile file = durableFile(A, filled(2 * PAGE, 1));
        file.write(ByteBuffer.wrap(filled(2 * PAGE, 2)), 0);
        Set<List<Integer>> seen = outcomes(after -> {
            byte[] content = read(after, A);
            return List.of(newBytes(content, 0), newBytes(content, PAGE));
        });
        assertThat(seen).contains(List.of(0, 0), List.of(PAGE, PAGE), List.of(0, PAGE), List.of(PAGE, 0));
        assertThat(seen).as("torn").anyMatch(pages -> pages.get(0) > 0 && pages.get(0) < PAGE);
        assertThat(seen).allMatch(pages -> pages.get(0) % 512 == 0 && pages.get(1) % 512 == 0);
    }

    /** Length of the new prefix of a page; the rest must be old. */
    private static int newBytes(byte[] content, int from) {
        int count = 0;
        while (count < PAGE && content[from + count] == 2) {
            count++;
        }
        for (int i = from + count; i < from + PAGE; i++) {
            assertThat(content[i]).isEqualTo((byte) 1);
        }
        return count;
    }

    @Test
    void anUnforcedSizeMayBeLost() {
        StoreFile file = durableFile(A, filled(100, 1));
        file.write(ByteBuffer.wrap(filled(3 * PAGE, 1)), 100);
        assertThat(outcomes(after -> read(after, A).length))
                .contains(100, 100 + 3 * PAGE, PAGE)
                .allMatch(size -> size >= 100 && size <= 100 + 3 * PAGE);
    }

    @Test
    void anUnforcedTruncationMayBeLost() {
        StoreFile file = durableFile(A, filled(PAGE, 1));
        file.truncate(10);
        assertThat(outcomes(after -> read(after, A).length)).containsExactlyInAnyOrder(10, PAGE);
    }

    @Test
    void aForcedTruncationStays() {
        StoreFile file = durableFile(A, filled(PAGE, 1));
        file.truncate(10);
        file.force();
        assertThat(outcomes(after -> read(after, A).length)).containsExactly(10);
    }

    @Test
    void aRegionForcesExactlyItsPages() {
        StoreFile file = durableFile(A, new byte[REGION]);
        MappedRegion region = file.map(0, REGION);
        for (int page = 0; page < 3; page++) {
            region.buffer().put(page * PAGE + 5, (byte) 9);
        }
        region.force(PAGE + 5, PAGE + 6);
        Set<List<Byte>> seen = outcomes(after -> {
            byte[] content = read(after, A);
            return List.of(content[5], content[PAGE + 5], content[2 * PAGE + 5]);
        });
        assertThat(seen).allMatch(pages -> pages.get(1) == 9);
        assertThat(seen).anyMatch(pages -> pages.get(0) == 0).anyMatch(pages -> pages.get(2) == 0);
        assertThat(seen).anyMatch(pages -> pages.get(0) == 9);
    }

    @Test
    void aForcedRegionDoesNotMakeTheSizeDurable() {
        StoreFile file = durableFile(A, new byte[0]);
        file.write(ByteBuffer.allocate(REGION), 0);
        MappedRegion region = file.map(0, REGION);
        region.buffer().put(0, (byte) 9);
        region.force(0, REGION);
        assertThat(outcomes(after -> read(after, A).length)).contains(0);
    }

    @Test
    void aForcedFileIncludesItsRegions() {
        StoreFile file = durableFile(A, new byte[REGION]);
        file.map(0, REGION).buffer().put(70, (byte) 9);
        file.force();
        assertThat(outcomes(after -> read(after, A)[70])).containsExactly((byte) 9);
    }

    @Test
    void aRenameIsLostOrKeptAndNeverLosesTheFile() {
        durableFile(A, filled(10, 1));
        durableFile(B, filled(10, 2));
        store.rename(A, B);
        Set<List<Object>> seen =
                outcomes(after -> List.of(after.exists(A), after.exists(B) ? read(after, B)[0] : (byte) 0));
        assertThat(seen)
                .containsExactlyInAnyOrder(List.of(true, (byte) 2), List.of(false, (byte) 1), List.of(true, (byte) 1));
    }

    @Test
    void aForcedTargetDirectoryKeepsTheNewName() {
        store.createDirectory(Path.of("/d"));
        durableFile(A, filled(10, 1));
        Path target = Path.of("/d/b");
        store.rename(A, target);
        store.forceDirectory(Path.of("/d"));
        assertThat(outcomes(after -> List.of(after.exists(A), after.exists(target))))
                .as("the old directory was not forced")
                .containsExactlyInAnyOrder(List.of(true, true), List.of(false, true));
    }

    @Test
    void anEntryIsNoSaferThanItsDirectory() {
        store.createDirectory(Path.of("/d"));
        durableFile(Path.of("/d/b"), filled(10, 1));
        assertThat(outcomes(after -> after.exists(Path.of("/d/b")))).containsExactlyInAnyOrder(true, false);
    }

    @Test
    void aRenamedDirectoryStandsUnderOneName() {
        Path old = Path.of("/tmp");
        Path target = Path.of("/gone");
        store.createDirectory(old);
        durableFile(old.resolve("x"), filled(1, 1));
        store.forceDirectory(ROOT);
        store.rename(old, target);
        assertThat(outcomes(after -> List.of(after.exists(old), after.exists(target))))
                .containsExactlyInAnyOrder(List.of(true, false), List.of(false, true));
    }

    @Test
    void aDeletedFileMayComeBackUntilItsDirectoryIsForced() {
        durableFile(A, filled(10, 1));
        store.delete(A);
        assertThat(outcomes(after -> after.exists(A))).containsExactlyInAnyOrder(true, false);
    }

    @Test
    void aDeletionIsDurableAfterTheForce() {
        durableFile(A, filled(10, 1));
        store.delete(A);
        store.forceDirectory(ROOT);
        assertThat(outcomes(after -> after.exists(A))).containsExactly(false);
    }

    @Test
    void theSameSeedGivesTheSameCrash() {
        StoreFile file = durableFile(A, filled(10 * PAGE, 1));
        file.write(ByteBuffer.wrap(filled(12 * PAGE, 2)), 0);
        for (int seed = 0; seed < 50; seed++) {
            assertThat(read(store.crash(new SplittableRandom(seed)), A))
                    .isEqualTo(read(store.crash(new SplittableRandom(seed)), A));
        }
    }

    @Test
    void aMachineThatIsDownRefusesEverything() {
        StoreFile file = durableFile(A, new byte[REGION]);
        MappedRegion region = file.map(0, REGION);
        CrashFileStore after = store.crash(new SplittableRandom(1));
        assertThat(store.isDown()).isTrue();
        assertDown(() -> store.exists(A));
        assertDown(() -> store.openRead(A));
        assertDown(() -> file.write(ByteBuffer.allocate(1), 0));
        assertDown(file::force);
        assertDown(() -> region.force(0, 1));
        assertDown(region::buffer);
        region.close();
        file.close();
        assertThat(after.exists(A)).isTrue();
    }

    @Test
    void anOperationThatTheCrashOvertakesDoesNotReturn() {
        StoreFile file = durableFile(A, new byte[10]);
        file.write(ByteBuffer.wrap(filled(10, 1)), 0);
        store.runBeforeOnce(StoreCall.is(StoreOperation.FORCE), () -> store.crash(new SplittableRandom(1)));
        assertDown(file::force);
    }

    private static void assertDown(Runnable operation) {
        assertThatExceptionOfType(ClosedException.class)
                .isThrownBy(operation::run)
                .withMessageContaining("machine is down");
    }

    @Test
    void crashesBeforeTheChosenOperation() {
        long before = store.mutationCount();
        store.crashAt(3);
        StoreFile file = store.createExclusively(A).orElseThrow();
        file.write(ByteBuffer.wrap(filled(10, 1)), 0);
        assertThatExceptionOfType(SimulatedCrash.class).isThrownBy(file::force);
        assertDown(file::force);
        assertThat(store.mutationCount() - before).isEqualTo(3);
        assertThat(store.mutations().get((int) before + 2).operation()).isEqualTo(StoreOperation.FORCE);
        assertThat(outcomes(after -> after.exists(A))).containsExactlyInAnyOrder(true, false);
    }

    @Test
    void pagesOfAFailedForceAreLostForEver() {
        StoreFile file = durableFile(A, filled(2 * PAGE, 1));
        file.write(ByteBuffer.wrap(filled(PAGE, 2)), 0);
        store.failNextForce(StoreCall.is(StoreOperation.FORCE, "a"));
        assertThatExceptionOfType(StorageIoException.class).isThrownBy(file::force);
        file.write(ByteBuffer.wrap(filled(PAGE, 3)), PAGE);
        file.force();
        Set<List<Byte>> seen = outcomes(after -> List.of(read(after, A)[0], read(after, A)[PAGE]));
        assertThat(seen).containsExactlyInAnyOrder(List.of((byte) 1, (byte) 3), List.of((byte) 2, (byte) 3));
    }

    @Test
    void changesMayReachTheDiskWithoutAForce() {
        StoreFile file = durableFile(A, filled(PAGE, 1));
        file.write(ByteBuffer.wrap(filled(PAGE, 2)), 0);
        for (int i = 0; i < 20; i++) {
            store.writeBack(new SplittableRandom(i));
        }
        file.write(ByteBuffer.wrap(filled(PAGE, 3)), 0);
        assertThat(outcomes(after -> read(after, A)[0])).containsExactlyInAnyOrder((byte) 2, (byte) 3);
    }
}
