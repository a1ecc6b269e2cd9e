package io.firn.segment;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Counts, ranges and sparse index of a segment, kept while its records are written or read again. Confined to one
 * thread.
 */
final class SegmentStatistics {
    private static final int FIRST_CAPACITY = 8;

    private final SparseIndex index;
    private final Map<String, Lane> lanes = new HashMap<>();
    private @Nullable PerContext[] contexts = new PerContext[FIRST_CAPACITY];
    private int size;
    private long recordCount;

    SegmentStatistics(SegmentHeader header, int indexStride) {
        this.index = new SparseIndex(indexStride);
        size = 1;
        header.contextZero().ifPresent(zero -> contexts[0] = newContext(zero));
    }

    /** Adds a context whose reference is the next one. */
    void define(SegmentContext context) {
        if (context.ref() == contexts.length) {
            contexts = Arrays.copyOf(contexts, contexts.length * 2);
        }
        contexts[context.ref()] = newContext(context);
        size = context.ref() + 1;
    }

    private PerContext newContext(SegmentContext context) {
        return new PerContext(context, lanes.computeIfAbsent(context.lane(), name -> new Lane()));
    }

    /** The distance of a sequence to the base of its context, once it is clear that a record may carry it. */
    int deltaFor(int reference, long sequence) {
        PerContext context = require(reference);
        if (!context.context.covers(sequence)) {
            throw new IllegalArgumentException("sequence " + sequence + " is out of reach of " + context.context);
        }
        if (sequence <= context.lane.lastSequence && context.lane.started) {
            throw new IllegalArgumentException("sequence " + sequence + " after " + context.lane.lastSequence
                    + " of lane " + context.context.lane());
        }
        return (int) (sequence - context.context.baseSequence());
    }

    /** Counts a record that {@link #deltaFor} has approved of. */
    void note(int reference, long offset, long sequence, long timestampNs) {
        PerContext context = require(reference);
        if (context.count == 0) {
            context.firstSequence = sequence;
            context.firstOffset = offset;
        }
        context.count++;
        context.lane.started = true;
        context.lane.lastSequence = sequence;
        context.lastSequence = sequence;
        if (timestampNs < context.minTimestamp) {
            context.minTimestamp = timestampNs;
        }
        if (timestampNs > context.maxTimestamp) {
            context.maxTimestamp = timestampNs;
        }
        recordCount++;
        index.add(offset, reference, sequence, timestampNs);
    }

    private PerContext require(int reference) {
        PerContext context = reference >= 0 && reference < size ? contexts[reference] : null;
        if (context == null) {
            throw new IllegalArgumentException("context " + reference + " is not defined in this segment");
        }
        return context;
    }

    long recordCount() {
        return recordCount;
    }

    SparseIndex index() {
        return index;
    }

    Range timestamps() {
        return summary(0, 0).timestamps();
    }

    SegmentSummary summary(long dataEnd, int dataCrc) {
        List<ContextSummary> all = new ArrayList<>(size);
        for (int i = 0; i < size; i++) {
            PerContext context = contexts[i];
            if (context != null) {
                all.add(context.summary());
            }
        }
        return SegmentSummary.of(dataEnd, dataCrc, all);
    }

    private static final class Lane {
        private boolean started;
        private long lastSequence;
    }

    private static final class PerContext {
        private final SegmentContext context;
        private final Lane lane;
        private long count;
        private long firstSequence;
        private long lastSequence;
        private long minTimestamp = Long.MAX_VALUE;
        private long maxTimestamp = Long.MIN_VALUE;
        private long firstOffset;

        PerContext(SegmentContext context, Lane lane) {
            this.context = context;
            this.lane = lane;
        }

        ContextSummary summary() {
            if (count == 0) {
                return new ContextSummary(context, 0, Range.EMPTY, Range.EMPTY, 0);
            }
            Range sequences = new Range(firstSequence, lastSequence);
            return new ContextSummary(context, count, sequences, new Range(minTimestamp, maxTimestamp), firstOffset);
        }
    }
}
