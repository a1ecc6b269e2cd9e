package io.firn.flink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.error.ConfigException;
import io.firn.error.NotFoundException;
import io.firn.table.ArchiveRoot;
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
