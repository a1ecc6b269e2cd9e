package io.firn.examples.flink;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Looks into another JVM of this host with the JDK's own tools. Thread-safe. */
record JvmInspection(long pid) {
    private static final long TIMEOUT_SECONDS = 60;
    /** Of jcmd itself, whose default is 10 seconds. */
    private static final String ATTACH_TIMEOUT = "-J-Dsun.tools.attach.attachTimeout=60000";

    /** Names of live threads that contain a text. */
    List<String> threads(String part) throws IOException, InterruptedException {
        return jcmd("Thread.print")
                .lines()
                .filter(line -> line.startsWith("\""))
                .map(line -> line.substring(1, line.indexOf('"', 1)))
                .filter(name -> name.contains(part))
                .toList();
    }

    /** Instances of a class after a full collection, of all class loaders together. */
    long instances(String className) throws IOException, InterruptedException {
        return jcmd("GC.class_histogram")
                .lines()
                .map(line -> line.strip().split("\\s+"))
                .filter(columns -> columns.length >= 4 && columns[3].equals(className))
                .mapToLong(columns -> Long.parseLong(columns[1]))
                .sum();
    }

    /** Files below a directory that are mapped. */
    List<String> mappings(Path directory) throws IOException {
        try (var lines = Files.lines(Path.of("/proc", Long.toString(pid), "maps"))) {
            return lines.filter(line -> line.contains(directory.toString())).toList();
        }
    }

    private String jcmd(String command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                        ATTACH_TIMEOUT,
                        Long.toString(pid),
                        command)
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
            throw new IOException("jcmd " + pid + " " + command + " failed: " + output);
        }
        return output;
    }
}
