package io.firn.table;

import io.firn.error.ConfigException;
import io.firn.error.InvalidRecordException;
import io.firn.error.NotFoundException;
import io.firn.error.StorageIoException;
import io.firn.log.LaneLog;
import io.firn.log.LaneSegment;
import io.firn.log.LaneSegmentName;
import io.firn.log.TableLayout;
import io.firn.partition.PartitionValues;
import io.firn.record.StreamRecord;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The segment files that a writer fills: the present one, and those that were rolled since the last commit.
 *
 * <p>Confined to its writer's monitor.
 */
final class LaneSegments implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LaneSegments.class);

    /** So many live segments make a look at the catalog worth while: most of them may be settled. */
    private static final int MANY_ROLLED = 64;

    private static final int MAX_ATTEMPTS = 16;

    private final Table table;
    private final TableLayout layout;
    private final SegmentOwner owner;
    private final SegmentRouter router;
    private final List<OpenSegment> rolled = new ArrayList<>();
    private @Nullable OpenSegment current;
    private boolean directoryMade;
    private boolean directoryChanged;
    private int rolledSinceOpen;

    LaneSegments(Table table, WriterOptions options, SegmentOwner owner, @Nullable PartitionOrder order) {
        this.table = table;
        this.layout = table.layout();
        this.owner = owner;
        this.router = SegmentRouter.of(table, options, order);
    }

    /** The partition that a record belongs to. */
    String partitionOf(StreamRecord record) {
        return router.partitionOf(record);
    }

    /**
     * The path of a partition that the caller gives with a record.
     *
     * @throws ConfigException when it is of another scheme than the table's, or the writer has a mapping, a roller or
     *     one partition
     */
    String givenPartition(PartitionValues partition) {
        if (!partition.scheme().equals(table.scheme())) {
            throw new ConfigException("The partition " + partition.toPath() + " is of the scheme ["
                    + partition.scheme().describe() + "], but the table " + table.path() + " has ["
                    + table.scheme().describe() + "]");
        }
        router.requireGiven(partition);
        return partition.toPath();
    }

    /** Appends a record of a partition; it may be stored in another one when it is late. */
    void append(long sequence, StreamRecord record, String ofPartition) {
        String partition = router.place(ofPartition, sequence, record);
        OpenSegment segment = writable(sequence);
        int context = segment.context(partition);
        if (!segment.writer().fits(context, record)) {
            segment = next(segment, sequence);
            context = segment.context(partition);
        }
        segment.writer().append(context, sequence, record);
        router.appended(partition);
    }

    void append(long sequence, long timestampNs, int typeId, ByteBuffer value) {
        append(sequence, timestampNs, typeId, value, router.onlyPartition());
    }

    void append(long sequence, long timestampNs, int typeId, ByteBuffer value, String partition) {
        OpenSegment segment = writable(sequence);
        int context = segment.context(partition);
        if (!segment.writer().fits(value.remaining())) {
            segment = next(segment, sequence);
            context = segment.context(partition);
        }
        segment.writer().append(context, sequence, timestampNs, typeId, value);
        router.appended(partition);
    }

    /** Gives back the space of files that earlier owners of the lane never committed. */
    void deleteWithdrawn(LaneLog lane) {
        WithdrawnFiles.delete(layout, lane);
    }

    /** One without records stays: the next segment would have its name. */
    void roll() {
        if (current != null && current.writer().recordCount() > 0) {
            rolled.add(current);
            current = null;
            rolledSinceOpen++;
        }
    }

    void rollIfOld() {
        if (current != null
                && table.environment().clock().millis() - current.createdMs()
                        >= table.config().hotRollMs()) {
            roll();
        }
    }

    /** Whether there is nothing that a commit would make visible or mark as rolled. */
    boolean isClean() {
        return rolled.isEmpty() && (current == null || current.isClean());
    }

    /** Hands what buffers hold to the files; may be called again after it found no space. */
    void flush() {
        rolled.forEach(segment -> segment.writer().flush());
        if (current != null) {
            current.writer().flush();
        }
    }

    /** Makes the data of all touched segments durable, and the names of new files. */
    void force() {
        rolled.forEach(OpenSegment::force);
        if (current != null) {
            current.force();
        }
        if (directoryChanged) {
            forceDirectory(router.directory());
            directoryChanged = false;
        }
    }

    /** That of a partition may have been removed, and made again by somebody who has not forced its name. */
    private void forceDirectory(Path directory) {
        layout.store().forceDirectory(directory);
        if (!directory.equals(layout.hot())) {
            layout.createDirectories(List.of(directory));
        }
    }

    List<LaneSegment> touched() {
        List<LaneSegment> touched = new ArrayList<>();
        rolled.forEach(segment -> touched.add(segment.committed(true)));
        if (current != null && !current.isClean()) {
            touched.add(current.committed(false));
        }
        return touched;
    }

    /** After the commit is durable: seals what was rolled (rule 14). */
    void afterCommit() {
        for (OpenSegment segment : rolled) {
            seal(segment);
        }
        rolled.clear();
        if (current != null) {
            current.markClean();
        }
    }

    boolean hasManyRolled() {
        return rolledSinceOpen >= MANY_ROLLED;
    }

    @Override
    public void close() {
        rolled.forEach(OpenSegment::close);
        rolled.clear();
        if (current != null) {
            current.close();
            current = null;
        }
    }

    /** The commit has sealed the segment logically; a footer that cannot be written only costs readers time. */
    private void seal(OpenSegment segment) {
        try {
            segment.writer().seal();
        } catch (StorageIoException failed) {
            LOG.warn(
                    "segment has no footer, readers will scan it: path={} cause={}", segment.path(), failed.toString());
        } finally {
            segment.close();
        }
    }

    private OpenSegment writable(long sequence) {
        OpenSegment segment = current;
        if (segment == null) {
            return create(sequence);
        }
        return segment.reaches(sequence) ? segment : next(segment, sequence);
    }

    private OpenSegment next(OpenSegment full, long sequence) {
        if (full.writer().recordCount() == 0) {
            throw new InvalidRecordException(
                    "A record of writer '" + router.writerName() + "' does not fit into an empty segment of "
                            + table.config().segmentSizeBytes() + " bytes");
        }
        roll();
        return create(sequence);
    }

    /** The lifecycle may remove an empty directory of a partition at any moment: then it is made again. */
    private OpenSegment create(long sequence) {
        for (int attempt = 1; ; attempt++) {
            try {
                return createIn(router.directory(), sequence);
            } catch (NotFoundException removed) {
                directoryMade = false;
                if (attempt == MAX_ATTEMPTS) {
                    throw removed;
                }
            }
        }
    }

    private OpenSegment createIn(Path directory, long sequence) {
        if (!directoryMade || !directory.equals(layout.hot())) {
            layout.createDirectories(List.of(directory));
            directoryMade = true;
        }
        String name = new LaneSegmentName(owner.lane(), sequence, owner.epoch()).fileName();
        Path file = directory.resolve(name);
        OpenSegment created = OpenSegment.create(table, router, owner, file, sequence);
        directoryChanged = true;
        current = created;
        return created;
    }
}
