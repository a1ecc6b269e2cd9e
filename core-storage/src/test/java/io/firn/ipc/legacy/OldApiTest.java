package io.firn.ipc.legacy;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.ipc.Archive;
import io.firn.ipc.ArchiveReader;
import io.firn.table.CompressionPolicy;
import io.firn.table.Table;
import io.firn.testing.ForkedJvm;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The old API's names keep working beside the new ones for one release. */
@SuppressWarnings("removal")
class OldApiTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    @TempDir
    Path directory;

    @Test
    void theOldWriterAndTheNewOneWriteOneArchive() {
        Path root = directory.resolve("archive");
        try (LegacyArchiveWriter old =
                LegacyArchiveWriter.open(root, "binance", "BTC", "2026-01-31", "trades", 1 << 20)) {
            old.append(1, 10, "old".getBytes(StandardCharsets.UTF_8));
            old.flush();
            old.finish();
        }
        try (Archive archive = Archive.open(root, "binance", "BTC", "2026-01-31", "trades")) {
            archive.append(2, 20, "new".getBytes(StandardCharsets.UTF_8));
            assertThat(archive.table().config().segmentSizeBytes()).isEqualTo(1 << 20);
        }
        try (ArchiveReader reader = ArchiveReader.open(root, "binance", "BTC", "2026-01-31", "trades")) {
            assertThat(reader.next()).isTrue();
            assertThat(reader.typeId()).isEqualTo(1);
            assertThat(reader.next()).isTrue();
            assertThat(reader.sequence()).isEqualTo(1);
            assertThat(StandardCharsets.UTF_8.decode(reader.payload()).toString())
                    .isEqualTo("new");
            assertThat(reader.next()).isFalse();
        }
    }

    @Test
    void coldAfterIsTheAgeOfThePolicyAgeAfter() throws IOException {
        Path root = directory.resolve("archive");
        try (Archive archive = Archive.open(root, "binance", "BTC", "2026-01-31", "trades")) {
            archive.append(1, 10, "x".repeat(2 << 20).getBytes(StandardCharsets.UTF_8));
        }
        try (LegacyTiers tiers = LegacyTiers.open(root, Duration.ofDays(1))) {
            assertThat(tiers.policy()).isEqualTo(new CompressionPolicy.AgeAfter(Duration.ofDays(1)));
            assertThat(tiers.runOnce().errors()).isEmpty();
            assertThat(cold(root)).isEmpty();
        }
        try (Table table = Table.open(root)) {
            assertThat(table.config().compressionPolicy())
                    .isEqualTo(new CompressionPolicy.AgeAfter(Duration.ofDays(1)));
        }
        try (LegacyTiers tiers = LegacyTiers.open(root, Duration.ZERO)) {
            assertThat(tiers.runOnce().errors()).isEmpty();
            assertThat(cold(root)).hasSize(1);
        }
    }

    @Test
    void eachOldNameSaysOnceWhatToUseInstead() throws IOException {
        try (ForkedJvm user = ForkedJvm.of(OldApiUser.class, directory)
                .arguments(directory.resolve("archive"))
                .start()) {
            user.awaitLine("done"::equals, TIMEOUT);
        }
        List<String> warnings;
        try (Stream<Path> files = Files.list(directory)) {
            Path errors = files.filter(file -> file.toString().endsWith(".err"))
                    .findFirst()
                    .orElseThrow();
            warnings = Files.readAllLines(errors).stream()
                    .filter(line -> line.contains("deprecated API"))
                    .toList();
        }
        assertThat(warnings).hasSize(2);
        assertThat(warnings.get(0)).contains("LegacyArchiveWriter", "use=io.firn.ipc.Archive", "MIGRATION_GUIDE");
        assertThat(warnings.get(1)).contains("LegacyTiers", "age-after", "MIGRATION_GUIDE");
    }

    @Test
    void oldNamesAreMarkedForRemoval() {
        for (Class<?> old : List.of(LegacyArchiveWriter.class, LegacyTiers.class)) {
            Deprecated mark = Objects.requireNonNull(old.getAnnotation(Deprecated.class));
            assertThat(mark.forRemoval()).isTrue();
            assertThat(mark.since()).isEqualTo("0.1.0");
        }
    }

    private static List<Path> cold(Path root) throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(file -> file.toString().endsWith(".q.zst")).toList();
        }
    }
}
