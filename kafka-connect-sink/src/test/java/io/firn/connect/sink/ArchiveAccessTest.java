package io.firn.connect.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.table.AllowedRoots;
import io.firn.table.ArchiveRoot;
import io.firn.table.TableEnvironment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigValue;
import org.apache.kafka.connect.errors.ConnectException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which archive a connector may use, before it is started, at its start and in its tasks. */
class ArchiveAccessTest {
    private static final String ID = "0f0e0d0c-0b0a-4908-8706-050403020100";

    @TempDir
    Path directory;

    private Path inside;
    private SinkEnvironment environment;

    @BeforeEach
    void makeRoots() throws IOException {
        inside = Files.createDirectory(directory.resolve("in"));
        environment = new SinkEnvironment(
                TableEnvironment::ofIoMode, System::nanoTime, () -> AllowedRoots.parse(inside.toString()));
    }

    @Test
    void pathOutsideTheAllowedRootsIsRefusedEverywhere() {
        Path outside = directory.resolve("out");
        Map<String, String> config = config(outside);

        assertThat(errors(config))
                .singleElement()
                .asString()
                .contains("firn.path")
                .contains(outside.toString())
                .contains("FIRN_ALLOWED_ROOTS");
        assertThatThrownBy(() -> connector().start(config))
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("FIRN_ALLOWED_ROOTS");
        assertThatThrownBy(() -> connector().alterOffsets(config, Map.of(new TopicPartition("t", 0), 5L)))
                .hasMessageContaining("FIRN_ALLOWED_ROOTS");
        assertThat(outside).doesNotExist();
        config.put(
                FirnSinkConfig.ARCHIVE_ID,
                ArchiveRoot.openOrCreate(outside).id().toString());
        assertThatThrownBy(() -> task().start(config)).hasMessageContaining("FIRN_ALLOWED_ROOTS");
    }

    @Test
    void dotsAndLinksDoNotLeadOut() throws IOException {
        Files.createSymbolicLink(inside.resolve("link"), directory);

        assertThat(errors(config(inside.resolve("../out"))))
                .singleElement()
                .asString()
                .contains("'..'");
        assertThat(errors(config(inside.resolve("link/out"))))
                .singleElement()
                .asString()
                .contains(directory.toRealPath().resolve("out").toString());
        assertThat(errors(config(inside.resolve("archive")))).isEmpty();
    }

    @Test
    void aTableThatIsALinkOutIsRefusedWhenItsLaneOpens() throws IOException {
        Path archive = inside.resolve("archive");
        FirnSinkConnector connector = connector();
        connector.start(config(archive));
        FirnSinkTask task = task();
        task.start(connector.taskConfigs(1).get(0));
        Path elsewhere = Files.createDirectory(directory.resolve("elsewhere"));
        Files.createSymbolicLink(archive.resolve("t"), elsewhere);

        assertThatThrownBy(() -> task.open(List.of(new TopicPartition("t", 0))))
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("FIRN_ALLOWED_ROOTS")
                .hasMessageContaining("firn.table");
        assertThat(elsewhere).isEmptyDirectory();
        task.stop();
    }

    @Test
    void aSlipInTheVariableIsToldWithoutOpeningEverything() {
        SinkEnvironment slip = new SinkEnvironment(
                TableEnvironment::ofIoMode, System::nanoTime, () -> AllowedRoots.parse("data/firn"));

        assertThat(new FirnSinkConnector(slip).validate(config(inside)).configValues())
                .flatExtracting(ConfigValue::errorMessages)
                .singleElement()
                .asString()
                .contains("'data/firn' is no absolute path");
        assertThatThrownBy(() -> new FirnSinkConnector(slip).start(config(inside)))
                .isInstanceOf(ConnectException.class);
    }

    @Test
    void aPinnedArchiveIsNotStartedAnewOnAnEmptyDisk() {
        Path archive = inside.resolve("archive");
        Map<String, String> config = config(archive);
        config.put(ArchiveAccess.PIN, ID);

        assertThat(errors(config))
                .singleElement()
                .asString()
                .contains("firn.archive.id")
                .contains("--set " + ID);
        assertThatThrownBy(() -> connector().start(config))
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("sees no archive at " + archive);
        assertThatThrownBy(() -> connector().alterOffsets(config, Map.of(new TopicPartition("t", 0), 5L)))
                .hasMessageContaining("sees no archive");
        assertThat(archive).doesNotExist();

        ArchiveRoot.openOrCreate(TableEnvironment.system(), archive, UUID.fromString(ID));
        assertThat(errors(config)).isEmpty();
        FirnSinkConnector connector = connector();
        connector.start(config);
        FirnSinkTask task = task();
        task.start(connector.taskConfigs(1).get(0));
        task.stop();
    }

    @Test
    void anotherArchiveThanThePinnedOneIsRefusedByConnectorAndTask() {
        Path archive = inside.resolve("archive");
        String other = ArchiveRoot.openOrCreate(archive).id().toString();
        Map<String, String> config = config(archive);
        config.put(ArchiveAccess.PIN, ID);

        assertThat(errors(config)).singleElement().asString().contains(other).contains(ID);
        assertThatThrownBy(() -> connector().start(config)).hasMessageContaining("Mount the right disk");
        config.put(FirnSinkConfig.ARCHIVE_ID, other);
        assertThatThrownBy(() -> task().start(config)).hasMessageContaining("Mount the right disk");
    }

    @Test
    void whatIsNoIdIsToldWithTheRemedy() {
        Map<String, String> config = config(inside);
        config.put(ArchiveAccess.PIN, "mine");

        assertThat(errors(config)).singleElement().asString().contains("'mine'").contains("firn archive-id");
    }

    private FirnSinkConnector connector() {
        return new FirnSinkConnector(environment);
    }

    private FirnSinkTask task() {
        FirnSinkTask task = new FirnSinkTask(environment);
        task.initialize(new IdleContext());
        return task;
    }

    private List<String> errors(Map<String, String> config) {
        return connector().validate(config).configValues().stream()
                .flatMap(value -> value.errorMessages().stream())
                .toList();
    }

    private static Map<String, String> config(Path archive) {
        Map<String, String> config = new HashMap<>();
        config.put("name", "access");
        config.put("topics", "t");
        config.put("firn.path", archive.toString());
        return config;
    }
}
