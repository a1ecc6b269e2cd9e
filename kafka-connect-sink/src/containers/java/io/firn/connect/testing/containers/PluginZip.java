package io.firn.connect.testing.containers;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/**
 * The zip of a connector, as users install it.
 *
 * @param file the zip
 */
record PluginZip(Path file) {
    /** The one that the build has made of a module. */
    static PluginZip of(Path module) throws IOException {
        Path target = module.resolve("target");
        try (Stream<Path> files = Files.list(target)) {
            List<Path> zips = files.filter(path -> path.getFileName().toString().endsWith("-plugin.zip"))
                    .toList();
            if (zips.size() != 1) {
                throw new IOException(
                        "there is not one plugin zip in " + target + " but " + zips + ": run mvn package");
            }
            return new PluginZip(zips.get(0));
        }
    }

    /** Unpacks it into a directory of the {@code plugin.path}. */
    void unpack(Path directory) throws IOException {
        try (InputStream in = Files.newInputStream(file);
                ZipInputStream zip = new ZipInputStream(in)) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                Path path = directory.resolve(entry.getName()).normalize();
                if (!path.startsWith(directory)) {
                    throw new IOException(file + " has an entry outside: " + entry.getName());
                }
                if (entry.isDirectory()) {
                    Files.createDirectories(path);
                } else {
                    Files.createDirectories(path.resolveSibling("."));
                    Files.copy(zip, path);
                }
            }
        }
    }
}
