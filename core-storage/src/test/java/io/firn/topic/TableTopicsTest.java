package io.firn.topic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.firn.error.CorruptDataException;
import io.firn.error.FirnException;
import io.firn.error.FormatVersionException;
import io.firn.error.StorageFullException;
import io.firn.error.StorageIoException;
import io.firn.fs.FileStore;
import io.firn.fs.SmallFiles;
import io.firn.log.LaneName;
import io.firn.schema.AvroFingerprint;
import io.firn.schema.SealedJson;
import io.firn.testing.Fault;
import io.firn.testing.FaultyFileStore;
import io.firn.testing.InMemoryFileStore;
import io.firn.testing.StoreCall;
import io.firn.testing.StoreOperation;
import io.firn.topic.CapturedTopic.Setting;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TableTopicsTest {
    static final Path TABLE = Path.of("/t");
    static final Path DIRECTORY = TABLE.resolve("topics");
    private static final String TOPIC = "eu.flights";

    private final FileStore store = new InMemoryFileStore();

    static TableTopics in(FileStore store) {
        store.createDirectory(TABLE);
        return new TableTopics(store, DIRECTORY);
    }

    static CapturedTopic topic(long atMs, int partitions) {
        return new CapturedTopic(
                TOPIC,
                "cluster",
                "id-1",
                atMs,
                partitions,
                3,
                List.of(
                        new Setting("retention.ms", "86400000", CapturedTopic.OF_TOPIC),
                        new Setting("compression.type", "zstd", "STATIC_BROKER_CONFIG")));
    }

    private static String fileName(String topic) {
        return LaneName.encode(topic) + ".json";
    }

    @Test
    void keepsTheNewestCaptureOfATopic() {
        assertThat(in(store).keep(topic(1, 3))).isTrue();
        assertThat(in(store).keep(topic(2, 4))).isTrue();
        assertThat(in(store).find(TOPIC)).contains(topic(2, 4));
        assertThat(in(store).find("other")).isEmpty();
        assertThat(in(store).all()).containsExactly(topic(2, 4));
        assertThat(store.list(DIRECTORY)).containsExactly(fileName(TOPIC));
    }

    @Test
    void whatStaysTheSameKeepsTheTimeAtWhichItWasFirstSeenAndCostsNoWrite() {
        FaultyFileStore disk = new FaultyFileStore(store);
        TableTopics topics = in(disk);
        topics.keep(topic(1, 3));
        Fault changes = disk.inject(Fault.on(StoreCall.isMutating()).nth(Long.MAX_VALUE));

        assertThat(topics.keep(topic(2, 3))).isFalse();

        assertThat(changes.matchedCalls()).isZero();
        assertThat(topics.find(TOPIC)).contains(topic(1, 3));
        assertThat(in(store).keep(topic(3, 3))).isFalse();
        assertThat(topics.find(TOPIC)).contains(topic(1, 3));
    }

    @Test
    void hasNothingBeforeTheFirstCapture() {
        assertThat(in(store).all()).isEmpty();
        assertThat(in(store).damages()).isEmpty();
        assertThat(in(store).find(TOPIC)).isEmpty();
        assertThat(store.exists(DIRECTORY)).isFalse();
    }

    @Test
    void theLongestAndTheOddestNamesOfTopicsHaveFiles() {
        for (String name : List.of("x".repeat(249), "X".repeat(249), "a.b", "a_b", "-", "...")) {
            CapturedTopic captured = new CapturedTopic(name, "", "", 0, 1, 1, List.of());
            in(store).keep(captured);
            assertThat(in(store).find(name)).contains(captured);
        }
        assertThat(in(store).all()).hasSize(6);
    }

    @Test
    void damageToAnyByteIsFoundAndNamesTheFile() {
        in(store).keep(topic(1, 3));
        SmallFiles files = new SmallFiles(store, DIRECTORY);
        byte[] whole = files.read(fileName(TOPIC)).orElseThrow();
        for (int i = 0; i < whole.length; i++) {
            whole[i] ^= 1;
            files.replace(fileName(TOPIC), whole);
            assertThatThrownBy(() -> in(store).find(TOPIC))
                    .as("byte " + i)
                    .isInstanceOf(CorruptDataException.class)
                    .hasMessageContaining(fileName(TOPIC));
            whole[i] ^= 1;
        }
        assertThat(in(store).damages()).hasSize(1);
        assertThatThrownBy(() -> in(store).copyTo(new TableTopics(store, TABLE.resolve("copy"))))
                .isInstanceOf(CorruptDataException.class);
    }

    @Test
    void whatIsDamagedIsCapturedAnewAndKeptAside() {
        in(store).keep(topic(1, 3));
        SmallFiles files = new SmallFiles(store, DIRECTORY);
        for (byte damage = 1; damage <= 2; damage++) {
            files.replace(fileName(TOPIC), new byte[] {damage});
            assertThat(in(store).keep(topic(2, 3))).isTrue();
            assertThat(in(store).find(TOPIC)).contains(topic(2, 3));
            assertThat(files.read(fileName(TOPIC) + ".damaged-" + damage)).contains(new byte[] {damage});
        }
        assertThat(in(store).damages()).isEmpty();
    }

    @Test
    void aFileWithTheContentOfAnotherIsDamaged() {
        in(store).keep(topic(1, 3));
        store.rename(DIRECTORY.resolve(fileName(TOPIC)), DIRECTORY.resolve(fileName("other")));
        assertThat(in(store).damages())
                .singleElement()
                .asString()
                .contains("expected the topic of this name", fileName(TOPIC));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"formatVersion\":1,\"topic\":\"t\"}", "{\"formatVersion\":\"1\"}"})
    void aLineWithoutWhatATopicHasIsDamaged(String line) throws Exception {
        var document = JsonNodeFactory.instance.objectNode();
        document.setAll((com.fasterxml.jackson.databind.node.ObjectNode)
                new com.fasterxml.jackson.databind.ObjectMapper().readTree(line));
        document.put("more", 1);
        new SmallFiles(inTable(store), DIRECTORY).replace(fileName("t"), SealedJson.seal(document));
        assertThat(in(store).damages()).hasSize(1);
    }

    @Test
    void aFileOfANewerVersionIsRefusedAndNeverReplaced() {
        var document = JsonNodeFactory.instance.objectNode().put("formatVersion", 2);
        byte[] newer = SealedJson.seal(document);
        new SmallFiles(inTable(store), DIRECTORY).replace(fileName(TOPIC), newer);

        assertThatThrownBy(() -> in(store).find(TOPIC))
                .isInstanceOf(FormatVersionException.class)
                .hasMessageContaining(fileName(TOPIC));
        assertThatThrownBy(() -> in(store).keep(topic(1, 3))).isInstanceOf(FormatVersionException.class);
        assertThat(new SmallFiles(store, DIRECTORY).read(fileName(TOPIC))).hasValue(newer);
    }

    private static FileStore inTable(FileStore store) {
        store.createDirectory(TABLE);
        return store;
    }

    @Test
    void copiesAllFiles() {
        in(store).keep(topic(1, 3));
        in(store).keep(new CapturedTopic("other", "", "", 2, 1, 1, List.of()));
        TableTopics target = new TableTopics(store, TABLE.resolve("copy"));
        in(store).copyTo(target);
        in(store).copyTo(target);
        assertThat(target.all()).isEqualTo(in(store).all()).hasSize(2);
    }

    @Test
    void aFileIsAsTheSpecificationSays() {
        in(store).keep(topic(7, 3));
        String text = new String(
                new SmallFiles(store, DIRECTORY).read(fileName(TOPIC)).orElseThrow(), StandardCharsets.UTF_8);
        String open = "{\"formatVersion\":1,\"topic\":\"eu.flights\",\"clusterId\":\"cluster\",\"topicId\":\"id-1\","
                + "\"capturedAtMs\":7,\"partitions\":3,\"replicationFactor\":3,\"settings\":["
                + "{\"name\":\"compression.type\",\"value\":\"zstd\",\"source\":\"STATIC_BROKER_CONFIG\"},"
                + "{\"name\":\"retention.ms\",\"value\":\"86400000\",\"source\":\"DYNAMIC_TOPIC_CONFIG\"}]";
        String checksum = String.format("%016x", AvroFingerprint.ofBytes(open.getBytes(StandardCharsets.UTF_8)));
        assertThat(text).isEqualTo(open + ",\"checksum\":\"" + checksum + "\"}\n");
    }

    @Test
    void theCheckedInFileOfTheFirstVersionIsRead() throws Exception {
        byte[] file;
        try (InputStream in = TableTopicsTest.class.getResourceAsStream("/format/topic-v1.json")) {
            file = Objects.requireNonNull(in).readAllBytes();
        }
        CapturedTopic expected = new CapturedTopic(
                "flights",
                "Zx1cV0-mTHmAv6CwZr9LHg",
                "f0-uJK4mQ0ezYSUy0A4H3w",
                1_763_769_600_123L,
                12,
                3,
                List.of(
                        new Setting("cleanup.policy", "compact,delete", CapturedTopic.OF_TOPIC),
                        new Setting("max.message.bytes", "20971520", "STATIC_BROKER_CONFIG"),
                        new Setting("note", "Flüge \"all\"", CapturedTopic.OF_TOPIC)));

        assertThat(CapturedTopicCodec.decode(file)).isEqualTo(expected);
        assertThat(CapturedTopicCodec.encode(expected)).isEqualTo(file);
    }

    @Test
    void everyFaultIsReportedAndTheNextTrySucceeds() {
        for (int nth = 1; ; nth++) {
            FaultyFileStore disk = new FaultyFileStore(new InMemoryFileStore());
            TableTopics topics = in(disk);
            topics.keep(topic(1, 3));
            Fault fault = disk.inject(Fault.on(StoreCall.isMutating()).nth(nth));
            try {
                topics.keep(topic(2, 4));
            } catch (FirnException failed) {
                assertThat(failed).isInstanceOf(StorageIoException.class);
                assertThat(topics.find(TOPIC).orElseThrow()).isIn(topic(1, 3), topic(2, 4));
            }
            if (!fault.happened()) {
                assertThat(nth).isGreaterThan(5);
                return;
            }
            topics.keep(topic(2, 4));
            assertThat(in(disk).find(TOPIC)).contains(topic(2, 4));
            assertThat(topics.damages()).isEmpty();
        }
    }

    @Test
    void aNameWhoseForceFailedIsMadeAnew() {
        FaultyFileStore disk = new FaultyFileStore(store);
        TableTopics topics = in(disk);
        disk.inject(Fault.on(StoreCall.is(StoreOperation.FORCE_DIRECTORY, "topics")));
        assertThatThrownBy(() -> topics.keep(topic(1, 3))).isInstanceOf(StorageIoException.class);
        Fault renames =
                disk.inject(Fault.on(StoreCall.is(StoreOperation.RENAME)).nth(Long.MAX_VALUE));
        topics.keep(topic(2, 3));
        assertThat(renames.matchedCalls()).isEqualTo(1);
    }

    @Test
    void aFullDiskIsSaidSoAndTheOldCaptureStays() {
        FaultyFileStore disk = new FaultyFileStore(store);
        TableTopics topics = in(disk);
        topics.keep(topic(1, 3));
        disk.limitSpace(20);
        assertThatThrownBy(() -> topics.keep(topic(2, 4))).isInstanceOf(StorageFullException.class);
        assertThat(store.list(DIRECTORY)).hasSize(1);
        assertThat(topics.find(TOPIC)).contains(topic(1, 3));
        disk.heal();
        topics.keep(topic(2, 4));
        assertThat(topics.find(TOPIC)).contains(topic(2, 4));
    }
}
