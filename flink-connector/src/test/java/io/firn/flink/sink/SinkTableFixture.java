package io.firn.flink.sink;

import io.firn.flink.testing.FailurePoint;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A table for each test, which its first job makes; nothing fails before the test says so. */
abstract class SinkTableFixture {
    @TempDir
    Path directory;

    SinkTable table;

    @BeforeEach
    void begin() {
        FailurePoint.reset();
        table = new SinkTable(directory.resolve("archive"));
    }
}
