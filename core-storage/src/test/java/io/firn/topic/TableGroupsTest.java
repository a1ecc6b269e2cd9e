package io.firn.topic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.error.CorruptDataException;
import io.firn.error.FirnException;
import io.firn.error.StorageIoException;
import io.firn.fs.FileStore;
import io.firn.fs.SmallFiles;
import io.firn.log.LaneName;
import io.firn.testing.CrashFileStore;
import io.firn.testing.Fault;
import io.firn.testing.FaultyFileStore;
import io.firn.testing.InMemoryFileStore;
import io.firn.testing.Randomized;
import io.firn.testing.SimulatedCrash;
import io.firn.testing.StoreCall;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TableGroupsTest {
    private static final String TOPIC = "eu.flights";
    private static final String FILE = LaneName.encode(TOPIC) + ".groups";

    private final FileStore store = new InMemoryFileStore();

    private static TableTopics in(FileStore store) {
        return TableTopicsTest.in(store);
    }

    private static GroupOffset at(String group, int partition, long offset) {
        return new GroupOffset(group, TOPIC, partition, offset);
    }

    @Test
    void keepsTheNewestOffsetsAndThoseOfGroupsThatAreNotNamedAnyMore() {
        assertThat(in(store).offsets(TOPIC)).isEmpty();
        assertThat(in(store).keepOffsets(TOPIC, List.of(at("b", 1, 5), at("a", 0, 0))))
                .isTrue();
        assertThat(in(store).keepOffsets(TOPIC, List.of(at("b", 1, 7), at("b", 0, 1))))
                .isTrue();

        assertThat(in(store).offsets(TOPIC)).containsExactly(at("a", 0, 0), at("b", 0, 1), at("b", 1, 7));
        assertThat(in(store).offsets("other")).isEmpty();
        assertThat(in(store).all()).isEmpty();
        assertThat(in(store).damages()).isEmpty();
    }

    @Test
    void whatStaysTheSameCostsNoWrite() {
        FaultyFileStore disk = new FaultyFileStore(store);
        TableTopics topics = in(disk);
        topics.keepOffsets(TOPIC, List.of(at("a", 0, 3)));
        Fault changes = disk.inject(Fault.on(StoreCall.isMutating()).nth(Long.MAX_VALUE));

        assertThat(topics.keepOffsets(TOPIC, List.of(at("a", 0, 3)))).isFalse();
        assertThat(changes.matchedCalls()).isZero();
    }

    @Test
    void aFileIsAsTheSpecificationSays() {
        in(store).keepOffsets(TOPIC, List.of(at("a", 0, 4_711)));
        assertThat(new SmallFiles(store, TableTopicsTest.DIRECTORY)
                        .read(FILE)
                        .map(content -> new String(content, StandardCharsets.UTF_8)))
                .hasValue("[ {\n  \"group\" : \"a\",\n  \"topic\" : \"eu.flights\",\n  \"partition\" : 0,\n"
                        + "  \"offset\" : 4711\n} ]");
    }

    @Test
    void theCheckedInFileIsReadAndWritten() throws Exception {
        byte[] file;
        try (InputStream in = TableGroupsTest.class.getResourceAsStream("/format/groups-v1.json")) {
            file = Objects.requireNonNull(in).readAllBytes();
        }
        List<GroupOffset> expected = List.of(
                new GroupOffset("billing", "flights", 0, 4_711),
                new GroupOffset("billing", "flights", 11, 0),
                new GroupOffset("rechnungen-für \"alle\"", "flights", 0, 9_007_199_254_740_993L));

        assertThat(GroupOffsetCodec.decode(file)).isEqualTo(expected);
        assertThat(GroupOffsetCodec.encode(expected)).isEqualTo(file);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{}",
                "[null]",
                "[{\"group\":\"a\",\"topic\":\"t\",\"partition\":0}]",
                "[{\"group\":null,\"topic\":\"t\",\"partition\":0,\"offset\":1}]",
                "[{\"group\":\"a\",\"topic\":\"t\",\"partition\":0,\"offset\":\"x\"}]"
            })
    void whatIsNoListOfOffsetsIsDamageAndIsCapturedAnew(String content) {
        store.createDirectory(TableTopicsTest.TABLE);
        new SmallFiles(store, TableTopicsTest.DIRECTORY).replace(FILE, content.getBytes(StandardCharsets.UTF_8));

        assertThatThrownBy(() -> in(store).offsets(TOPIC))
                .isInstanceOf(CorruptDataException.class)
                .hasMessageContaining(FILE);
        assertThat(in(store).damages()).hasSize(1);
        assertThatThrownBy(() -> in(store).copyTo(new TableTopics(store, TableTopicsTest.TABLE.resolve("copy"))))
                .isInstanceOf(CorruptDataException.class);
        assertThat(in(store).keepOffsets(TOPIC, List.of(at("a", 0, 3)))).isTrue();
        assertThat(in(store).damages()).isEmpty();
        assertThat(new SmallFiles(store, TableTopicsTest.DIRECTORY).read(FILE + ".damaged-1"))
                .contains(content.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void everyFaultIsReportedAndTheNextTrySucceeds() {
        for (int nth = 1; ; nth++) {
            FaultyFileStore disk = new FaultyFileStore(new InMemoryFileStore());
            TableTopics topics = in(disk);
            topics.keepOffsets(TOPIC, List.of(at("a", 0, 1)));
            Fault fault = disk.inject(Fault.on(StoreCall.isMutating()).nth(nth));
            try {
                topics.keepOffsets(TOPIC, List.of(at("a", 0, 2)));
            } catch (FirnException failed) {
                assertThat(failed).isInstanceOf(StorageIoException.class);
                assertThat(topics.offsets(TOPIC)).isIn(List.of(at("a", 0, 1)), List.of(at("a", 0, 2)));
            }
            if (!fault.happened()) {
                assertThat(nth).isGreaterThan(5);
                return;
            }
            topics.keepOffsets(TOPIC, List.of(at("a", 0, 2)));
            assertThat(in(disk).offsets(TOPIC)).containsExactly(at("a", 0, 2));
        }
    }

    @Test
    void whatWasKeptSurvivesAnyPowerLoss() {
        Randomized.forAll(400, TableGroupsTest::crashes);
    }

    private static void crashes(RandomGenerator random) {
        CrashFileStore store = new CrashFileStore();
        store.createDirectory(TableTopicsTest.TABLE);
        store.forceDirectory(Path.of("/"));
        TableTopics topics = new TableTopics(store, TableTopicsTest.DIRECTORY);
        long kept = 0;
        long tried = 0;
        store.crashAt(1 + random.nextInt(40));
        try {
            for (int round = 1; round <= 20; round++) {
                tried = round;
                topics.keepOffsets(TOPIC, List.of(at("a", 0, round)));
                kept = round;
                store.writeBack(random);
            }
        } catch (SimulatedCrash crash) {
            assertThat(crash).isNotNull();
        }
        List<GroupOffset> after = in(store.crash(random)).offsets(TOPIC);
        long found = after.isEmpty() ? 0 : after.get(0).offset();
        assertThat(found).isBetween(kept, tried);
    }
}
