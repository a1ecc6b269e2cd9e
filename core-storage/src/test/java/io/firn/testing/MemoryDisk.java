package io.firn.testing;

/** Learns what becomes durable, and which names change, in a store in memory. */
interface MemoryDisk {
    /** A disk that keeps nothing. */
    MemoryDisk NONE = new MemoryDisk() {
        @Override
        public void force(MemoryFile file) {}

        @Override
        public void forceRange(MemoryFile file, long from, long to) {}

        @Override
        public void forceEntries(MemoryNode.Directory directory) {}

        @Override
        public void entryChanged(MemoryNode.Directory directory, String name) {}

        @Override
        public void entryMoved(MemoryNode.Directory from, String oldName, MemoryNode.Directory to, String newName) {}
    };

    /** Content and size of a file are durable. */
    void force(MemoryFile file);

    /** The pages that hold bytes {@code [from, to)} of a file are durable. */
    void forceRange(MemoryFile file, long from, long to);

    /** The entries of a directory are durable. */
    void forceEntries(MemoryNode.Directory directory);

    /** An entry was made or removed. */
    void entryChanged(MemoryNode.Directory directory, String name);

    /** An entry was renamed. */
    void entryMoved(MemoryNode.Directory from, String oldName, MemoryNode.Directory to, String newName);
}
