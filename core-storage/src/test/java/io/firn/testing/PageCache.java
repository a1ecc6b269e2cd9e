package io.firn.testing;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Fills the machine's free memory with clean pages of the page cache, as on a server that has run for a while.
 *
 * <p>For benchmarks that write: on a virtual machine whose free pages go back to its host, the first touch of a page
 * costs five times and more what writing it costs, and whoever meets such pages would be measured by them. When memory
 * is full of clean pages every contender gets pages that the machine holds already. The pages are those of a file of
 * zeros that takes no space on the disk. Thread-safe; does nothing where there is no {@code /proc/meminfo}.
 */
public final class PageCache {
    private static final Path MEMORY = Path.of("/proc/meminfo");
    private static final String FREE = "MemFree:";
    private static final long FILE_BYTES = 8L << 40;
    private static final int CHUNK_BYTES = 1 << 20;
    private static final int CHUNKS_BETWEEN_LOOKS = 128;

    private static long position;
    private static @Nullable Path zeros;

    private PageCache() {}

    /** Reads zeros until that takes no free memory any more, because the system makes room for them among old pages. */
    public static synchronized void fill() throws IOException {
        if (!Files.exists(MEMORY)) {
            return;
        }
        Path file = zeros;
        if (file == null) {
            file = Files.createTempFile("firn-page-cache", null);
            file.toFile().deleteOnExit();
            zeros = file;
        }
        ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK_BYTES);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            if (channel.size() == 0) {
                channel.write(ByteBuffer.allocate(1), FILE_BYTES - 1);
            }
            long free = freeBytes();
            long before;
            do {
                for (int i = 0; i < CHUNKS_BETWEEN_LOOKS; i++) {
                    position += channel.read(chunk.clear(), position);
                }
                before = free;
                free = freeBytes();
            } while (before - free > CHUNKS_BETWEEN_LOOKS * (long) CHUNK_BYTES / 2);
        }
    }

    private static long freeBytes() throws IOException {
        List<String> lines = Files.readAllLines(MEMORY);
        for (String line : lines) {
            if (line.startsWith(FREE)) {
                return Long.parseLong(
                                line.substring(FREE.length()).replace("kB", "").strip())
                        << 10;
            }
        }
        throw new IOException(MEMORY + " says nothing of free memory: " + lines);
    }
}
