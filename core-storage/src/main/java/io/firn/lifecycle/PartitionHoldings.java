package io.firn.lifecycle;

import io.firn.log.HotInput;
import io.firn.log.SegmentEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Where the committed records of one partition stand, and how old and large they are. Confined to one thread. */
final class PartitionHoldings {
    private final String path;
    private final List<SegmentEntry> files = new ArrayList<>();
    private final List<HotInput> hot = new ArrayList<>();
    private long newestNs = Long.MIN_VALUE;
    private long bytes;
    private @Nullable String openSegment;

    PartitionHoldings(String path) {
        this.path = path;
    }

    /** Hive path of the partition. */
    String path() {
        return path;
    }

    /** The partition as messages call it. */
    String label() {
        return path.isEmpty() ? "the table" : path;
    }

    void add(SegmentEntry file) {
        files.add(file);
        bytes += file.sizeBytes();
        newestNs = Math.max(newestNs, file.maxTimestampNs());
    }

    /** Adds what a hot segment holds of the partition. */
    void add(HotInput segment, long loadBytes, long maxTimestampNs) {
        hot.add(segment);
        bytes += loadBytes;
        newestNs = Math.max(newestNs, maxTimestampNs);
        if (!segment.segment().rolled()) {
            openSegment = segment.segment().path();
        }
    }

    /** Files of the catalog. */
    List<SegmentEntry> files() {
        return files;
    }

    /** Hot segments in which something of the partition is left. */
    List<HotInput> hot() {
        return hot;
    }

    /** Highest timestamp, nanoseconds. */
    long newestNs() {
        return newestNs;
    }

    /** Size of the files, and about the size of what stands in hot segments. */
    long bytes() {
        return bytes;
    }

    /** A segment into which its writer still writes and that holds records of the partition. */
    Optional<String> openSegment() {
        return Optional.ofNullable(openSegment);
    }
}
