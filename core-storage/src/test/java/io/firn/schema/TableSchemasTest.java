package io.firn.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.error.CorruptDataException;
import io.firn.error.FirnException;
import io.firn.error.StorageFullException;
import io.firn.error.StorageIoException;
import io.firn.fs.FileStore;
import io.firn.fs.FileTree;
import io.firn.fs.IoMode;
import io.firn.fs.LocalFileStore;
import io.firn.fs.SmallFiles;
import io.firn.fs.StoreFile;
import io.firn.testing.BrokenForce;
import io.firn.testing.CrashFileStore;
import io.firn.testing.Fault;
import io.firn.testing.FaultyFileStore;
import io.firn.testing.InMemoryFileStore;
import io.firn.testing.Randomized;
import io.firn.testing.SimulatedCrash;
import io.firn.testing.StoreCall;
import io.firn.testing.StoreOperation;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TableSchemasTest {
    private static final Path TABLE = Path.of("/t");
    private static final Path DIRECTORY = TABLE.resolve("schemas");
    private static final int MUTATION_SEEDS = 5_000;
    private static final String TEXT = "\"string\"";

    private static TableSchemas in(FileStore store) {
        store.createDirectory(TABLE);
        return new TableSchemas(store, DIRECTORY);
    }

    private static String schema(int number) {
        return "{\"type\":\"record\",\"name\":\"R\",\"fields\":[],\"number\":" + number + "}";
    }

    @Test
    void keepsASchemaOnceAndFindsIt() {
        FileStore store = new InMemoryFileStore();
        long fingerprint = in(store).keep(TEXT);
        assertThat(in(store).keep(TEXT)).isEqualTo(fingerprint);
        assertThat(in(store).find(fingerprint)).contains(TEXT);
        assertThat(in(store).find(fingerprint + 1)).isEmpty();
        assertThat(in(store).all()).containsExactly(TEXT);
        assertThat(store.list(DIRECTORY)).containsExactly(String.format("%016x.avsc", fingerprint));
    }

    @Test
    void hasNothingBeforeTheFirstSchema() {
        FileStore store = new InMemoryFileStore();
        assertThat(in(store).all()).isEmpty();
        assertThat(in(store).damages()).isEmpty();
        assertThat(in(store).find(1)).isEmpty();
        assertThat(store.exists(DIRECTORY)).isFalse();
    }

    @Test
    void schemasThatDifferOnlyInPropertiesAreTwo() {
        TableSchemas schemas = in(new InMemoryFileStore());
        assertThat(schemas.keep(schema(1))).isNotEqualTo(schemas.keep(schema(2)));
        assertThat(schemas.all()).containsExactlyInAnyOrder(schema(1), schema(2));
    }

    @Test
    void theNameIsTheFingerprintThatTheSpecificationGivesToTheContent(@TempDir Path directory) throws Exception {
        TableSchemas schemas = new TableSchemas(LocalFileStore.open(IoMode.AUTO), directory.resolve("schemas"));
        long fingerprint = schemas.keep(schema(1));
        String content = Files.readString(schemas.path(fingerprint));
        assertThat(content)
                .isEqualTo("{\"type\":\"record\",\"name\":\"FirnValue_"
                        + String.format(
                                "%016x", AvroFingerprint.ofBytes(schema(1).getBytes(StandardCharsets.UTF_8)))
                        + "\",\"fields\":[{\"name\":\"value\",\"type\":" + schema(1) + "}]}\n");
        assertThat(AvroFingerprint.ofSchema(content)).isEqualTo(fingerprint);
    }

    @Test
    void refusesWhatIsNoSchema() {
        assertThatThrownBy(() -> in(new InMemoryFileStore()).keep("{")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void damageToAnyByteIsFoundAndNamesTheFile() {
        FileStore store = new InMemoryFileStore();
        long fingerprint = in(store).keep(schema(7));
        Path path = in(store).path(fingerprint);
        byte[] sound = new SmallFiles(store, DIRECTORY)
                .read(path.getFileName().toString())
                .orElseThrow();
        for (int at = 0; at < sound.length; at++) {
            overwrite(store, path, at, (byte) (sound[at] ^ 1));
            assertThat(in(store).damages()).hasSize(1);
            assertThatThrownBy(() -> in(store).find(fingerprint))
                    .isInstanceOf(CorruptDataException.class)
                    .hasMessageContaining(path.toString());
            assertThatThrownBy(() -> in(store).keep(schema(7))).isInstanceOf(CorruptDataException.class);
            overwrite(store, path, at, sound[at]);
        }
        assertThat(in(store).damages()).isEmpty();
    }

    @Test
    void aFileWithTheContentOfAnotherIsDamaged() {
        FileStore store = new InMemoryFileStore();
        long first = in(store).keep(schema(1));
        long second = in(store).keep(schema(2));
        store.rename(in(store).path(first), in(store).path(second));
        assertThat(in(store).damages())
                .singleElement()
                .satisfies(damage -> assertThat(damage.reason()).contains(String.format("%016x", first)));
    }

    @Test
    void aFileThatIsTooShortOrTooLongIsDamaged() {
        FileStore store = new InMemoryFileStore(SmallFiles.MAX_BYTES + 65_536, java.time.InstantSource.system());
        long fingerprint = in(store).keep(TEXT);
        Path path = in(store).path(fingerprint);
        try (StoreFile file = store.openWrite(path)) {
            file.write(ByteBuffer.wrap(new byte[1]), SmallFiles.MAX_BYTES);
        }
        assertThatThrownBy(() -> in(store).find(fingerprint)).isInstanceOf(CorruptDataException.class);
        try (StoreFile file = store.openWrite(path)) {
            file.truncate(3);
        }
        assertThatThrownBy(() -> in(store).find(fingerprint)).isInstanceOf(CorruptDataException.class);
    }

    private static void overwrite(FileStore store, Path path, long at, byte value) {
        try (StoreFile file = store.openWrite(path)) {
            file.write(ByteBuffer.wrap(new byte[] {value}), at);
        }
    }

    @Test
    void copiesAllFilesAlsoThoseOfOthersButNoDamage() {
        FileStore store = new InMemoryFileStore();
        long fingerprint = in(store).keep(schema(1));
        new SmallFiles(store, DIRECTORY).publish("id-1.json", new byte[] {1});
        TableSchemas target = new TableSchemas(store, TABLE.resolve("copy"));
        in(store).copyTo(target);
        in(store).copyTo(target);
        assertThat(target.all()).containsExactly(schema(1));
        assertThat(new SmallFiles(store, TABLE.resolve("copy"))
                        .read("id-1.json")
                        .orElseThrow())
                .containsExactly(1);
        overwrite(store, in(store).path(fingerprint), 50, (byte) 0);
        assertThatThrownBy(() -> in(store).copyTo(new TableSchemas(store, TABLE.resolve("other"))))
                .isInstanceOf(CorruptDataException.class);
    }

    @Test
    void whatWasKeptSurvivesAnyPowerLoss() {
        Randomized.forAll(400, random -> crashes(random, store -> store));
    }

    @ParameterizedTest
    @EnumSource
    void aBrokenPromiseIsCaught(BrokenForce broken) {
        assertThat(BrokenForce.isCaught(
                        MUTATION_SEEDS, random -> crashes(random, store -> broken.of(store, DIRECTORY))))
                .isTrue();
    }

    /** Two objects as two processes; the power fails anywhere. */
    private static void crashes(RandomGenerator random, UnaryOperator<FileStore> promises) {
        CrashFileStore store = new CrashFileStore();
        store.createDirectory(TABLE);
        store.forceDirectory(Path.of("/"));
        Map<String, Long> kept = new HashMap<>();
        FileStore seen = promises.apply(store);
        List<TableSchemas> processes = List.of(new TableSchemas(seen, DIRECTORY), new TableSchemas(seen, DIRECTORY));
        store.crashAt(1 + random.nextInt(40));
        try {
            for (int round = 0; round < 20; round++) {
                if (random.nextInt(10) == 0) {
                    store.failNextForce(StoreCall.is(StoreOperation.FORCE));
                }
                String schema = schema(random.nextInt(8));
                try {
                    kept.put(schema, processes.get(random.nextInt(2)).keep(schema));
                } catch (StorageIoException failedForce) {
                    assertThat(failedForce).hasMessageContaining("force");
                }
                store.writeBack(random);
            }
        } catch (SimulatedCrash crash) {
            assertThat(crash).isNotNull();
        }
        TableSchemas after = in(store.crash(random));
        assertThat(after.damages()).isEmpty();
        kept.forEach(
                (schema, fingerprint) -> assertThat(after.find(fingerprint)).contains(schema));
    }

    @Test
    void everyFaultIsReportedAndTheNextTrySucceeds() {
        for (int nth = 1; ; nth++) {
            FaultyFileStore store = new FaultyFileStore(new InMemoryFileStore());
            TableSchemas schemas = in(store);
            Fault fault = store.inject(Fault.on(StoreCall.isMutating()).nth(nth));
            try {
                schemas.keep(TEXT);
            } catch (FirnException failed) {
                assertThat(fault.happened()).isTrue();
                assertThat(failed).isInstanceOf(StorageIoException.class);
            }
            if (!fault.happened()) {
                assertThat(nth).isGreaterThan(6);
                return;
            }
            assertThat(schemas.find(schemas.keep(TEXT))).contains(TEXT);
            assertThat(schemas.damages()).isEmpty();
        }
    }

    @Test
    void aNameWhoseForceFailedIsMadeAnew() {
        FaultyFileStore store = new FaultyFileStore(new InMemoryFileStore());
        TableSchemas schemas = in(store);
        store.inject(Fault.on(StoreCall.is(StoreOperation.FORCE_DIRECTORY, "schemas")));
        assertThatThrownBy(() -> schemas.keep(TEXT)).isInstanceOf(StorageIoException.class);
        Fault renames =
                store.inject(Fault.on(StoreCall.is(StoreOperation.RENAME)).nth(Long.MAX_VALUE));
        schemas.keep(TEXT);
        assertThat(renames.matchedCalls()).isEqualTo(1);
    }

    @Test
    void aFullDiskIsSaidSoAndLeavesNothingBehind() {
        FaultyFileStore store = new FaultyFileStore(new InMemoryFileStore());
        TableSchemas schemas = in(store);
        schemas.keep(schema(1));
        store.limitSpace(20);
        assertThatThrownBy(() -> schemas.keep(schema(2))).isInstanceOf(StorageFullException.class);
        assertThat(store.list(DIRECTORY)).hasSize(1);
        store.heal();
        assertThat(schemas.find(schemas.keep(schema(2)))).contains(schema(2));
    }

    @Test
    void manyThreadsKeepTheSameSchemasAtOnce(@TempDir Path directory) throws Exception {
        int threads = 4;
        CountDownLatch start = new CountDownLatch(1);
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            List<Future<Boolean>> writers = IntStream.range(0, threads)
                    .mapToObj(thread -> pool.submit(() -> {
                        TableSchemas own =
                                new TableSchemas(LocalFileStore.open(IoMode.AUTO), directory.resolve("schemas"));
                        start.await();
                        return IntStream.range(0, 50)
                                .allMatch(i -> own.find(own.keep(schema(i)))
                                        .orElseThrow()
                                        .equals(schema(i)));
                    }))
                    .toList();
            start.countDown();
            for (Future<Boolean> writer : writers) {
                assertThat(writer.get()).isTrue();
            }
        } finally {
            pool.shutdownNow();
        }
        assertThat(directory.resolve("schemas").toFile().list()).hasSize(50);
    }

    @Test
    void aDirectoryThatIsLostMeanwhileIsMadeAgain() {
        FileStore store = new InMemoryFileStore();
        TableSchemas schemas = in(store);
        schemas.keep("\"string\"");
        FileTree.delete(store, DIRECTORY);

        long fingerprint = schemas.keep("\"long\"");

        assertThat(new TableSchemas(store, DIRECTORY).find(fingerprint)).hasValue("\"long\"");
        assertThat(new TableSchemas(store, DIRECTORY).keep("\"string\""))
                .as("whoever opens the table later keeps the lost one again, under its own fingerprint")
                .isEqualTo(schemas.keep("\"string\""));
        assertThat(new TableSchemas(store, DIRECTORY).all()).hasSize(2);
    }
}
