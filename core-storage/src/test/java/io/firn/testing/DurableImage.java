package io.firn.testing;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a disk is known to hold: the other image of a {@link CrashFileStore}.
 *
 * <p>A failed force may leave pages clean that are not durable: {@link #forgetDirtyPages} makes those pages known, and no
 * later force writes them unless they change again. Thread-safe.
 */
final class DurableImage implements MemoryDisk {
    static final int PAGE_BYTES = 4096;

    private static final byte[] NOTHING = {};

    /** A name that became another one; compared by identity. */
    private static final class Rename {
        private final MemoryNode.Directory from;
        private final String oldName;
        private final MemoryNode.Directory to;
        private final String newName;

        Rename(MemoryNode.Directory from, String oldName, MemoryNode.Directory to, String newName) {
            this.from = from;
            this.oldName = oldName;
            this.to = to;
            this.newName = newName;
        }

        boolean movesDirectory() {
            return to.entries.get(newName) instanceof MemoryNode.Directory;
        }
    }

    private final Map<MemoryFile, byte[]> files = new HashMap<>();
    private final Map<MemoryFile, byte[]> falselyClean = new HashMap<>();
    private final Map<MemoryNode.Directory, Map<String, MemoryNode>> directories = new HashMap<>();
    private final Map<MemoryNode.Directory, Map<String, Rename>> renames = new HashMap<>();

    /** Durable bytes of a file; the array is as long as its durable size. Do not change it. */
    synchronized byte[] content(MemoryFile file) {
        return files.getOrDefault(file, NOTHING);
    }

    /** Durable entries of a directory. Do not change them. */
    synchronized Map<String, MemoryNode> entries(MemoryNode.Directory directory) {
        return directories.getOrDefault(directory, Map.of());
    }

    /** The rename that an entry took part in since its directory was forced, else an object of its own. */
    synchronized Object rename(MemoryNode.Directory directory, String name) {
        Rename rename = renames.getOrDefault(directory, Map.of()).get(name);
        return rename == null ? new Object() : rename;
    }

    /** Everything below a directory is durable as it is. */
    synchronized void forceAll(MemoryNode.Directory directory) {
        forceEntries(directory);
        for (MemoryNode node : directory.entries.values()) {
            if (node instanceof MemoryNode.Directory child) {
                forceAll(child);
            } else if (node instanceof MemoryNode.File file) {
                force(file.content());
            }
        }
    }

    @Override
    public synchronized void force(MemoryFile file) {
        byte[] live = file.bytes();
        byte[] durable = Arrays.copyOf(content(file), live.length);
        copyPages(file, live, durable, 0, live.length);
        files.put(file, durable);
    }

    @Override
    public synchronized void forceRange(MemoryFile file, long from, long to) {
        byte[] durable = content(file);
        int start = (int) (from / PAGE_BYTES * PAGE_BYTES);
        int end = (int) Math.min(durable.length, (to + PAGE_BYTES - 1) / PAGE_BYTES * PAGE_BYTES);
        if (start < end) {
            if (falselyClean.containsKey(file)) {
                copyPages(file, file.bytes(), durable, start, end);
            } else {
                file.copyTo(durable, start, end);
            }
        }
    }

    private void copyPages(MemoryFile file, byte[] live, byte[] durable, int start, int end) {
        byte[] clean = falselyClean.getOrDefault(file, NOTHING);
        for (int from = start; from < end; from += PAGE_BYTES) {
            int to = Math.min(Math.min(from + PAGE_BYTES, end), live.length);
            boolean known = to <= clean.length && from < to && Arrays.equals(live, from, to, clean, from, to);
            if (from < to && !known) {
                System.arraycopy(live, from, durable, from, to - from);
            }
        }
    }

    /** The kernel reported an error and forgot which pages of a file are dirty. */
    synchronized void forgetDirtyPages(MemoryFile file) {
        falselyClean.put(file, file.bytes());
    }

    @Override
    public synchronized void forceEntries(MemoryNode.Directory directory) {
        directories.put(directory, new TreeMap<>(directory.entries));
        Map<String, Rename> durableRenames = renames.remove(directory);
        if (durableRenames != null) {
            durableRenames.values().stream().filter(Rename::movesDirectory).forEach(this::forceBothEntries);
        }
    }

    /** A directory never stands under two names: its rename is one change of the file system's journal. */
    private void forceBothEntries(Rename rename) {
        durableEntries(rename.from).remove(rename.oldName);
        entryChanged(rename.from, rename.oldName);
        MemoryNode moved = rename.to.entries.get(rename.newName);
        if (moved != null) {
            durableEntries(rename.to).put(rename.newName, moved);
            entryChanged(rename.to, rename.newName);
        }
    }

    private Map<String, MemoryNode> durableEntries(MemoryNode.Directory directory) {
        return directories.computeIfAbsent(directory, ignored -> new TreeMap<>());
    }

    @Override
    public synchronized void entryChanged(MemoryNode.Directory directory, String name) {
        Map<String, Rename> known = renames.get(directory);
        if (known != null) {
            known.remove(name);
        }
    }

    @Override
    public synchronized void entryMoved(
            MemoryNode.Directory from, String oldName, MemoryNode.Directory to, String newName) {
        Rename rename = new Rename(from, oldName, to, newName);
        renames.computeIfAbsent(from, ignored -> new TreeMap<>()).put(oldName, rename);
        renames.computeIfAbsent(to, ignored -> new TreeMap<>()).put(newName, rename);
    }

    /** One page of a file, or one entry of a directory, reaches the disk early, as kernels do at any time. */
    synchronized void writeBackPage(MemoryFile file, int from) {
        file.copyTo(content(file), from, from + PAGE_BYTES);
    }
}
