package io.firn.cli;

import io.firn.series.SeriesReader;
import io.firn.series.SeriesStore;
import io.firn.series.SeriesStoreOptions;
import io.firn.table.TableEnvironment;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Parameters;

/** The series store that a command is about. Confined to one thread. */
final class SeriesArgument {
    @Parameters(
            index = "0",
            paramLabel = "<store>",
            description = "Directory of a series store; to read, also a directory of such directories.")
    private Path path = Path.of("");

    /** Opens it for reading, which works while another process writes. */
    SeriesReader read() {
        return SeriesReader.open(path);
    }

    /** Opens it for writing, or makes it. */
    SeriesStore write(Map<String, String> options) {
        List<Path> stores = SeriesReader.storesAt(path, TableEnvironment.system());
        if (!stores.isEmpty() && !stores.equals(List.of(path.toAbsolutePath().normalize()))) {
            throw new UsageException(
                    path + " is a directory of stores, name one of them or a new one in it: " + stores);
        }
        return SeriesStore.open(
                path, UsageException.reading("--config", () -> SeriesStoreOptions.fromProperties(options)));
    }

    /** Opens one that is there for writing. */
    SeriesStore change(Map<String, String> options) {
        try (SeriesReader reader = read()) {
            if (!reader.stores().equals(List.of(reader.path()))) {
                throw new UsageException(path + " is a directory of stores, name one of them: " + reader.stores());
            }
        }
        return write(options);
    }
}
