package io.firn.log;

import io.firn.error.CorruptDataException;
import io.firn.error.FirnException;
import io.firn.fs.FileStore;
import io.firn.fs.StoreFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file of a log header and one base frame, written at once elsewhere, forced and renamed into place.
 *
 * <p>Thread-safe; no state.
 */
final class SingleFrameFile {
    static final String TEMPORARY = ".tmp";

    private static final Logger LOG = LoggerFactory.getLogger(SingleFrameFile.class);

    private SingleFrameFile() {}

    /** Writes the file; on return it and its name are durable. */
    static void publish(
            TableLayout layout, Path target, LogKind kind, long number, byte[] payload, InstantSource clock) {
        Path temporary = target.resolveSibling(target.getFileName() + "." + UUID.randomUUID() + TEMPORARY);
        publish(layout.store(), temporary, target, encode(layout, kind, number, payload, clock));
    }

    /** What stands in such a file. */
    static ByteBuffer encode(TableLayout layout, LogKind kind, long number, byte[] payload, InstantSource clock) {
        ByteBuffer bytes = ByteBuffer.allocate(LogFormat.HEADER_BYTES + LogFrames.sizeOf(payload))
                .order(ByteOrder.LITTLE_ENDIAN);
        int salt = (int) (layout.tableId().getLeastSignificantBits() + number);
        new LogHeader(kind.code(), number, salt, layout.tableId(), clock.millis()).write(bytes);
        LogFrames.write(bytes, salt, LogFormat.TYPE_BASE, payload);
        return bytes.flip();
    }

    /** Writes a file under a temporary name of the caller's; on return it and its name are durable. */
    static void publish(FileStore store, Path temporary, Path target, ByteBuffer bytes) {
        try {
            try (StoreFile file = store.createExclusively(temporary).orElseThrow()) {
                file.write(bytes, 0);
                file.force();
            }
            store.rename(temporary, target);
        } catch (FirnException failed) {
            deleteQuietly(store, temporary); // an interrupted thread leaves no trace either
            throw failed;
        }
        store.forceDirectory(Objects.requireNonNull(target.getParent()));
    }

    private static void deleteQuietly(FileStore store, Path temporary) {
        try {
            store.delete(temporary);
        } catch (FirnException stays) {
            LOG.debug("temporary file stays: path={} cause={}", temporary, stays.toString());
        }
    }

    /**
     * Reads the file.
     *
     * @throws CorruptDataException when anything of it is damaged
     */
    static LogContent read(TableLayout layout, Path path, LogKind kind, long number) {
        ByteBuffer bytes;
        try (StoreFile file = layout.store().openRead(path)) {
            bytes = ByteBuffer.allocate(Math.toIntExact(file.sizeBytes())).order(ByteOrder.LITTLE_ENDIAN);
            file.read(bytes, 0);
        }
        bytes.flip();
        if (!LogHeader.isComplete(bytes)) {
            throw new CorruptDataException(path, 0, "expected a complete header, found a damaged one");
        }
        LogHeader header = LogHeader.read(bytes, path);
        header.check(path, kind, layout.tableId(), number);
        List<LogEntry> frames = LogFrames.readAll(bytes, LogFormat.HEADER_BYTES, header.salt(), path);
        if (frames.size() != 1) {
            throw new CorruptDataException(
                    path, LogFormat.HEADER_BYTES, "expected one frame, found " + frames.size() + " valid ones");
        }
        return new LogContent(path, number, frames.get(0), List.of(), LogFrames.endOf(frames.get(0)));
    }
}
