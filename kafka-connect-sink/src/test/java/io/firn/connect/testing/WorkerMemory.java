package io.firn.connect.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * What a process holds at a moment; only on Linux.
 *
 * @param liveHeapBytes used heap after a full collection
 * @param directBytes direct buffers
 * @param mappedBytes mapped buffers of the JVM, address space rather than memory
 * @param residentBytes resident set, with the pages of mapped files that are in use
 * @param anonymousBytes the part of it that is no file: heap, stacks, malloc
 * @param files open file descriptors
 * @param mappings lines of its memory map
 * @param threads threads
 */
public record WorkerMemory(
        long liveHeapBytes,
        long directBytes,
        long mappedBytes,
        long residentBytes,
        long anonymousBytes,
        long files,
        long mappings,
        long threads) {
    /** Looks at a process of this user; asks for a full collection first. */
    public static WorkerMemory of(long pid) {
        Path proc = Path.of("/proc", Long.toString(pid));
        try (WorkerJmx jmx = WorkerJmx.attach(pid)) {
            long heap = jmx.liveHeapBytes();
            List<String> status = Files.readAllLines(proc.resolve("status"), StandardCharsets.UTF_8);
            return new WorkerMemory(
                    heap,
                    pool(jmx, "direct"),
                    pool(jmx, "mapped"),
                    field(status, "VmRSS") << 10,
                    field(status, "RssAnon") << 10,
                    files(proc),
                    Files.readAllLines(proc.resolve("maps"), StandardCharsets.ISO_8859_1)
                            .size(),
                    field(status, "Threads"));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot look at process " + pid, e);
        }
    }

    private static long pool(WorkerJmx jmx, String name) {
        return jmx.numbers("java.nio:type=BufferPool,name=" + name)
                .getOrDefault("MemoryUsed", 0.0)
                .longValue();
    }

    private static long field(List<String> status, String name) {
        return status.stream()
                .filter(line -> line.startsWith(name + ":"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst()
                .orElseThrow();
    }

    private static long files(Path proc) throws IOException {
        try (Stream<Path> open = Files.list(proc.resolve("fd"))) {
            return open.count();
        }
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "live heap %d MiB, direct %d MiB, mapped %d MiB, resident %d MiB (no file %d MiB), %d files,"
                        + " %d mappings, %d threads",
                liveHeapBytes >> 20,
                directBytes >> 20,
                mappedBytes >> 20,
                residentBytes >> 20,
                anonymousBytes >> 20,
                files,
                mappings,
                threads);
    }
}
