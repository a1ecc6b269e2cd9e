package io.firn.series;

import io.firn.table.LaneInfo;
import io.firn.table.Table;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The head of a store that another process may write, from what is committed of it; goes on with it as long as no block
 * consumed it. Confined to one thread at a time.
 */
final class HeadFollowing implements AutoCloseable {
    private final Path root;
    private final Table samples;
    private final Table chunks;
    private final StoppedDeletions stopped;
    private @Nullable HeadScan scan;
    private ManifestState known = ManifestState.EMPTY;

    HeadFollowing(Path root, Table samples, Table chunks, StoppedDeletions stopped) {
        this.root = root;
        this.samples = samples;
        this.chunks = chunks;
        this.stopped = stopped;
    }

    /**
     * Reads what is committed.
     *
     * @param manifest where the head begins and what is deleted of it; must be still the same afterwards, else {@link
     *     #close} and read again, also after a failure
     * @throws io.firn.error.CorruptDataException when tables of the store are lost or older copies
     */
    Head read(ManifestState manifest) {
        HeadScan present = scan;
        if (present != null && manifest.consumed().equals(known.consumed())) {
            List<Tombstone> since = new ArrayList<>(manifest.tombstones());
            since.removeAll(known.tombstones());
            known = manifest;
            return present.follow(since).head();
        }
        close();
        long position = position(); // first: what is committed below it and not read is gone
        long nowMs = samples.environment().clock().millis();
        HeadScan begun = HeadScan.begin(samples, manifest, stopped, nowMs);
        scan = begun;
        known = manifest;
        HeadReplay replay = begun.advance();
        StoreAgreement agreement = new StoreAgreement(root, manifest);
        agreement.checkHead(position);
        agreement.checkHeadBegin(replay.firstSequence(position), chunks);
        return replay.head();
    }

    private long position() {
        return samples.lanes().stream()
                .filter(lane -> lane.writer().equals(HeadLog.WRITER))
                .mapToLong(LaneInfo::position)
                .findFirst()
                .orElse(0);
    }

    /** Forgets everything; the next call reads from the beginning. */
    @Override
    public void close() {
        HeadScan present = scan;
        scan = null;
        if (present != null) {
            present.close();
        }
    }
}
