package io.firn.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.error.ConfigException;
import io.firn.fs.FileStore;
import io.firn.fs.IoMode;
import io.firn.fs.LocalFileStore;
import io.firn.partition.PartitionScheme;
import io.firn.record.StreamRecord;
import io.firn.testing.NetworkFileStore;
import java.nio.file.Path;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code shared.fs}: what several hosts may do on a network file system. */
class SharedFileSystemTest {
    private static final StreamRecord RECORD =
            StreamRecord.atNanos(1).value(new byte[] {1}).build();

    @TempDir
    Path directory;

    private final TableEnvironment local = environment(LocalFileStore.open(IoMode.CHANNEL));
    private final TableEnvironment nfs = environment(new NetworkFileStore(LocalFileStore.open(IoMode.CHANNEL), "nfs4"));

    private static TableEnvironment environment(FileStore store) {
        return TableEnvironment.deterministic(store, InstantSource.system());
    }

    @Test
    void sharingIsRefusedOnANetworkFileSystemThatIsNotSaidToBeCoherent() {
        Path archive = directory.resolve("not/there/yet");
        assertThatThrownBy(() -> nfs.requireShareable("4 tasks cannot write to", archive))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith("4 tasks cannot write to " + archive)
                .hasMessageContaining("type 'nfs4'")
                .hasMessageContaining("shared.fs=coherent");
        assertThatCode(() -> nfs.withSharedFs("coherent").requireShareable("4 tasks", archive))
                .doesNotThrowAnyException();
        assertThatCode(() -> local.requireShareable("4 tasks", archive)).doesNotThrowAnyException();
        assertThatThrownBy(() -> nfs.withSharedFs("coherent").withSharedFs("").requireShareable("4 tasks", archive))
                .isInstanceOf(ConfigException.class);
    }

    @Test
    void nothingElseIsAValue() {
        assertThatThrownBy(() -> local.withSharedFs("yes"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("'yes' for 'shared.fs'")
                .hasMessageContaining("coherent");
    }

    @Test
    void anOpenWriterIsNotTakenOverThere() {
        Path path = directory.resolve("t");
        WriterOptions takeOver = WriterOptions.named("main").takeOver(true).build();
        try (Table table = Table.create(path, PartitionScheme.unpartitioned(), TableConfig.defaults(), nfs)) {
            try (TableWriter writer = table.writer(takeOver)) {
                writer.append(RECORD);
                assertThatThrownBy(() -> table.writer(takeOver))
                        .isInstanceOf(ConfigException.class)
                        .hasMessageContaining("Writer 'main' is open in another place")
                        .hasMessageContaining(path.toString())
                        .hasMessageContaining("type 'nfs4'")
                        .hasMessageContaining("shared.fs=coherent");
                assertThat(writer.commit()).isEqualTo(1);
            }
            try (TableWriter next = table.writer(takeOver)) {
                assertThat(next.position()).isEqualTo(1);
            }
        }
    }

    @Test
    void itIsTakenOverWhereTheFileSystemIsSaidToBeCoherent() {
        WriterOptions takeOver = WriterOptions.named("main").takeOver(true).build();
        try (Table table = Table.create(
                        directory.resolve("t"),
                        PartitionScheme.unpartitioned(),
                        TableConfig.defaults(),
                        nfs.withSharedFs("coherent"));
                TableWriter first = table.writer(takeOver);
                TableWriter second = table.writer(takeOver)) {
            assertThat(first.position()).isZero();
            second.append(RECORD);
            assertThat(second.commit()).isEqualTo(1);
        }
    }
}
