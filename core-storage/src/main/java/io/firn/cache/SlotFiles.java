package io.firn.cache;

import io.firn.error.FirnException;
import io.firn.error.StorageFullException;
import io.firn.fs.FileStore;
import io.firn.fs.StoreFile;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.BitSet;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Slots of 4 KiB in files of at most 16 MiB, which are begun as they are needed and never grow beyond the given number
 * of bytes together.
 *
 * <p>Read and written by position, through the page cache, not mapped: when somebody cuts a mapped file, the
 * processor's fault reaches the JVM as an error that can surface after the read, in code that expects none. A file is
 * filled with zeros when it is begun, so that a full disk shows here and not with a later block. Nothing is ever
 * forced. The content has no structure and no checksum: {@link LevelIndex} knows what lies where. Thread-safe; who
 * reads slots keeps them from being freed meanwhile.
 */
final class SlotFiles implements AutoCloseable {
    static final int SLOT_BYTES = 4 << 10;
    private static final String PREFIX = "slots-";
    private static final int FILE_SLOTS = 4096;
    private static final int ZEROS_BYTES = 64 << 10;
    /** A cache leaves this many times a file's size free on its disk. */
    private static final int SPARE_FILES = 2;

    private static final Logger LOG = LoggerFactory.getLogger(SlotFiles.class);

    private final FileStore store;
    private final Path directory;
    private final int slots;
    private final AtomicReferenceArray<StoreFile> files;
    private final BitSet free;
    private boolean growing = true;
    private boolean closed;

    private SlotFiles(FileStore store, Path directory, int slots) {
        this.store = store;
        this.directory = directory;
        this.slots = slots;
        this.files = new AtomicReferenceArray<>((slots + FILE_SLOTS - 1) / FILE_SLOTS);
        this.free = new BitSet(slots);
    }

    /**
     * Opens the files of a directory. Those of another size than expected are deleted.
     *
     * @param maxBytes bytes of all files together; a rest that fills no slot is not used
     */
    static SlotFiles open(FileStore store, Path directory, long maxBytes) {
        int slots = (int) Math.min(Integer.MAX_VALUE / 2, maxBytes / SLOT_BYTES);
        SlotFiles files = new SlotFiles(store, directory, slots);
        for (String name : store.list(directory)) {
            if (name.startsWith(PREFIX)) {
                files.openOrDelete(name);
            }
        }
        return files;
    }

    private static String name(int file) {
        return PREFIX + file;
    }

    private int slotsOf(int file) {
        return Math.min(FILE_SLOTS, slots - file * FILE_SLOTS);
    }

    private void openOrDelete(String name) {
        Path path = directory.resolve(name);
        for (int file = 0; file < files.length(); file++) {
            int bytes = slotsOf(file) * SLOT_BYTES;
            if (name.equals(name(file)) && store.info(path).sizeBytes() == bytes) {
                add(file, store.openWrite(path));
                return;
            }
        }
        store.delete(path);
    }

    private void add(int file, StoreFile opened) {
        files.set(file, opened);
        free.set(file * FILE_SLOTS, file * FILE_SLOTS + slotsOf(file));
    }

    /** Slots that there are or can be. */
    int slots() {
        return slots;
    }

    /** Takes slots, beginning files where needed; null when there are not enough. */
    synchronized @Nullable SlotRuns allocate(int wanted) {
        if (closed) {
            return null;
        }
        while (free.cardinality() < wanted) {
            if (!growing || !beginFile()) {
                return null;
            }
        }
        int[] pairs = new int[2 * wanted];
        int used = 0;
        int left = wanted;
        int slot = 0;
        while (left > 0) {
            int first = free.nextSetBit(slot);
            int fileEnd = (first / FILE_SLOTS + 1) * FILE_SLOTS;
            int end = Math.min(Math.min(free.nextClearBit(first), fileEnd), first + left);
            pairs[used++] = first;
            pairs[used++] = end - first;
            left -= end - first;
            slot = end;
            free.clear(first, end);
        }
        return new SlotRuns(Arrays.copyOf(pairs, used));
    }

