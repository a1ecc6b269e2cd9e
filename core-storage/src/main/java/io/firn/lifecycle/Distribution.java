package io.firn.lifecycle;

import io.firn.fs.FileStore;
import io.firn.record.RecordView;
import io.firn.segment.Segment;
import io.firn.segment.SegmentAccess;
import io.firn.segment.SegmentContext;
import io.firn.segment.SegmentCursor;
import io.firn.segment.SegmentHeader;
import io.firn.segment.SegmentWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Distributes records over partitions with at most {@value #FAN_OUT} open files, however many partitions there are.
 *
 * <p>Up to that number of partitions the records go straight to their files. Above it they go first into buckets, one
 * temporary segment for a range of partitions each, and every bucket is distributed in the same way: 16,384 partitions
 * cost one bucket pass. The order of the records of a partition never changes. Confined to one thread.
 */
final class Distribution {
    /** Most files that are written at the same time. */
    static final int FAN_OUT = 128;

    private final FileStore store;
    private final SegmentAccess access;
    private final OutputFiles files;
    private final int fanOut;

    Distribution(FileStore store, SegmentAccess access, OutputFiles files, int fanOut) {
        this.store = store;
        this.access = access;
        this.files = files;
        this.fanOut = fanOut;
    }

    /** Writes the records of a feed, all of which belong to the given partitions, into one file or more for each. */
    void run(RecordFeed feed, List<String> partitions) {
        if (partitions.size() <= fanOut) {
            writePartitions(feed, partitions);
        } else {
            writeBuckets(feed, partitions);
        }
    }

    private void writePartitions(RecordFeed feed, List<String> partitions) {
        Map<String, PartitionOutput> outputs = new LinkedHashMap<>();
        partitions.forEach(partition -> outputs.put(partition, new PartitionOutput(files, partition)));
        try {
            feed.into((context, record) -> route(outputs, context).append(context, record));
            outputs.values().forEach(PartitionOutput::finish);
        } finally {
            outputs.values().forEach(PartitionOutput::close);
        }
    }

    private static <T> T route(Map<String, T> outputs, SegmentContext context) {
        T output = outputs.get(context.partitionPath());
        if (output == null) {
            throw new IllegalStateException(
                    "a record of partition '" + context.partitionPath() + "' was not asked for");
        }
        return output;
    }

    private void writeBuckets(RecordFeed feed, List<String> partitions) {
        List<Bucket> buckets = new ArrayList<>();
        Map<String, Bucket> byPartition = new HashMap<>();
        int perBucket = (partitions.size() + fanOut - 1) / fanOut;
        for (int from = 0; from < partitions.size(); from += perBucket) {
            Bucket bucket = new Bucket(partitions.subList(from, Math.min(partitions.size(), from + perBucket)));
            bucket.partitions.forEach(partition -> byPartition.put(partition, bucket));
            buckets.add(bucket);
        }
        try {
            feed.into((context, record) -> route(byPartition, context).append(context, record));
            buckets.forEach(Bucket::finish);
        } finally {
            buckets.forEach(Bucket::close);
        }
        for (Bucket bucket : buckets) {
            bucket.distribute();
        }
    }

    /** A temporary segment with the records of some partitions. */
    private final class Bucket implements RecordFeed, AutoCloseable {
        private final List<String> partitions;
        private final Map<String, Map<String, SegmentContext>> own = new HashMap<>();
        private @Nullable SegmentWriter writer;
        private @Nullable Path finished;

        Bucket(List<String> partitions) {
            this.partitions = partitions;
        }

        void append(SegmentContext context, RecordView record) {
            SegmentWriter target = writer == null ? start() : writer;
            Map<String, SegmentContext> ofLane = own.computeIfAbsent(context.lane(), lane -> new HashMap<>());
            SegmentContext mine = ofLane.get(context.partitionPath());
            if (mine == null || !mine.covers(record.sequence())) {
                int reference = target.context(context.lane(), context.partitionPath(), record.sequence());
                mine = new SegmentContext(reference, context.lane(), context.partitionPath(), record.sequence());
                ofLane.put(context.partitionPath(), mine);
            }
            target.append(mine.ref(), record);
        }

        private SegmentWriter start() {
            Path path = files.newFile();
            SegmentHeader header = files.header(path).build();
            SegmentWriter started = files.createUnlimited(path, header);
            writer = started;
            return started;
        }

        void finish() {
            if (writer != null) {
                writer.finish();
                finished = writer.path();
                writer = null;
            }
        }

        /** Goes on with what the bucket holds, and removes it. */
        void distribute() {
            if (finished != null) {
                run(this, partitions);
                files.discard(finished);
                finished = null;
            }
        }

        @Override
        public void into(RecordSink sink) {
            Path path = finished;
            if (path == null) {
                return;
            }
            try (Segment segment = Segment.open(store, path, access);
                    SegmentCursor cursor = segment.cursor()) {
                while (cursor.next()) {
                    sink.accept(cursor.context(), cursor.record());
                }
            }
        }

        @Override
        public void close() {
            if (writer != null) {
                writer.close();
                writer = null;
            }
        }
    }
}
