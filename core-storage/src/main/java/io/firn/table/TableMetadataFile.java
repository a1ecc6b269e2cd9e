package io.firn.table;

import io.firn.error.CorruptDataException;
import io.firn.error.NotFoundException;
import io.firn.error.StorageIoException;
import io.firn.error.TableLockedException;
import io.firn.fs.FileStore;
import io.firn.fs.PatientLock;
import io.firn.fs.PoliteLock;
import io.firn.fs.StoreFile;
import io.firn.log.TableLayout;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.UUID;
import java.util.function.UnaryOperator;

/**
 * Reads and changes {@code _table/metadata.json}; {@link TableCreation} makes the first one. Thread-safe.
 */
final class TableMetadataFile {
    static final String FILE = "metadata.json";

    private static final String LOCK = "metadata.lock";
    /** About two seconds. */
    private static final int LOCK_ROUNDS = 36;

    private static final int MAX_BYTES = 16 * 1024 * 1024;

    private final FileStore store;
    private final Path root;
    private final Path directory;
    private final Path file;

    TableMetadataFile(FileStore store, Path root) {
        this.store = store;
        this.root = root.toAbsolutePath().normalize();
        this.directory = this.root.resolve(TableLayout.TABLE_DIRECTORY);
        this.file = directory.resolve(FILE);
    }

    /** Whether a table stands here. */
    boolean exists() {
        return store.exists(file);
    }

    /**
     * Reads the metadata.
     *
     * @throws NotFoundException when there is no table
     * @throws CorruptDataException when they are damaged or lost
     */
    TableMetadata read() {
        if (!exists()) {
            refuseHidden();
            refuseLost();
            throw new NotFoundException("No table at " + root + ": there is no " + file
                    + ". Check the path, or create the table with 'firn create'.");
        }
        try (StoreFile opened = store.openRead(file)) {
            long size = opened.sizeBytes();
            if (size > MAX_BYTES) {
                throw new CorruptDataException(
                        file, MAX_BYTES, "expected at most " + MAX_BYTES + " bytes, found " + size);
            }
            ByteBuffer bytes = ByteBuffer.allocate((int) size);
            int read = opened.read(bytes, 0);
            return TableMetadataCodec.decode(Arrays.copyOf(bytes.array(), read), file);
        }
    }

    /** Who may not look into a directory does not know that there is no table. */
    private void refuseHidden() {
        try {
            store.info(file);
        } catch (StorageIoException hidden) {
            if (hidden.isAccessDenied()) {
                throw hidden;
            }
        } catch (NotFoundException missing) {
            // as it seemed
        }
    }

    /** A table appears with its metadata (TableCreation). */
    private void refuseLost() {
        if (store.isDirectory(directory) && !exists()) {
            throw new CorruptDataException(
                    file, 0, "expected the metadata of the table in this directory, found none: the file is lost");
        }
    }

    /**
     * Changes the configuration in the metadata; on return the change is durable. Readers see the old or the new file,
     * whole. Writes nothing when the configuration stays the same. Waits about two seconds for others that change it.
     *
     * @throws TableLockedException when another process is changing it for longer
     */
    TableMetadata update(UnaryOperator<TableMetadata> change) {
        try (PoliteLock held = lock()) {
            TableMetadata present = read();
            TableMetadataCodec.requireWritable(present, root);
            TableMetadata next = change.apply(present);
            if (next.config().equals(present.config())) {
                return present; // of many that want the same change the first one has made it
            }
            Path prepared = directory.resolve(FILE + "." + UUID.randomUUID() + ".tmp");
            write(store, prepared, next);
            store.rename(prepared, file);
            store.forceDirectory(directory);
            return next;
        }
    }

    private PoliteLock lock() {
        return PatientLock.tryLock(store, directory.resolve(LOCK), LOCK_ROUNDS)
                .orElseThrow(() -> new TableLockedException("Another process is changing the metadata of the table at "
                        + root + "; nothing was changed, try again."));
    }

    /** Writes a new metadata file and forces it, but not its directory. */
    static void write(FileStore store, Path path, TableMetadata metadata) {
        try (StoreFile created = store.createExclusively(path)
                .orElseThrow(() -> new TableLockedException("The name " + path + " is taken; try again."))) {
            created.write(ByteBuffer.wrap(TableMetadataCodec.encode(metadata)), 0);
            created.force();
        }
    }
}