    /** Takes given slots; false, and takes none, when one of them is taken or in no file. */
    synchronized boolean claim(SlotRuns runs) {
        for (int run = 0; run < runs.count(); run++) {
            int first = runs.firstSlot(run);
            int count = runs.slots(run);
            boolean exists = first >= 0
                    && count > 0
                    && count <= slots - first
                    && first / FILE_SLOTS == (first + count - 1) / FILE_SLOTS;
            if (!exists || free.nextClearBit(first) < first + count) {
                for (int claimed = 0; claimed < run; claimed++) {
                    set(runs, claimed);
                }
                return false;
            }
            free.clear(first, first + count);
        }
        return true;
    }

    /** Gives slots back. */
    synchronized void release(SlotRuns runs) {
        for (int run = 0; run < runs.count(); run++) {
            set(runs, run);
        }
    }

    private void set(SlotRuns runs, int run) {
        free.set(runs.firstSlot(run), runs.firstSlot(run) + runs.slots(run));
    }

    /** Lets files grow again after the disk was full. */
    synchronized void retryGrowth() {
        growing = true;
    }

    private boolean beginFile() {
        for (int file = 0; file < files.length(); file++) {
            if (files.get(file) == null) {
                return begin(file);
            }
        }
        return false;
    }

    private boolean begin(int file) {
        Path path = directory.resolve(name(file));
        int bytes = slotsOf(file) * SLOT_BYTES;
        boolean begun = false;
        try {
            if (store.usableBytes(directory) / SPARE_FILES >= bytes) {
                store.delete(path);
                add(file, create(path, bytes));
                begun = true;
            }
        } catch (StorageFullException e) {
            LOG.debug("no space for path={}", path, e);
        } finally {
            if (!begun) {
                giveUp(path);
            }
        }
        return begun;
    }

    private StoreFile create(Path path, int bytes) {
        StoreFile file = store.createExclusively(path).orElseThrow();
        boolean complete = false;
        try {
            ByteBuffer zeros = ByteBuffer.allocate(Math.min(bytes, ZEROS_BYTES));
            for (int position = 0; position < bytes; position += zeros.capacity()) {
                file.write(zeros.duplicate().limit(Math.min(zeros.capacity(), bytes - position)), position);
            }
            complete = true;
            return file;
        } finally {
            if (!complete) {
                file.close();
            }
        }
    }

    private void giveUp(Path path) {
        growing = false;
        LOG.warn("disk is short of space, the cache grows no more for now path={}", path);
        try {
            store.delete(path);
        } catch (FirnException e) {
            LOG.warn("cannot delete an unfinished file path={}", path, e);
        }
    }

    /** Writes the source's remaining bytes to slots that hold them. The source's position is as before. */
    void write(SlotRuns runs, ByteBuffer source) {
        copy(runs, source.duplicate(), true);
    }

    /** Fills the target's remaining bytes from slots; false when they are not all there. Position as before. */
    boolean read(SlotRuns runs, ByteBuffer target) {
        return copy(runs, target.duplicate(), false);
    }

    private boolean copy(SlotRuns runs, ByteBuffer bytes, boolean writing) {
        for (int run = 0; run < runs.count(); run++) {
            int count = Math.min(bytes.remaining(), runs.slots(run) * SLOT_BYTES);
            StoreFile file = files.get(runs.firstSlot(run) / FILE_SLOTS);
            if (file == null) {
                return false;
            }
            long offset = (long) (runs.firstSlot(run) % FILE_SLOTS) * SLOT_BYTES;
            ByteBuffer part = bytes.slice(bytes.position(), count);
            if (writing) {
                file.write(part, offset);
            } else if (file.read(part, offset) < count) {
                return false;
            }
            bytes.position(bytes.position() + count);
        }
        return true;
    }

    /** Bytes of the files. */
    synchronized long fileBytes() {
        long bytes = 0;
        for (int file = 0; file < files.length(); file++) {
            bytes += files.get(file) == null ? 0 : (long) slotsOf(file) * SLOT_BYTES;
        }
        return bytes;
    }

    /** Closes the files; who reads meanwhile is told so. Idempotent. */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        for (int file = 0; file < files.length(); file++) {
            StoreFile opened = files.get(file);
            if (opened != null) {
                opened.close();
            }
        }
    }
}
