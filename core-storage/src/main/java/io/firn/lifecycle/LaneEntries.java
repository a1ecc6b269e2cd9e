package io.firn.lifecycle;

import io.firn.fs.FileInfo;
import io.firn.log.LaneSegment;
import io.firn.log.SegmentEntry;
import java.util.List;

/** Describes a lane's segment like one of the catalog, as far as its log and its file tell without opening it. */
final class LaneEntries {
    private LaneEntries() {}

    /** The partition of a segment that lies in the directory of its partition. */
    static String partitionOf(LaneSegment segment) {
        int slash = segment.path().lastIndexOf('/');
        return slash < 0 ? "" : segment.path().substring(0, slash);
    }

    /** The description; time ranges and lanes are not known. */
    static SegmentEntry of(RewriteContext context, LaneSegment segment) {
        FileInfo info = context.layout().store().info(context.layout().resolve(segment.path()));
        return new SegmentEntry(
                segment.path(),
                partitionOf(segment),
                false,
                info.sizeBytes(),
                segment.lengthBytes(),
                segment.records(),
                Long.MIN_VALUE,
                Long.MAX_VALUE,
                info.modifiedMs(),
                info.modifiedMs(),
                List.of());
    }
}
