package io.firn.lifecycle;

import io.firn.log.HotInput;
import java.util.Arrays;
import java.util.function.IntPredicate;

/**
 * What is still to be rewritten of one lane's segment, by partition; partitions are indexes of an inventory.
 *
 * <p>Plain arrays, because thousands of partitions times hundreds of segments are kept. Confined to one thread.
 */
final class HotSegmentLoad {
    private static final int FIRST_CAPACITY = 8;

    private final HotInput input;
    private final long lastWriteMs;
    private int[] partitions = new int[FIRST_CAPACITY];
    private long[] bytes = new long[FIRST_CAPACITY];
    private int size;

    HotSegmentLoad(HotInput input, long lastWriteMs) {
        this.input = input;
        this.lastWriteMs = lastWriteMs;
    }

    HotInput input() {
        return input;
    }

    /** When the file was last written at the latest, milliseconds. */
    long lastWriteMs() {
        return lastWriteMs;
    }

    void add(int partition, long loadBytes) {
        if (size == partitions.length) {
            partitions = Arrays.copyOf(partitions, size * 2);
            bytes = Arrays.copyOf(bytes, size * 2);
        }
        partitions[size] = partition;
        bytes[size++] = loadBytes;
    }

    /** Whether nothing is left to rewrite. */
    boolean isEmpty() {
        return size == 0;
    }

    boolean holdsAny(IntPredicate wanted) {
        for (int i = 0; i < size; i++) {
            if (wanted.test(partitions[i])) {
                return true;
            }
        }
        return false;
    }

    void forEach(LoadVisitor visitor) {
        for (int i = 0; i < size; i++) {
            visitor.visit(partitions[i], bytes[i]);
        }
    }

    /** Takes the load of one partition. */
    interface LoadVisitor {
        /** Takes the bytes of a partition that are left. */
        void visit(int partition, long bytes);
    }
}
