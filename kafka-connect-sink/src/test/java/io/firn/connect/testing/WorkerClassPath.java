package io.firn.connect.testing;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The class path of a stock worker: the Kafka jars that this JVM runs on, without the project's own jars.
 *
 * <p>Thread-safe.
 */
final class WorkerClassPath {
    /** Jars of this JVM that a stock worker does not have, so that a plugin must bring its own. */
    private static final List<String> NOT_IN_A_WORKER = List.of(
            "firn-",
            "caffeine-",
            "avro-",
            "RoaringBitmap-",
            "picocli-",
            "junit-",
            "assertj-",
            "awaitility-",
            "archunit",
            "surefire-",
            "error_prone",
            "byte-buddy",
            "hamcrest-",
            "opentest4j-",
            "apiguardian-",
            "jspecify-");

    private WorkerClassPath() {}

    static String ofThisJvm() {
        String own = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        return Arrays.stream(own.split(File.pathSeparator))
                .filter(WorkerClassPath::belongsToWorker)
                .collect(Collectors.joining(File.pathSeparator));
    }

    private static boolean belongsToWorker(String entry) {
        Path path = Path.of(entry);
        if (!entry.endsWith(".jar") || !Files.isRegularFile(path)) {
            return false;
        }
        String name = path.getFileName().toString();
        return NOT_IN_A_WORKER.stream().noneMatch(name::startsWith);
    }
}
