package io.firn.connect.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.record.StreamRecord;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.RetriableException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A task whose files cannot be read for a while, or for ever: each is a directory then. */
class ReadErrorsTest {
    private static final int ATTEMPTS = 20;

    @TempDir
    Path root;

    @BeforeEach
    void archive() {
        try (ArchiveFixture archive = ArchiveFixture.open(root, "g", "", "g", 0)) {
            byte[] value = "a".getBytes(StandardCharsets.UTF_8);
            archive.append(0, 0, StreamRecord.atMillis(1_000).value(value).build());
            archive.commit();
        }
    }

    private List<Path> hotFiles() throws IOException {
        try (Stream<Path> files = Files.list(root.resolve("g/_table/hot"))) {
            return files.toList();
        }
    }

    private Path away(Path file) {
        return root.resolve(file.getFileName() + ".away");
    }

    private List<Path> makeUnreadable() throws IOException {
        List<Path> files = hotFiles();
        for (Path file : files) {
            Files.move(file, away(file));
            Files.createDirectory(file);
        }
        return files;
    }

    @Test
    void aTaskWaitsBeforeItTriesAgain() throws IOException {
        try (ReplayRun run = ReplayRun.start(root)) {
            List<Path> files = makeUnreadable();
            for (int attempt = 1; attempt < ATTEMPTS; attempt++) {
                long beforeMs = run.nowMs();
                assertThatThrownBy(run::poll).isInstanceOf(RetriableException.class);
                assertThat(run.nowMs() - beforeMs).isEqualTo(1_000);
            }
            for (Path file : files) {
                Files.delete(file);
                Files.move(away(file), file);
            }
            assertThat(run.takeAll()).hasSize(1);
        }
    }

    @Test
    void aTaskGivesUpAfterSomeAttempts() throws IOException {
        try (ReplayRun run = ReplayRun.start(root)) {
            makeUnreadable();
            for (int attempt = 1; attempt < ATTEMPTS; attempt++) {
                assertThatThrownBy(run::poll).isInstanceOf(RetriableException.class);
            }
            assertThatThrownBy(run::poll)
                    .isInstanceOf(ConnectException.class)
                    .isNotInstanceOf(RetriableException.class)
                    .hasMessageContaining("(" + ATTEMPTS + " attempts)");
        }
    }
}
