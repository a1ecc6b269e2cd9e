package io.firn.cache;

import io.firn.error.FirnException;
import io.firn.fs.FileStore;
import io.firn.fs.StoreFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The index of a {@link LocalLevel}: a log of entries that were added and removed, each record with its own CRC-32C.
 * Format: {@code docs/format/cache.md}.
 *
 * <p>Never forced. What does not read well ends the log; entries it then lacks or has too many are no danger, because
 * the bytes of an entry carry a checksum that binds them to their key. Confined to one thread at a time.
 */
final class LevelIndex implements AutoCloseable {
    /** An identity longer than this is not cached. */
    static final int MAX_IDENTITY_BYTES = 4 << 10;

    static final String FILE = "index";
    private static final String TEMPORARY = "index.tmp";
    private static final int MAGIC = 0x43_4e_52_46; // "FRNC"
    private static final int VERSION = 1;
    private static final int HEADER_BYTES = 12;
    private static final int RECORD_HEADER_BYTES = 8;
    private static final byte ADDED = 1;
    private static final byte REMOVED = 2;
    private static final long MAX_FILE_BYTES = 512L << 20;
    private static final int MIN_RECORDS_TO_COMPACT = 1024;

    private static final Logger LOG = LoggerFactory.getLogger(LevelIndex.class);

    private final FileStore store;
    private final Path directory;
    private @Nullable StoreFile file;
    private long endOffset;
    private long records;

    LevelIndex(FileStore store, Path directory) {
        this.store = store;
        this.directory = directory;
    }

    /** Reads the entries that were not removed, in the order of the log; none where there is no good index. */
    List<LevelEntry> load() {
        Path path = directory.resolve(FILE);
        if (!store.exists(path)) {
            return List.of();
        }
        try (StoreFile opened = store.openRead(path)) {
            long size = opened.sizeBytes();
            if (size > MAX_FILE_BYTES) {
                return List.of();
            }
            ByteBuffer bytes = ByteBuffer.allocate((int) size).order(ByteOrder.LITTLE_ENDIAN);
            opened.read(bytes, 0);
            return replay(bytes.flip());
        }
    }

    private static List<LevelEntry> replay(ByteBuffer bytes) {
        if (bytes.remaining() < HEADER_BYTES
                || bytes.getInt() != MAGIC
                || bytes.getInt() != VERSION
                || bytes.getInt() != SlotFiles.SLOT_BYTES) {
            return List.of();
        }
        Map<Long, LevelEntry> live = new LinkedHashMap<>();
        while (bytes.remaining() > RECORD_HEADER_BYTES) {
            int length = bytes.getInt();
            int crc = bytes.getInt();
            if (length <= 0 || length > bytes.remaining()) {
                break;
            }
            ByteBuffer body = bytes.slice(bytes.position(), length).order(ByteOrder.LITTLE_ENDIAN);
            if (crcOf(body) != crc) {
                break;
            }
            apply(body, live);
            bytes.position(bytes.position() + length);
        }
        return new ArrayList<>(live.values());
    }

    /** The checksum of a record was right, so its fields are those that were written. */
    private static void apply(ByteBuffer body, Map<Long, LevelEntry> live) {
        byte type = body.get();
        long id = body.getLong();
        if (type == REMOVED) {
            live.remove(id);
            return;
        }
        int block = body.getInt();
        int sizeBytes = body.getInt();
        int crc = body.getInt();
        byte[] identity = new byte[body.getInt()];
        body.get(identity);
        int[] pairs = new int[body.getInt()];
        for (int i = 0; i < pairs.length; i++) {
            pairs[i] = body.getInt();
        }
        BlockKey key = new BlockKey(new String(identity, StandardCharsets.UTF_8), block);
        LevelEntry entry = new LevelEntry(key, id, sizeBytes, crc);
        entry.publish(new SlotRuns(pairs));
        live.put(id, entry);
    }

    /** Begins the index anew with these entries, by a temporary file and a rename. */
    void rewrite(List<LevelEntry> entries) {
        close();
        Path temporary = directory.resolve(TEMPORARY);
        store.delete(temporary);
        long end = HEADER_BYTES;
        try (StoreFile written = store.createExclusively(temporary).orElseThrow()) {
            ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
            written.write(
                    header.putInt(MAGIC)
                            .putInt(VERSION)
                            .putInt(SlotFiles.SLOT_BYTES)
                            .flip(),
                    0);
            for (LevelEntry entry : entries) {
                ByteBuffer record = added(entry);
                int bytes = record.remaining();
                written.write(record, end);
                end += bytes;
            }
        }
        Path path = directory.resolve(FILE);
        store.rename(temporary, path);
        file = store.openWrite(path);
        endOffset = end;
        records = entries.size();
    }

    /** Whether most records are of entries that are gone. */
    boolean isMostlyGarbage(long liveEntries) {
        return records > MIN_RECORDS_TO_COMPACT && records > 2 * liveEntries;
    }

    /** Adds an entry. What cannot be written is only forgotten at the next start. */
    void add(LevelEntry entry) {
        append(added(entry));
    }

    /** Removes an entry. */
    void remove(LevelEntry entry) {
        ByteBuffer record = newRecord(1 + Long.BYTES);
        append(sealed(record.put(REMOVED).putLong(entry.id())));
    }

    private void append(ByteBuffer record) {
        StoreFile open = file;
        if (open == null) {
            return;
        }
        int bytes = record.remaining();
        try {
            open.write(record, endOffset);
            endOffset += bytes;
            records++;
        } catch (FirnException e) {
            LOG.debug("cannot append to the index path={}", open.path(), e);
        }
    }

    private static ByteBuffer added(LevelEntry entry) {
        byte[] identity = entry.key().file().getBytes(StandardCharsets.UTF_8);
        SlotRuns runs = entry.runs();
        int pairs = runs == null ? 0 : runs.count();
        ByteBuffer record = newRecord(1 + Long.BYTES + 5 * Integer.BYTES + identity.length + pairs * 2 * Integer.BYTES);
        record.put(ADDED).putLong(entry.id());
        record.putInt(entry.key().block()).putInt(entry.sizeBytes()).putInt(entry.crc());
        record.putInt(identity.length).put(identity).putInt(2 * pairs);
        for (int run = 0; runs != null && run < pairs; run++) {
            record.putInt(runs.firstSlot(run)).putInt(runs.slots(run));
        }
        return sealed(record);
    }

    private static ByteBuffer newRecord(int bodyBytes) {
        return ByteBuffer.allocate(RECORD_HEADER_BYTES + bodyBytes)
                .order(ByteOrder.LITTLE_ENDIAN)
                .position(RECORD_HEADER_BYTES);
    }

    private static ByteBuffer sealed(ByteBuffer record) {
        int length = record.capacity() - RECORD_HEADER_BYTES;
        return record.putInt(0, length)
                .putInt(Integer.BYTES, crcOf(record.slice(RECORD_HEADER_BYTES, length)))
                .position(0);
    }

    private static int crcOf(ByteBuffer body) {
        CRC32C crc = new CRC32C();
        crc.update(body.duplicate());
        return (int) crc.getValue();
    }

    @Override
    public void close() {
        if (file != null) {
            file.close();
            file = null;
        }
    }
}
