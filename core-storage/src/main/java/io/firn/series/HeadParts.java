package io.firn.series;

import io.firn.task.Ahead;
import io.firn.task.SpareThreads;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.roaringbitmap.RoaringBitmap;

/**
 * Encodes the series of a head that does not change any more, on spare cores ahead of whoever appends them, who helps
 * when he has to wait. Without spare cores he does everything, and so he does with a series that is much larger than a
 * part: its parts follow each other. Confined to one thread.
 */
final class HeadParts implements PartSource {
    /** Samples of a part, at least: some hundred microseconds of work. */
    private static final int PART_SAMPLES = 1 << 15;

    private static final int LARGE_SERIES_SAMPLES = 8 * PART_SAMPLES;

    private final Head head;
    private final int[] refs;
    private final BlockParts parts;
    private final Executor executor;
    private final int maxAhead;
    private final Deque<Ahead<BlockPart>> ahead = new ArrayDeque<>();
    private int nextSeries;
    private @Nullable BlockPart given;
    private @Nullable SourceParts large;

    HeadParts(Head head, BlockParts parts) {
        this(head, parts, SpareThreads.executor(), 2 * SpareThreads.count());
    }

    /** Creates the parts with other threads than those of the process, and so many parts ahead at most. */
    HeadParts(Head head, BlockParts parts, Executor executor, int maxAhead) {
        this.head = head;
        this.refs =
                head.index().sort(RoaringBitmap.bitmapOfRange(0, head.index().size()));
        this.parts = parts;
        this.executor = executor;
        this.maxAhead = maxAhead;
    }

    @Override
    public @Nullable BlockPart next() {
        giveBack();
        BlockPart ofLarge = nextOfLarge();
        if (ofLarge != null) {
            return ofLarge;
        }
        begin();
        Ahead<BlockPart> first = ahead.poll();
        if (first == null) {
            return beginLarge() ? nextOfLarge() : null;
        }
        first.runOrHelp(ahead);
        given = first.take();
        return given;
    }

    /** Begins parts up to the wanted number, as far as the next large series. */
    private void begin() {
        while (ahead.size() <= maxAhead && nextSeries < refs.length && !isLarge(nextSeries)) {
            int from = nextSeries;
            nextSeries = endOfPart(from);
            int to = nextSeries;
            Ahead<BlockPart> part = new Ahead<>(() -> encode(from, to), parts::giveBack);
            ahead.add(part);
            part.offerTo(executor);
        }
    }

    private int endOfPart(int from) {
        long samples = 0;
        int to = from;
        while (to < refs.length && samples < PART_SAMPLES && !isLarge(to)) {
            samples += head.count(refs[to++]);
        }
        return to;
    }

    private boolean isLarge(int series) {
        return head.count(refs[series]) > LARGE_SERIES_SAMPLES;
    }

    private BlockPart encode(int from, int to) {
        BlockPart part = parts.take();
        for (int i = from; i < to; i++) {
            part.add(head, refs[i]);
        }
        return part;
    }

    private boolean beginLarge() {
        if (nextSeries == refs.length) {
            return false;
        }
        large = new SourceParts(new HeadSeries(head, refs[nextSeries++]), parts);
        return true;
    }

    private @Nullable BlockPart nextOfLarge() {
        SourceParts present = large;
        BlockPart next = present == null ? null : present.next();
        if (present != null && next == null) {
            present.close();
            large = null;
        }
        return next;
    }

    private void giveBack() {
        if (given != null) {
            parts.giveBack(given);
            given = null;
        }
    }

    @Override
    public void close() {
        ahead.forEach(Ahead::doNotBegin);
        for (Ahead<BlockPart> each = ahead.poll(); each != null; each = ahead.poll()) {
            each.abandon();
        }
        giveBack();
        if (large != null) {
            large.close();
            large = null;
        }
    }

    /** One series of a head. */
    private static final class HeadSeries implements SeriesSource {
        private final Head head;
        private final int ref;
        private boolean begun;

        HeadSeries(Head head, int ref) {
            this.head = head;
            this.ref = ref;
        }

        @Override
        public boolean next() {
            boolean first = !begun;
            begun = true;
            return first;
        }

        @Override
        public Labels labels() {
            return head.index().labels(ref);
        }

        @Override
        public SeriesType type() {
            return head.type(ref);
        }

        @Override
        public SampleCursor samples() {
            SampleArrays samples = new SampleArrays();
            head.copy(ref, samples);
            return new ArrayCursor(samples.sortKeepingLast());
        }
    }
}
