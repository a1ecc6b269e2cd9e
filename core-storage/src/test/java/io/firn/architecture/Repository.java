package io.firn.architecture;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** The working copy that the tests run in, without what a build or an editor leaves there. */
public final class Repository {

    static final List<String> MODULES =
            List.of("core-storage", "kafka-connect-sink", "kafka-connect-source", "flink-connector", "examples");

    private static final Set<String> NOT_OURS =
            Set.of(".git", "target", ".idea", ".vscode", ".settings", ".project", ".classpath", ".DS_Store");

    private Repository() {}

    /** The root: the directory above this module that has the README's parent pom. */
    public static Path root() {
        Path directory = Path.of("").toAbsolutePath();
        while (!Files.isDirectory(directory.resolve("core-storage"))) {
            Path parent = directory.getParent();
            if (parent == null) {
                throw new IllegalStateException(
                        "no repository around " + Path.of("").toAbsolutePath());
            }
            directory = parent;
        }
        return directory;
    }

    /** Names at the top level. */
    static List<String> topLevel() throws IOException {
        Path root = root();
        return files().stream()
                .map(file -> root.relativize(file).getName(0).toString())
                .distinct()
                .sorted()
                .toList();
    }

    /** Every file of the repository: what git tracks, or, where there is no git, every file that looks like ours. */
    static List<Path> files() throws IOException {
        List<Path> tracked = tracked();
        return tracked.isEmpty() ? walk() : tracked;
    }

    private static List<Path> tracked() throws IOException {
        Path root = root();
        if (!Files.exists(root.resolve(".git"))) {
            return List.of();
        }
        Process git;
        try {
            git = new ProcessBuilder("git", "ls-files", "-z")
                    .directory(root.toFile())
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException noGit) {
            return List.of();
        }
        try (InputStream output = git.getInputStream()) {
            String names = new String(output.readAllBytes(), StandardCharsets.UTF_8);
            return Stream.of(names.split("\0", -1))
                    .filter(name -> !name.isEmpty())
                    .map(root::resolve)
                    .filter(Files::exists)
                    .toList();
        }
    }

    private static List<Path> walk() throws IOException {
        List<Path> found = new ArrayList<>();
        Files.walkFileTree(root(), new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
                return NOT_OURS.contains(directory.getFileName().toString())
                        ? FileVisitResult.SKIP_SUBTREE
                        : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                if (!NOT_OURS.contains(file.getFileName().toString())) {
                    found.add(file);
                }
                return FileVisitResult.CONTINUE;
            }
        });
        return found;
    }

    /** Java sources below {@code folder} (such as {@code src/main/java}) of every module. */
    static List<Path> sources(String folder) throws IOException {
        List<Path> found = new ArrayList<>();
        for (String module : MODULES) {
            Path directory = root().resolve(module).resolve(folder);
            if (Files.isDirectory(directory)) {
                try (Stream<Path> files = Files.walk(directory)) {
                    files.filter(file -> file.toString().endsWith(".java")).forEach(found::add);
                }
            }
        }
        return found;
    }
}
