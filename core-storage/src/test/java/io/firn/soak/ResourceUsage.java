package io.firn.soak;

import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;

/**
 * What a process holds at one moment.
 *
 * @param handles open file descriptors
 * @param mappings mapped files of the table
 * @param threads live threads
 * @param heapKiB used heap after a collection
 * @param directKiB direct buffers
 * @param residentKiB memory of the process as the system counts it
 */
record ResourceUsage(long handles, long mappings, long threads, long heapKiB, long directKiB, long residentKiB) {
    private static final int PAGE_KIB = 4;

    /** Measures this process, after a collection. */
    static ResourceUsage now(Path table) throws IOException {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return new ResourceUsage(
                handlesOfThisProcess(),
                mappingsBelow(table),
                ManagementFactory.getThreadMXBean().getThreadCount(),
                (runtime.totalMemory() - runtime.freeMemory()) >> 10,
                directBytes() >> 10,
                residentPages() * PAGE_KIB);
    }

    /** The inverse of {@link #toString}. */
    static ResourceUsage parse(String text) {
        long[] numbers = Arrays.stream(text.trim().split(" ", -1))
                .mapToLong(Long::parseLong)
                .toArray();
        return new ResourceUsage(numbers[0], numbers[1], numbers[2], numbers[3], numbers[4], numbers[5]);
    }

    /** The least of each: what is held for a moment only does not count. */
    static ResourceUsage least(List<ResourceUsage> samples) {
        return new ResourceUsage(
                least(samples, ResourceUsage::handles),
                least(samples, ResourceUsage::mappings),
                least(samples, ResourceUsage::threads),
                least(samples, ResourceUsage::heapKiB),
                least(samples, ResourceUsage::directKiB),
                least(samples, ResourceUsage::residentKiB));
    }

    private static long least(List<ResourceUsage> samples, ToLongFunction<ResourceUsage> number) {
        return samples.stream().mapToLong(number).min().orElseThrow();
    }

    private static long handlesOfThisProcess() throws IOException {
        try (Stream<Path> handles = Files.list(Path.of("/proc/self/fd"))) {
            return handles.count();
        }
    }

    private static long mappingsBelow(Path table) throws IOException {
        try (Stream<String> mappings = Files.lines(Path.of("/proc/self/maps"))) {
            return mappings.filter(line -> line.contains(table.toString())).count();
        }
    }

    private static long directBytes() {
        return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .filter(pool -> pool.getName().equals("direct"))
                .mapToLong(BufferPoolMXBean::getMemoryUsed)
                .sum();
    }

    private static long residentPages() throws IOException {
        return Long.parseLong(Files.readString(Path.of("/proc/self/statm")).split(" ", -1)[1]);
    }

    @Override
    public String toString() {
        return handles + " " + mappings + " " + threads + " " + heapKiB + " " + directKiB + " " + residentKiB;
    }
}
