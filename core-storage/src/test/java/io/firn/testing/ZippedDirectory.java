package io.firn.testing;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;

/** Whole directories as checked-in archives. Thread-safe: no state. */
public final class ZippedDirectory {
    private ZippedDirectory() {}

    /** Unpacks an archive into a directory that does not exist yet; returns the directory. */
    public static Path unpack(InputStream archive, Path directory) throws IOException {
        Files.createDirectory(directory);
        ZipInputStream zip = new ZipInputStream(archive);
        for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
            Path file = directory.resolve(entry.getName());
            if (entry.isDirectory()) {
                Files.createDirectories(file);
            } else {
                Files.copy(zip, file);
            }
        }
        return directory;
    }

    /** Packs everything below a directory, directories too. */
    public static void pack(Path directory, Path archive) throws IOException {
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(archive));
                Stream<Path> files = Files.walk(directory)) {
            for (Path file :
                    files.filter(each -> !each.equals(directory)).sorted().toList()) {
                String name = directory.relativize(file).toString();
                boolean isDirectory = Files.isDirectory(file);
                zip.putNextEntry(new ZipEntry(isDirectory ? name + "/" : name));
                if (!isDirectory) {
                    Files.copy(file, zip);
                }
            }
        }
    }
}
