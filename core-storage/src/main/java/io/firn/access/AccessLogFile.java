package io.firn.access;

import io.firn.error.NotFoundException;
import io.firn.error.TableLockedException;
import io.firn.fs.FileStore;
import io.firn.fs.StoreFile;
import io.firn.log.TableLayout;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * The {@code .access_log} of one directory. It is replaced as a whole by a rename and never forced: losing it in a
 * power failure only makes files look older than they are. Thread-safe; writers hold the table's access lock.
 */
final class AccessLogFile {
    private static final int MAX_BYTES = 16 << 20;
    /** From so many lines on, those of files that are gone are dropped. */
    private static final int LINES_BEFORE_CLEANING = 1_024;

    private final FileStore store;
    private final Path directory;
    private final Path temporary;

    AccessLogFile(TableLayout layout, Path directory) {
        this.store = layout.store();
        this.directory = directory;
        this.temporary = temporary(layout);
    }

    /** Where every log of a table is prepared: at most one file is left when a process dies. */
    static Path temporary(TableLayout layout) {
        return layout.tableDirectory().resolve("access.tmp");
    }

    /** What the log says; nothing without a log. */
    Map<String, Access> read() {
        try (StoreFile file = store.openRead(directory.resolve(AccessLogFormat.FILE))) {
            ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(MAX_BYTES, file.sizeBytes()));
            int read = file.read(bytes, 0);
            return AccessLogFormat.decode(Arrays.copyOf(bytes.array(), Math.max(0, read)));
        } catch (NotFoundException neverRead) {
            return AccessLogFormat.decode(new byte[0]);
        }
    }

    /** Adds what was read since; on return every process sees it, none saw half of it. */
    void add(Map<String, Access> accesses) {
        if (!store.isDirectory(directory)) {
            return; // the partition is gone, and its files with it
        }
        Map<String, Access> all =
                store.exists(directory.resolve(AccessLogFormat.FILE)) ? read() : AccessLogFormat.decode(new byte[0]);
        accesses.forEach((name, access) -> all.merge(name, access, Access::plus));
        if (all.size() > LINES_BEFORE_CLEANING) {
            Set<String> present = new HashSet<>(store.list(directory));
            all.keySet().retainAll(present);
        }
        replace(AccessLogFormat.encode(all));
    }

    private void replace(byte[] content) {
        store.delete(temporary);
        try (StoreFile file = store.createExclusively(temporary)
                .orElseThrow(() -> new TableLockedException("Another process writes " + temporary
                        + " although it has no lock; what was read is recorded later"))) {
            file.write(ByteBuffer.wrap(content), 0);
        }
        store.rename(temporary, directory.resolve(AccessLogFormat.FILE));
    }
}
