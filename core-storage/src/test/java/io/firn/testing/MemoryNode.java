package io.firn.testing;

import java.util.TreeMap;

/** What a directory entry of a {@link MemoryTree} leads to. */
sealed interface MemoryNode {
    /** A directory. Guarded by the monitor of its tree. */
    final class Directory implements MemoryNode {
        /** Names as every process sees them. */
        final TreeMap<String, MemoryNode> entries = new TreeMap<>();
    }

    /** A file. */
    record File(MemoryFile content) implements MemoryNode {}
}
