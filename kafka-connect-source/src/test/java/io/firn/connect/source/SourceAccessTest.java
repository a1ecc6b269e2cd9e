package io.firn.connect.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.record.StreamRecord;
import io.firn.table.AllowedRoots;
import io.firn.table.ArchiveRoot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.errors.ConnectException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which archive a connector may read, before it is started, at its start and in its tasks. */
class SourceAccessTest {
    private static final String ID = "0f0e0d0c-0b0a-4908-8706-050403020100";

    @TempDir
    Path directory;

    private Path inside;
    private SourceAccess access;

    @BeforeEach
    void makeRoots() throws IOException {
        inside = Files.createDirectory(directory.resolve("in"));
        access = new SourceAccess(() -> AllowedRoots.parse(inside.toString()));
    }

    @Test
    void pathOutsideTheAllowedRootsIsRefusedEverywhere() {
        Path outside = directory.resolve("out");
        archive(outside);
        Map<String, String> config = config(outside);

        assertThat(errors(config))
                .singleElement()
                .asString()
                .contains("firn.path")
                .contains("FIRN_ALLOWED_ROOTS");
        assertThatThrownBy(() -> new FirnSourceConnector(access).start(config))
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("FIRN_ALLOWED_ROOTS");
        Map<String, String> task = planned(config);
        assertThatThrownBy(() -> task().start(task))
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("FIRN_ALLOWED_ROOTS");
    }

    @Test
    void dotsAndLinksDoNotLeadOut() throws IOException {
        archive(directory.resolve("out"));
        archive(inside.resolve("archive"));
        Files.createSymbolicLink(inside.resolve("link"), directory.resolve("out"));

        assertThat(errors(config(inside.resolve("../out"))))
                .singleElement()
                .asString()
                .contains("'..'");
        assertThat(errors(config(inside.resolve("link"))))
                .singleElement()
                .asString()
                .contains("FIRN_ALLOWED_ROOTS");
        assertThat(errors(config(inside.resolve("archive")))).isEmpty();
        Files.createSymbolicLink(inside.resolve("archive/u"), directory.resolve("out/t"));
        assertThatThrownBy(() -> new FirnSourceConnector(access).start(config(inside.resolve("archive"))))
                .hasMessageContaining("firn.table")
                .hasMessageContaining("FIRN_ALLOWED_ROOTS");
    }

    @Test
    void anotherArchiveThanThePinnedOneIsRefused() {
        Path archive = inside.resolve("archive");
        archive(archive);
        Map<String, String> config = config(archive);
        config.put(SourceAccess.PIN, ID);

        assertThat(errors(config))
                .singleElement()
                .asString()
                .contains("firn.archive.id")
                .contains("no archive");
        String id = ArchiveRoot.openOrCreate(archive).id().toString();
        assertThat(errors(config)).singleElement().asString().contains(id);
        assertThatThrownBy(() -> new FirnSourceConnector(access).start(config))
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining(id);
        Map<String, String> task = planned(config);
        assertThatThrownBy(() -> task().start(task)).hasMessageContaining(id);

        config.put(SourceAccess.PIN, id);
        assertThat(errors(config)).isEmpty();
        FirnSourceTask started = task();
        started.start(planned(config));
        started.stop();
    }

    @Test
    void whatIsNoIdIsToldWithTheRemedy() {
        Map<String, String> config = config(inside);
        config.put(SourceAccess.PIN, "mine");

        assertThat(errors(config)).singleElement().asString().contains("'mine'").contains("firn archive-id");
    }

    private static void archive(Path root) {
        try (ArchiveFixture archive = ArchiveFixture.open(root, "t", "", "t", 0)) {
            archive.append(0, 0, StreamRecord.atMillis(1).value(new byte[1]).build());
            archive.commit();
        }
    }

    /** A task's configuration from a connector that may read everything. */
    private static Map<String, String> planned(Map<String, String> config) {
        Map<String, String> unpinned = new HashMap<>(config);
        unpinned.remove(SourceAccess.PIN);
        FirnSourceConnector connector = new FirnSourceConnector(new SourceAccess(() -> AllowedRoots.parse(null)));
        connector.start(unpinned);
        Map<String, String> task = new HashMap<>(connector.taskConfigs(1).get(0));
        connector.stop();
        task.putAll(config);
        return task;
    }

    private FirnSourceTask task() {
        FirnSourceTask task = new FirnSourceTask(access, ReplayClock.SYSTEM);
        task.initialize(new FreshContext());
        return task;
    }

    private List<String> errors(Map<String, String> config) {
        return new FirnSourceConnector(access)
                .validate(config).configValues().stream()
                        .flatMap(value -> value.errorMessages().stream())
                        .toList();
    }

    private static Map<String, String> config(Path archive) {
        Map<String, String> config = new HashMap<>();
        config.put("name", "access");
        for (String part : new String[] {"key", "value", "header"}) {
            config.put(part + ".converter", "org.apache.kafka.connect.converters.ByteArrayConverter");
        }
        config.put("firn.path", archive.toString());
        return config;
    }
}
