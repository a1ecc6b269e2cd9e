package io.firn.connect.testing;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The plugin path of a worker: packaged plugins, and connectors of a few test classes. Confined to one thread. */
public final class PluginPath {
    private final Path path;

    private PluginPath(Path path) {
        this.path = path;
    }

    /** An empty plugin path below a directory. */
    public static PluginPath in(Path directory) throws IOException {
        return new PluginPath(Files.createDirectories(directory.resolve("plugins")));
    }

    /** Copies the jars of a packaged plugin. */
    public PluginPath packaged(String name, Path jars) throws IOException {
        Path plugin = Files.createDirectory(path.resolve(name));
        try (Stream<Path> files = Files.list(jars)) {
            for (Path jar : files.toList()) {
                Files.copy(jar, plugin.resolve(jar.getFileName().toString()));
            }
        }
        return this;
    }

    /** Makes a plugin of a connector's class and the classes that it needs; {@code service} is what it is found as. */
    public PluginPath classes(String name, Class<?> service, Class<?> connector, List<Class<?>> others)
            throws IOException {
        Path plugin = Files.createDirectory(path.resolve(name));
        copy(connector, plugin);
        for (Class<?> other : others) {
            copy(other, plugin);
        }
        Path services = Files.createDirectories(plugin.resolve("META-INF/services"));
        Files.writeString(services.resolve(service.getName()), connector.getName() + "\n");
        return this;
    }

    private static void copy(Class<?> type, Path plugin) throws IOException {
        String file = type.getName().replace('.', '/') + ".class";
        Path target = plugin.resolve(file);
        Files.createDirectories(target.resolveSibling("."));
        try (InputStream in = type.getClassLoader().getResourceAsStream(file)) {
            if (in == null) {
                throw new IOException(file + " is not on the class path");
            }
            Files.copy(in, target);
        }
    }

    /** The directory for the worker's {@code plugin.path}. */
    public Path path() {
        return path;
    }
}
