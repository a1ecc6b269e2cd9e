package io.firn.series;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One batch on its way: first into the log, which may fail, then into the head, which cannot. Until then the head does
 * not know of it. Confined to one thread.
 */
final class BatchWrite {
    private final Head head;
    private final SeriesBatch batch;
    /** Series of each entry; from the head's size on those that are new. */
    private final int[] refs;

    private final List<Labels> fresh = new ArrayList<>();
    private final Map<Labels, Integer> freshRefs = new HashMap<>();

    BatchWrite(Head head, SeriesBatch batch) {
        this.head = head;
        this.batch = batch;
        this.refs = new int[batch.entries()];
        for (int entry = 0; entry < refs.length; entry++) {
            refs[entry] = refOf(batch.labels(entry));
        }
    }

    private int refOf(Labels labels) {
        int known = head.index().find(labels);
        if (known != SeriesIndex.UNKNOWN) {
            return known;
        }
        return freshRefs.computeIfAbsent(labels, added -> {
            fresh.add(added);
            return head.index().size() + fresh.size() - 1;
        });
    }

    /** How many series the head gets. */
    int newSeries() {
        return fresh.size();
    }

    /** Appends the batch to the log; nothing is committed. */
    void log(HeadLog log) {
        Map<Integer, SeriesType> types = new HashMap<>();
        for (int entry = 0; entry < refs.length; entry++) {
            int ref = refs[entry];
            SeriesType type = batch.type(entry);
            if (declared(types, ref) != type || !log.describes(ref)) {
                log.appendSeries(ref, type, batch.labels(entry));
                types.put(ref, type);
            }
            log.appendSamples(ref, batch.samples(), batch.start(entry), batch.end(entry));
        }
        log.endBatch();
        batch.marks().forEach(log::appendMark);
    }

    private @Nullable SeriesType declared(Map<Integer, SeriesType> types, int ref) {
        SeriesType changed = types.get(ref);
        return changed != null || ref >= head.index().size() ? changed : head.type(ref);
    }

    /**
     * Puts the batch into the head.
     *
     * @param log has it
     */
    void apply(long nowMs, HeadLog log) {
        long position = log.position();
        boolean committed = position == log.nextSequence();
        if (head.samples() == 0) {
            head.begin(nowMs);
        }
        batch.marks().forEach(head::mark);
        for (int entry = 0; entry < refs.length; entry++) {
            int ref = refs[entry];
            if (ref == head.index().size()) {
                head.addSeries(batch.labels(entry), batch.type(entry));
            }
            head.setType(ref, batch.type(entry));
            if (!committed) {
                head.uncommitted().add(ref, head.count(ref), position);
            }
            head.append(ref, batch.samples(), batch.start(entry), batch.end(entry));
        }
    }
}
