package io.firn.flink.source;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A new table for each test. */
abstract class ArchivedTableFixture {
    @TempDir
    Path directory;

    ArchivedTable archived;

    @BeforeEach
    void createTable() {
        archived = ArchivedTable.below(directory);
        SourceJobs.SEEN.clear();
    }

    @AfterEach
    void closeTable() {
        archived.close();
    }
}
