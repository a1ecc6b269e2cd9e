package io.firn.flink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.error.ConfigException;
import io.firn.error.NotFoundException;
import io.firn.table.AllowedRoots;
import io.firn.table.ArchiveRoot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TableLocationTest {
    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"/data/firn", "/data/firn/", "file:/data/firn", "file:///data/firn", "/data/x/../firn"})
    void takesAbsolutePathsAndFileUris(String path) {
        assertThat(TableLocation.of(path, "t").path()).isEqualTo("/data/firn");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "s3://bucket/firn",
                "hdfs://name/firn",
                "file://host/data/firn",
                "gs://bucket/x",
                "data/firn",
                "/",
                "",
                "file:///",
                "s3:/x y"
            })
    void refusesEverythingElseAndQuotesIt(String path) {
        assertThatThrownBy(() -> TableLocation.of(path, "t"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("'" + path + "'")
                .hasMessageContaining("'path'");
    }

    @Test
    void pathsAndTablesOutsideTheAllowedRootsAreRefused() throws IOException {
        Path inside = Files.createDirectory(directory.resolve("in"));
        AllowedRoots allowed = AllowedRoots.parse(inside.toString());
        FlinkMemory.check(TableLocation.of(inside.toString(), "t"), allowed);
        assertThatThrownBy(() -> FlinkMemory.check(TableLocation.of(directory.toString(), "t"), allowed))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("'path'")
                .hasMessageContaining("FIRN_ALLOWED_ROOTS");
        Files.createSymbolicLink(inside.resolve("t"), directory);
        assertThatThrownBy(() -> FlinkMemory.check(TableLocation.of(inside.toString(), "t"), allowed))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("'table'");
    }

    @Test
    void aPinnedArchiveThatIsMissingIsNotMade() {
        Path archive = directory.resolve("archive");
        TableLocation pinned = new TableLocation(archive.toString(), "t", "an-id", "auto", "");

        assertThatThrownBy(pinned::rootOrCreate).isInstanceOf(NotFoundException.class);
        assertThat(archive).doesNotExist();
    }

    @Test
    void anArchiveThatIsNotThereOrAnotherOneIsNamedWithTheHost() {
        TableLocation location = TableLocation.of(directory.resolve("archive").toString(), "t");
        assertThatThrownBy(location::root)
                .isInstanceOf(NotFoundException.class)
                .hasMessageContaining(ArchiveRoot.hostName())
                .hasMessageContaining(location.path());
        assertThat(location.exists()).isFalse();
        ArchiveRoot made = location.rootOrCreate();
        assertThat(location.root().id()).isEqualTo(made.id());
        TableLocation pinned = new TableLocation(location.path(), "t", "another", "auto", "");
        assertThatThrownBy(pinned::root)
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(made.id().toString())
                .hasMessageContaining("another");
    }
}
