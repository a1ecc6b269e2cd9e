package io.firn.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.firn.lifecycle.LifecycleManager;
import io.firn.lifecycle.LifecycleOptions;
import io.firn.lifecycle.LifecycleRequest;
import io.firn.partition.PartitionMapping;
import io.firn.record.StreamRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What access the files of an archive give that is written, settled and compressed by a process with an umask. */
class CreationModesTest {
    @TempDir
    Path directory;

    @BeforeEach
    void needsPosix() {
        assumeTrue(directory.getFileSystem().supportedFileAttributeViews().contains("posix"), "no POSIX file system");
    }

    @ParameterizedTest
    @CsvSource({"000, rw-r-----, rwxr-x---", "077, rw-------, rwx------"})
    void umaskTakesAwayFromTheModesAndNeverAdds(String umask, String file, String subdirectory) throws Exception {
        Path archive = directory.resolve("archive");
        Process process = new ProcessBuilder(
                        "sh",
                        "-c",
                        "umask " + umask + " && exec \"$0\" -XX:TieredStopAtLevel=1 -cp \"$1\" \"$2\" \"$3\"",
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        System.getProperty("java.class.path"),
                        CreationModesTest.class.getName(),
                        archive.toString())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("output").toFile())
                .start();

        assertThat(process.waitFor()).isZero();
        assertThat(modes(archive, false)).containsExactly(file);
        assertThat(modes(archive, true)).containsExactly(subdirectory);
        assertThat(names(archive)).anyMatch(name -> name.endsWith(".q.zst")).anyMatch(name -> name.equals("lock"));
    }

    /** Writes an archive: a committed lane, and a settled and compressed partition. */
    public static void main(String[] args) {
        ArchiveRoot root = ArchiveRoot.openOrCreate(Path.of(args[0]));
        PartitionMapping mapping = PartitionMapping.parse("dt:date=timestamp");
        TableConfig config = TableConfig.defaults();
        try (Table table = Table.create(root.tablePath("t"), mapping.scheme(), config)) {
            try (TableWriter writer =
                    table.writer(WriterOptions.named("w").mapping(mapping).build())) {
                for (int i = 0; i < 1_000; i++) {
                    writer.append(StreamRecord.atMillis(i).value(new byte[100]).build());
                }
                writer.finish();
            }
            try (LifecycleManager lifecycle = LifecycleManager.open(table, LifecycleOptions.defaults())) {
                lifecycle.run(LifecycleRequest.compressAll());
            }
            try (TableWriter writer =
                    table.writer(WriterOptions.named("w").mapping(mapping).build())) {
                writer.append(StreamRecord.atMillis(1).value(new byte[100]).build());
                writer.commit();
            }
        }
    }

    private static Set<String> modes(Path archive, boolean directories) throws IOException {
        Set<String> modes = new TreeSet<>();
        try (Stream<Path> paths = Files.walk(archive)) {
            for (Path path : (Iterable<Path>) paths::iterator) {
                if (Files.isDirectory(path) == directories) {
                    modes.add(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)));
                }
            }
        }
        return modes;
    }

    private static Set<String> names(Path archive) throws IOException {
        Set<String> names = new TreeSet<>();
        try (Stream<Path> paths = Files.walk(archive)) {
            paths.filter(Files::isRegularFile)
                    .map(path -> String.valueOf(path.getFileName()))
                    .forEach(names::add);
        }
        return names;
    }
}
