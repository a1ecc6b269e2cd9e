package io.firn.examples;

import io.firn.table.ArchiveRoot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Where the quickstart finds its input and leaves its output.
 *
 * <p>Immutable; thread-safe.
 *
 * @param repository where it runs
 */
record QuickstartPlaces(Repository repository) {
    private static final String TARGET = "examples/target/quickstart";

    /**
     * The places of a new run: what an earlier one left is deleted.
     *
     * @param workingDirectory the repository or its {@code examples} directory
     */
    static QuickstartPlaces fresh(Path workingDirectory) throws IOException {
        QuickstartPlaces places = new QuickstartPlaces(Repository.around(workingDirectory));
        if (!Files.isRegularFile(places.input())) {
            throw new IOException("no " + places.input() + "; run the quickstart in the repository");
        }
        Directories.delete(places.target());
        Files.createDirectories(places.target());
        return places;
    }

    /** The file with the flights. */
    Path input() {
        return repository.root().resolve("examples/data/flights-2001-week1.csv.gz");
    }

    /** The directory that holds the sink's plugin directory. */
    Path sinkPlugins() {
        return repository.sinkPlugins();
    }

    /** The directory that holds the source's plugin directory. */
    Path sourcePlugins() {
        return repository.sourcePlugins();
    }

    /** The broker's data, deleted after the run. */
    Path broker() {
        return target().resolve("broker");
    }

    /** Configuration and log of the Connect worker. */
    Path worker() {
        return target().resolve("worker");
    }

    /** The archive root. */
    Path archive() {
        return target().resolve("archive");
    }

    /** The table of a topic. */
    Path table(String topic) {
        return archive().resolve(topic);
    }

    /** Whether the sink has made the table. */
    boolean hasTable(String topic) {
        return Files.isDirectory(archive())
                && ArchiveRoot.tablesBelow(archive()).contains(topic);
    }

    /** What to try on the archive that is left behind. */
    List<String> commandsToTry(String topic) {
        String table = TARGET + "/archive/" + topic;
        return List.of(
                "",
                "the archive is in " + table + "; try:",
                "  bin/firn stats  " + table,
                "  bin/firn ls     " + table + " --where \"dt >= '2001-01-02' and origin = 'ATL'\"",
                "  bin/firn cat    " + table + " --where \"origin = 'SEA'\" --limit 5",
                "  bin/firn cat    " + table + " --from 2001-01-03T12:00:00Z --to 2001-01-03T12:05:00Z",
                "  bin/firn verify " + table);
    }

    /** Deletes the broker's data. */
    void deleteBroker() throws IOException {
        Directories.delete(broker());
    }

    private Path target() {
        return repository.root().resolve(TARGET);
    }
}
