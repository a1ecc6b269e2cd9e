package io.firn.lifecycle;

import io.firn.error.CorruptDataException;
import io.firn.log.HotInput;
import io.firn.log.Removal;
import io.firn.log.TableLayout;
import io.firn.record.RecordView;
import io.firn.segment.Segment;
import io.firn.segment.SegmentContext;
import io.firn.segment.SegmentCursor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * One sequential pass over hot segments that picks the records of chosen partitions and notes exactly what it took.
 *
 * <p>Every frame up to the committed length is checked and counted, also the ones that are not taken. Confined to one
 * thread.
 */
final class HotPass implements RecordFeed {
    private static final long STOP_CHECK_MASK = 0xFFF;

    private final RewriteContext context;
    private final TableLayout layout;
    private final List<HotInput> inputs;
    private final Set<String> partitions;
    private final RecordSieve sieve;
    private final Map<String, RecordDigest> digests = new HashMap<>();
    private final List<Removal> removals = new ArrayList<>();
    private long recordCount;
    private long scannedBytes;

    /**
     * Creates the pass.
     *
     * @param inputs segments of each lane by base sequence, lane after lane
     * @param partitions whose records are taken
     * @param sieve which of the taken records are passed on
     */
    HotPass(RewriteContext context, List<HotInput> inputs, Set<String> partitions, RecordSieve sieve) {
        this.context = context;
        this.layout = context.layout();
        this.inputs = List.copyOf(inputs);
        this.partitions = Set.copyOf(partitions);
        this.sieve = sieve;
    }

    @Override
    public void into(RecordSink sink) {
        LaneOrder order = new LaneOrder();
        for (HotInput input : inputs) {
            new InputPass(input, order).run(sink);
        }
    }

    /** What the pass took out of each segment. */
    List<Removal> removals() {
        return removals;
    }

    /** What the pass passed on of each partition, in order. */
    Map<String, RecordDigest> digests() {
        return digests;
    }

    /** Records passed on. */
    long recordCount() {
        return recordCount;
    }

    /** Committed bytes read. */
    long scannedBytes() {
        return scannedBytes;
    }

    /** Records of a lane ascend over all of its segments: otherwise one stands twice. */
    private static final class LaneOrder {
        private String lane = "";
        private long last;

        void check(HotInput input, RecordView record, TableLayout layout, long offset) {
            if (!input.lane().equals(lane)) {
                lane = input.lane();
            } else if (record.sequence() <= last) {
                throw new CorruptDataException(
                        layout.resolve(input.segment().path()),
                        offset,
                        "expected a sequence above " + last + " in lane " + lane + ", found " + record.sequence());
            }
            last = record.sequence();
        }
    }

    /** The pass over one segment. */
    private final class InputPass {
        private final HotInput input;
        private final LaneOrder order;
        private final Map<Integer, Taken> taken = new HashMap<>();
        private long seen;
        private boolean complete = true;

        InputPass(HotInput input, LaneOrder order) {
            this.input = input;
            this.order = order;
        }

        void run(RecordSink sink) {
            long limit = input.segment().lengthBytes();
            Path file = layout.resolve(input.segment().path());
            try (Segment segment = Segment.open(layout.store(), file, context.access());
                    SegmentCursor cursor = segment.cursor(0, limit)) {
                Taken current = null;
                while (cursor.next()) {
                    SegmentContext found = cursor.context();
                    if (current == null || found.ref() != current.context.ref()) {
                        current = taken.computeIfAbsent(found.ref(), ref -> new Taken(found));
                    }
                    visit(cursor, current, sink);
                }
            }
            scannedBytes += limit;
            checkCount();
            addRemoval();
        }

        private void visit(SegmentCursor cursor, Taken from, RecordSink sink) {
            RecordView record = cursor.record();
            order.check(input, record, layout, cursor.offset());
            if ((++seen & STOP_CHECK_MASK) == 0) {
                context.stop().check();
            }
            if (record.sequence() < from.firstLeft) {
                return;
            }
            if (!from.wanted) {
                complete = false;
                return;
            }
            from.lastSequence = record.sequence();
            from.count++;
            if (sieve.keeps(from.context, record)) {
                recordCount++;
                from.digest.add(from.context.lane(), record);
                sink.accept(from.context, record);
            }
        }

        private void checkCount() {
            if (seen != input.segment().records()) {
                throw new CorruptDataException(
                        layout.resolve(input.segment().path()),
                        input.segment().lengthBytes(),
                        "expected " + input.segment().records() + " committed records, found " + seen);
            }
        }

        private void addRemoval() {
            List<Removal.ContextLimit> limits = new ArrayList<>();
            long records = 0;
            for (Taken each : taken.values()) {
                if (each.count > 0) {
                    limits.add(new Removal.ContextLimit(each.context.ref(), each.lastSequence));
                    records += each.count;
                }
            }
            if (!limits.isEmpty() || complete) {
                long completeBytes = complete ? input.segment().lengthBytes() : 0;
                removals.add(new Removal(input.segment().path(), limits, completeBytes, records));
            }
        }

        /** A context of the segment and what was taken of it. */
        private final class Taken {
            private final SegmentContext context;
            private final boolean wanted;
            private final long firstLeft;
            private final RecordDigest digest;
            private long lastSequence;
            private long count;

            Taken(SegmentContext context) {
                this.context = context;
                this.wanted = partitions.contains(context.partitionPath());
                this.firstLeft = input.firstLeft(context.ref());
                this.digest = digests.computeIfAbsent(context.partitionPath(), path -> new RecordDigest());
            }
        }
    }
}
