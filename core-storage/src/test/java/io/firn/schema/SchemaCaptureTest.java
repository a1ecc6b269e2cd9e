package io.firn.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.error.ConfigException;
import io.firn.error.CorruptDataException;
import io.firn.error.StorageIoException;
import io.firn.fs.FileStore;
import io.firn.fs.SmallFiles;
import io.firn.registry.RegistryUnavailableException;
import io.firn.registry.SchemaReference;
import io.firn.registry.SchemaRegistries;
import io.firn.registry.SchemaRegistry;
import io.firn.registry.SchemaText;
import io.firn.registry.WireFormat;
import io.firn.registry.WireSchemas;
import io.firn.testing.CrashFileStore;
import io.firn.testing.Fault;
import io.firn.testing.FaultyFileStore;
import io.firn.testing.InMemoryFileStore;
import io.firn.testing.Randomized;
import io.firn.testing.SimulatedCrash;
import io.firn.testing.StoreOperation;
import io.firn.testing.StubRegistry;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SchemaCaptureTest {
    private static final Path DIRECTORY = Path.of("/t/_table/schemas");
    private static final String STRING = "\"string\"";

    private final StubRegistry stub = StubRegistry.start(10);
    private final SchemaRegistry registry = client();
    private final FileStore store = store();
    private final RegistrySchemas kept = new RegistrySchemas(store, DIRECTORY);

    @AfterEach
    void stop() {
        registry.close();
        stub.close();
    }

    private static FileStore store() {
        InMemoryFileStore made = new InMemoryFileStore();
        made.createDirectory(Path.of("/t"));
        made.createDirectory(Path.of("/t/_table"));
        return made;
    }

    private SchemaRegistry client() {
        return SchemaRegistries.open(Map.of("schema.registry.url", stub.url(), "schema.registry.max.retries", "0"))
                .orElseThrow();
    }

    private SchemaCapture capture() {
        return capture(registry, EnumSet.allOf(RecordPart.class));
    }

    private SchemaCapture capture(SchemaRegistry from, Set<RecordPart> parts) {
        return new SchemaCapture(from, WireSchemas.of(from), kept, parts);
    }

    /** A string of Avro behind an id. */
    private static byte[] framed(int id, String text) {
        byte[] bytes = ("012345" + text).getBytes(StandardCharsets.UTF_8);
        bytes[0] = WireFormat.MAGIC;
        bytes[5] = (byte) (text.length() * 2);
        WireFormat.setId(bytes, id);
        return bytes;
    }

    @Test
    void keepsTheSchemaOfEveryIdOnceAndWhereItWasMet() {
        int first = stub.register("t-value", STRING);
        int second = stub.register("t-key", "{\"type\":\"string\",\"doc\":\"ü\"}");
        SchemaCapture capture = capture();
        for (int i = 0; i < 3; i++) {
            capture.meet(null, framed(first, "a"));
            capture.meet(framed(second, "k"), framed(first, "b"));
            capture.meet(new byte[0], "{\"json\":1}".getBytes(StandardCharsets.UTF_8));
        }

        assertThat(kept.find(first)).contains(new CapturedSchema(first, SchemaText.avro(STRING), List.of()));
        assertThat(kept.find(second).orElseThrow().schema().text()).contains("ü");
        assertThat(kept.idsIn(RecordPart.VALUE)).containsExactly(first);
        assertThat(kept.idsIn(RecordPart.KEY)).containsExactly(second);
        assertThat(kept.damages()).isEmpty();
        assertThat(stub.requests()).hasSize(2);
    }

    @Test
    void keepsWhatASchemaRefersTo() {
        stub.register(
                "city", "{\"type\":\"record\",\"name\":\"City\",\"fields\":[{\"name\":\"n\",\"type\":\"string\"}]}");
        SchemaText airport = new SchemaText(
                SchemaText.AVRO,
                "{\"type\":\"record\",\"name\":\"Airport\",\"fields\":[{\"name\":\"c\",\"type\":\"City\"}]}",
                List.of(new SchemaReference("City", "city", 1)));
        int middle = registry.register("airport", airport);
        SchemaText leg = new SchemaText(
                SchemaText.AVRO,
                "{\"type\":\"record\",\"name\":\"Leg\",\"fields\":[{\"name\":\"a\",\"type\":\"Airport\"}]}",
                List.of(new SchemaReference("Airport", "airport", 1)));
        int id = registry.register("legs", leg);

        capture().meet(null, framed(id, "VIE"));

        assertThat(kept.find(id)).contains(new CapturedSchema(id, leg, List.of(middle)));
        assertThat(kept.find(middle)).contains(new CapturedSchema(middle, airport, List.of(10)));
        assertThat(kept.find(10)).isPresent();
        assertThat(kept.idsIn(RecordPart.VALUE)).containsExactly(id);
    }

    @Test
    void numbersThatBeginWithAZeroAreNoIds() {
        for (int i = 0; i < 5; i++) {
            stub.register("s" + i, "{\"type\":\"fixed\",\"name\":\"F" + i + "\",\"size\":" + (i + 4) + "}");
        }
        SchemaCapture capture = capture();
        for (long number = 0; number < 5_000; number++) {
            byte[] key = ByteBuffer.allocate(8).putLong(number << 20).array();
            capture.meet(key, null);
        }

        assertThat(kept.idsIn(RecordPart.KEY)).isEmpty();
        assertThat(stub.requests()).hasSizeBetween(1, 250);
    }

    @Test
    void onlyThePartsThatAreWantedAreLookedAt() {
        int id = stub.register("t-value", STRING);
        capture(registry, EnumSet.of(RecordPart.KEY)).meet(null, framed(id, "a"));

        assertThat(kept.find(id)).isEmpty();
        assertThat(stub.requests()).isEmpty();
    }

    @Test
    void aRegistryThatIsDownIsNeededForNewIdsOnly() {
        int first = stub.register("t-value", STRING);
        int second = stub.register("t-value", "\"bytes\"");
        capture().meet(null, framed(first, "a"));
        stub.down();
        try (SchemaRegistry fresh = client()) {
            SchemaCapture later = capture(fresh, EnumSet.allOf(RecordPart.class));
            later.meet(null, framed(first, "a"));
            assertThatThrownBy(() -> later.meet(null, framed(second, "a")))
                    .isInstanceOf(RegistryUnavailableException.class);
            stub.up();
            later.meet(null, framed(second, "a"));
        }
        assertThat(kept.idsIn(RecordPart.VALUE)).containsExactly(first, second);
    }

    @Test
    void anIdThatMeansAnotherSchemaNowIsRefused() {
        int id = stub.register("t-value", STRING);
        capture().meet(null, framed(id, "a"));
        try (StubRegistry other = StubRegistry.start(id);
                SchemaRegistry second = SchemaRegistries.open(Map.of("schema.registry.url", other.url()))
                        .orElseThrow()) {
            other.register("t-value", "\"bytes\"");
            SchemaCapture capture = capture(second, EnumSet.allOf(RecordPart.class));
            assertThatThrownBy(() -> capture.meet(null, framed(id, "a")))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining("Schema id " + id)
                    .hasMessageContaining("schema.capture=off");
        }
    }

    @Test
    void damageToAnyByteIsFound() {
        int id = stub.register("t-value", STRING);
        capture().meet(null, framed(id, "a"));
        SmallFiles files = new SmallFiles(store, DIRECTORY);
        byte[] whole = files.read("id-" + id + ".json").orElseThrow();
        for (int i = 0; i < whole.length; i++) {
            whole[i] ^= 1;
            store.delete(DIRECTORY.resolve("id-" + id + ".json"));
            files.publish("id-" + id + ".json", whole);
            assertThatThrownBy(() -> kept.find(id)).as("byte " + i).isInstanceOf(CorruptDataException.class);
            whole[i] ^= 1;
        }
        assertThat(kept.damages()).hasSize(1);
        store.delete(DIRECTORY.resolve("id-" + id + ".json"));
        assertThat(kept.damages()).singleElement().asString().contains("id-" + id + ".value needs it");
    }

    @Test
    void aFileIsAsTheSpecificationSays() {
        int id = stub.register("t-value", STRING);
        capture().meet(null, framed(id, "a"));
        String text =
                new String(new SmallFiles(store, DIRECTORY).read("id-10.json").orElseThrow(), StandardCharsets.UTF_8);
        String open = "{\"id\":10,\"schemaType\":\"AVRO\",\"references\":[],\"schema\":\"\\\"string\\\"\"";
        String checksum = String.format("%016x", AvroFingerprint.ofBytes(open.getBytes(StandardCharsets.UTF_8)));
        assertThat(text).isEqualTo(open + ",\"checksum\":\"" + checksum + "\"}\n");
    }

    @Test
    void theCheckedInFileOfTheFirstVersionIsRead() throws Exception {
        byte[] file;
        try (InputStream in = SchemaCaptureTest.class.getResourceAsStream("/format/registry-schema-v1.json")) {
            file = Objects.requireNonNull(in).readAllBytes();
        }
        CapturedSchema expected = new CapturedSchema(
                9,
                new SchemaText(
                        SchemaText.AVRO,
                        "{\"type\":\"record\",\"name\":\"a.Leg\",\"doc\":\"Flüge\",\"fields\":[{\"name\":\"c\",\"type\":"
                                + "\"a.City\"}]}",
                        List.of(new SchemaReference("a.City", "cities", 7))),
                List.of(3));

        assertThat(CapturedSchemaCodec.decode(file)).isEqualTo(expected);
        assertThat(CapturedSchemaCodec.encode(expected)).isEqualTo(file);
    }

    @Test
    void whatMeetHasReturnedForSurvivesAPowerLossAfterEachOperation() {
        int id = stub.register("t-value", STRING);
        Randomized.forAll(60, random -> {
            CrashFileStore disk = new CrashFileStore();
            disk.createDirectory(Path.of("/t"));
            disk.createDirectory(Path.of("/t/_table"));
            disk.forceDirectory(Path.of("/"));
            disk.forceDirectory(Path.of("/t"));
            disk.crashAt(random.nextInt(20));
            boolean returned = false;
            try {
                captureOn(disk).meet(null, framed(id, "a"));
                returned = true;
            } catch (SimulatedCrash expected) {
                assertThat(disk.isDown()).isTrue();
            }
            RegistrySchemas after = new RegistrySchemas(disk.crash(random), DIRECTORY);

            if (returned) {
                assertThat(after.idsIn(RecordPart.VALUE)).containsExactly(id);
            }
            assertThat(after.damages()).isEmpty();
            after.idsIn(RecordPart.VALUE)
                    .forEach(found -> assertThat(after.find(found)).isPresent());
        });
    }

    @Test
    void aDiskThatFailsIsToldAndTheNextTryWorks() {
        int id = stub.register("t-value", STRING);
        FaultyFileStore disk = new FaultyFileStore(store);
        SchemaCapture capture = captureOn(disk);
        disk.inject(Fault.on(call -> call.operation() == StoreOperation.RENAME));

        assertThatThrownBy(() -> capture.meet(null, framed(id, "a"))).isInstanceOf(StorageIoException.class);
        assertThat(kept.idsIn(RecordPart.VALUE)).isEmpty();
        capture.meet(null, framed(id, "a"));

        assertThat(kept.idsIn(RecordPart.VALUE)).containsExactly(id);
    }

    private SchemaCapture captureOn(FileStore disk) {
        return new SchemaCapture(
                registry,
                WireSchemas.of(registry),
                new RegistrySchemas(disk, DIRECTORY),
                EnumSet.allOf(RecordPart.class));
    }
}
