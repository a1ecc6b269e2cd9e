package io.firn.partition;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A bounded map from the characters of a key to a path that finds without allocating.
 *
 * <p>Two generations: when the young one is full it becomes the old one, and what is still used moves back. Confined to
 * one thread.
 */
final class PathCache {
    private static final int MAX_ENTRIES = 1 << 15;
    private static final int MAX_KEY_CHARS = 1 << 22;
    private static final int FIRST_SLOTS = 1 << 8;

    private Generation young = new Generation();
    private Generation old = new Generation();

    /** The path of a key, null when it is not cached. */
    @Nullable
    String get(char[] key, int length) {
        int hash = hash(key, length);
        String path = young.get(key, length, hash);
        if (path == null) {
            path = old.get(key, length, hash);
            if (path != null) {
                put(key, length, path);
            }
        }
        return path;
    }

    /** Adds a key that is not cached. */
    void put(char[] key, int length, String path) {
        if (young.isFull()) {
            old = young;
            young = new Generation();
        }
        young.put(Arrays.copyOf(key, length), hash(key, length), path);
    }

    private static int hash(char[] key, int length) {
        int hash = length;
        for (int i = 0; i < length; i++) {
            hash = hash * 31 + key[i];
        }
        hash *= 0x9E3779B1;
        return hash ^ hash >>> 15;
    }

    /** An open-addressing table without removal. */
    private static final class Generation {
        private @Nullable Entry[] slots = new @Nullable Entry[FIRST_SLOTS];
        private int entryCount;
        private int keyChars;

        boolean isFull() {
            return entryCount >= MAX_ENTRIES || keyChars >= MAX_KEY_CHARS;
        }

        @Nullable
        String get(char[] key, int length, int hash) {
            int mask = slots.length - 1;
            for (int i = hash & mask; ; i = i + 1 & mask) {
                Entry entry = slots[i];
                if (entry == null) {
                    return null;
                }
                if (entry.hash == hash && Arrays.equals(entry.key, 0, entry.key.length, key, 0, length)) {
                    return entry.path;
                }
            }
        }

        void put(char[] key, int hash, String path) {
            if (entryCount * 2 >= slots.length) {
                grow();
            }
            insert(new Entry(key, hash, path));
            entryCount++;
            keyChars += key.length;
        }

        private void insert(Entry entry) {
            int mask = slots.length - 1;
            int i = entry.hash & mask;
            while (slots[i] != null) {
                i = i + 1 & mask;
            }
            slots[i] = entry;
        }

        private void grow() {
            @Nullable Entry[] before = slots;
            slots = new @Nullable Entry[before.length * 2];
            for (Entry entry : before) {
                if (entry != null) {
                    insert(entry);
                }
            }
        }
    }

    private static final class Entry {
        private final char[] key;
        private final int hash;
        private final String path;

        Entry(char[] key, int hash, String path) {
            this.key = key;
            this.hash = hash;
            this.path = path;
        }
    }
}
