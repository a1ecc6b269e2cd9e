package io.firn.lifecycle;

import io.firn.log.LaneRange;
import io.firn.log.SegmentEntry;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.TreeSet;

/**
 * The records of several files of one partition: lane after lane, each in ascending sequence over all files.
 *
 * <p>Every file must hold exactly what the catalog says of it; a record that stands in two of them is damage. Confined
 * to one thread.
 */
final class LaneMerge implements RecordFeed {
    private static final long STOP_CHECK_MASK = 0xFFF;

    private final RewriteContext context;
    private final List<SegmentEntry> files;
    private final RecordSieve sieve;
    private final RecordDigest digest;
    private long given;

    /**
     * Creates the feed.
     *
     * @param sieve which records are given
     * @param digest gets every given record in the order of the feed
     */
    LaneMerge(RewriteContext context, List<SegmentEntry> files, RecordSieve sieve, RecordDigest digest) {
        this.context = context;
        this.files = List.copyOf(files);
        this.sieve = sieve;
        this.digest = digest;
    }

    @Override
    public void into(RecordSink sink) {
        TreeSet<String> lanes = new TreeSet<>();
        files.forEach(file -> file.lanes().forEach(range -> lanes.add(range.lane())));
        for (String lane : lanes) {
            mergeLane(lane, sink);
        }
    }

    private void mergeLane(String lane, RecordSink sink) {
        List<LaneSource> all = new ArrayList<>();
        try {
            for (SegmentEntry file : files) {
                Optional<LaneRange> range = file.range(lane);
                if (range.isPresent()) {
                    all.add(LaneSource.open(context, file, range.get()));
                }
            }
            merge(all, sink);
        } finally {
            all.forEach(LaneSource::close);
        }
    }

    private void merge(List<LaneSource> sources, RecordSink sink) {
        PriorityQueue<LaneSource> heads = new PriorityQueue<>(Comparator.comparingLong(LaneSource::sequence));
        for (LaneSource source : sources) {
            if (source.next()) {
                heads.add(source);
            }
        }
        long last = Long.MIN_VALUE;
        while (!heads.isEmpty()) {
            LaneSource source = heads.poll();
            if (source.sequence() <= last) {
                throw source.damaged("expected a sequence above " + last + ", found " + source.sequence()
                        + ": the record stands in two files");
            }
            last = source.sequence();
            give(source, sink);
            if (source.next()) {
                heads.add(source);
            }
        }
    }

    private void give(LaneSource source, RecordSink sink) {
        if ((++given & STOP_CHECK_MASK) == 0) {
            context.stop().check();
        }
        if (sieve.keeps(source.context(), source.record())) {
            digest.add(source.context().lane(), source.record());
            sink.accept(source.context(), source.record());
        }
    }
}
