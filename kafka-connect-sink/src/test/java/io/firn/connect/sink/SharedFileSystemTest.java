package io.firn.connect.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.fs.IoMode;
import io.firn.fs.LocalFileStore;
import io.firn.table.TableEnvironment;
import io.firn.testing.NetworkFileStore;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.errors.ConnectException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several tasks on a network file system. */
class SharedFileSystemTest {
    @TempDir
    Path directory;

    @Test
    void severalTasksNeedACoherentFileSystem() {
        assertThatThrownBy(() -> startLastTask(3, "nfs4", ""))
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("3 tasks cannot write to " + directory)
                .hasMessageContaining("type 'nfs4'")
                .hasMessageContaining("shared.fs=coherent");
        assertThatCode(() -> startLastTask(3, "nfs4", "coherent")).doesNotThrowAnyException();
    }

    @Test
    void oneTaskNeedsNone() {
        assertThatCode(() -> startLastTask(1, "cifs", "")).doesNotThrowAnyException();
    }

    @Test
    void validationLooksAtTheFileSystemOfThisHost() {
        Map<String, String> properties = properties("");
        properties.put("tasks.max", "3");
        assertThat(new FirnSinkConnector().validate(properties).configValues())
                .flatExtracting(value -> value.errorMessages())
                .isEmpty();
    }

    /** Starts the last of so many tasks, each configured by the connector. */
    private void startLastTask(int tasks, String type, String sharedFs) {
        FirnSinkConnector connector = new FirnSinkConnector();
        connector.start(properties(sharedFs));
        List<Map<String, String>> configurations = connector.taskConfigs(tasks);
        TableEnvironment mount = TableEnvironment.deterministic(
                new NetworkFileStore(LocalFileStore.open(IoMode.CHANNEL), type), InstantSource.system());
        FirnSinkTask task = new FirnSinkTask(new SinkEnvironment(mode -> mount, System::nanoTime));
        task.initialize(new IdleContext());
        try {
            task.start(configurations.get(tasks - 1));
        } finally {
            task.stop();
            connector.stop();
        }
    }

    private Map<String, String> properties(String sharedFs) {
        Map<String, String> properties = new HashMap<>();
        properties.put("name", "shared");
        properties.put("topics", "t");
        properties.put("firn.path", directory.toString());
        properties.put("shared.fs", sharedFs);
        return properties;
    }
}
