package io.firn.examples.flink;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The {@code lib} directory of a cluster: the jars of Flink, its Kafka connector and their libraries, out of the class
 * path of this JVM, and Firn's fat jar. No other class of the project is there.
 */
final class ClusterLibrary {
    /** The connector, as a user drops it into {@code lib}. */
    static final Path FAT_JAR = Path.of(System.getProperty("firn.flink.jar")).normalize();

    /** The Kafka client that Flink's connector is made for; the broker of this JVM has a later one. */
    private static final Path OWN_JARS = Path.of(System.getProperty("firn.cluster.lib"));

    /** What jars of a cluster begin with. */
    private static final List<String> PREFIXES = List.of(
            "async-profiler-",
            "commons-",
            "flink-",
            "icu4j-",
            "javassist-",
            "jsr305-",
            "kryo-",
            "log4j-",
            "lz4-java-",
            "minlog-",
            "objenesis-",
            "reflectasm-",
            "slf4j-api-",
            "snakeyaml-engine-",
            "snappy-java-");

    /** What only tests within this JVM use. */
    private static final List<String> OF_TESTS =
            List.of("flink-connector-files-", "flink-csv-", "flink-json-", "flink-table-");

    private ClusterLibrary() {}

    /** Fills a new directory with links. */
    static Path link(Path directory) throws IOException {
        Files.createDirectories(directory);
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        Arrays.stream(classPath.split(File.pathSeparator)).map(Path::of).forEach(jar -> link(directory, jar));
        try (Stream<Path> jars = Files.list(OWN_JARS)) {
            jars.forEach(jar -> link(directory, jar, jar.getFileName()));
        }
        link(directory, FAT_JAR, FAT_JAR.getFileName());
        return directory;
    }

    private static void link(Path directory, Path jar) {
        Path name = jar.getFileName();
        if (name != null
                && PREFIXES.stream().anyMatch(name.toString()::startsWith)
                && OF_TESTS.stream().noneMatch(name.toString()::startsWith)
                && name.toString().endsWith(".jar")) {
            link(directory, jar, name);
        }
    }

    private static void link(Path directory, Path jar, @Nullable Path name) {
        try {
            Files.createSymbolicLink(directory.resolve(String.valueOf(name)), jar.toAbsolutePath());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
