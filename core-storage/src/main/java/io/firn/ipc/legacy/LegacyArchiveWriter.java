package io.firn.ipc.legacy;

import io.firn.ipc.Archive;
import io.firn.ipc.ArchiveOptions;
import io.firn.ipc.StreamKey;
import io.firn.table.TableConfig;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/**
 * The old archive writer's signatures over {@link Archive}; it writes a table, not the old format.
 *
 * <p>Thread-safe.
 *
 * @deprecated use {@link Archive#open(Path, String, String, String, String)}; removed one release after 0.1.0, see
 *     {@code docs/MIGRATION_GUIDE.md}
 */
@Deprecated(since = "0.1.0", forRemoval = true)
public final class LegacyArchiveWriter implements AutoCloseable {
    private final Archive archive;

    private LegacyArchiveWriter(Archive archive) {
        this.archive = archive;
    }

    /**
     * Opens a stream; parameters and errors as in {@link Archive#open(Path, String, String, String, String)}.
     *
     * @param segmentSizeBytes segment size of the table, when it has to be created
     */
    public static LegacyArchiveWriter open(
            Path root, String venue, String symbol, String date, String stream, long segmentSizeBytes) {
        DeprecationNotice.give("LegacyArchiveWriter", "io.firn.ipc.Archive");
        TableConfig config =
                TableConfig.builder().segmentSizeBytes(segmentSizeBytes).build();
        return new LegacyArchiveWriter(Archive.open(
                root,
                StreamKey.of(venue, symbol, date, stream),
                ArchiveOptions.defaults().withConfig(config)));
    }

    /** Appends a record; as {@link Archive#append(int, long, byte[])}. */
    public void append(int typeId, long timestampNs, byte[] payload) {
        archive.append(typeId, timestampNs, payload);
    }

    /** Appends a record; as {@link Archive#append(int, long, ByteBuffer)}. */
    public void append(int typeId, long timestampNs, ByteBuffer payload) {
        archive.append(typeId, timestampNs, payload);
    }

    /** Makes everything appended so far durable, as {@link Archive#commit}. */
    public void flush() {
        archive.commit();
    }

    /** Commits, seals and closes, as {@link Archive#finish}. */
    public void finish() {
        archive.finish();
    }

    @Override
    public void close() {
        archive.close();
    }
}
