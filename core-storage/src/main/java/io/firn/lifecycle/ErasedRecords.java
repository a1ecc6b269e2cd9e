package io.firn.lifecycle;

import io.firn.log.ExpiredRange;
import io.firn.record.RecordView;
import io.firn.segment.SegmentContext;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Leaves chosen records out of one rewrite, and notes which they were: by lane, partition and sequence, never by key.
 *
 * <p>Only sequences that follow each other directly share a range: what lies between two others may stand in a file
 * that this rewrite does not read. Confined to one thread.
 */
final class ErasedRecords implements RecordSieve, RemovedForEver {
    private final RecordChoice chosen;
    private final Predicate<String> wanted;
    private final Map<Place, Run> latest = new HashMap<>();
    private final List<ExpiredRange> complete = new ArrayList<>();
    private long records;

    private record Place(String partitionPath, String lane) {}

    /** Sequences without one between them. */
    private record Run(long first, long last) {
        ExpiredRange of(Place place) {
            return new ExpiredRange(place.partitionPath(), place.lane(), first, last, last - first + 1);
        }
    }

    /**
     * Creates the sieve of one rewrite.
     *
     * @param wanted the partitions, by path, in which records are erased
     */
    ErasedRecords(RecordChoice chosen, Predicate<String> wanted) {
        this.chosen = chosen;
        this.wanted = wanted;
    }

    @Override
    public boolean keeps(SegmentContext context, RecordView record) {
        if (!chosen.contains(context, record) || !wanted.test(context.partitionPath())) {
            return true;
        }
        records++;
        Place place = new Place(context.partitionPath(), context.lane());
        Run run = latest.get(place);
        long sequence = record.sequence();
        if (run != null && run.last() + 1 == sequence) {
            latest.put(place, new Run(run.first(), sequence));
        } else {
            if (run != null) {
                complete.add(run.of(place));
            }
            latest.put(place, new Run(sequence, sequence));
        }
        return false;
    }

    /** Records that were left out. */
    long records() {
        return records;
    }

    @Override
    public List<ExpiredRange> ranges() {
        List<ExpiredRange> ranges = new ArrayList<>(complete);
        latest.forEach((place, run) -> ranges.add(run.of(place)));
        return ranges;
    }
}
