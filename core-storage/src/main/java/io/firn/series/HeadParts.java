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
 * when he has to wait. Without spare cores he does everything. Confined to one thread.
 */
final class HeadParts implements PartSource {
    /** Samples of a part, at least: some hundred microseconds of work. */
    static final int PART_SAMPLES = 1 << 15;

    private final Head head;
    private final int[] refs;
    private final BlockParts parts;
    private final Executor executor;
    private final int maxAhead;
    private final Deque<Ahead<BlockPart>> ahead = new ArrayDeque<>();
    private int nextSeries;
    private @Nullable BlockPart given;

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
        if (given != null) {
            parts.giveBack(given);
            given = null;
        }
        begin();
        Ahead<BlockPart> first = ahead.poll();
        if (first != null) {
            first.runOrHelp(ahead);
            given = first.take();
        }
        return given;
    }

    private void begin() {
        while (ahead.size() <= maxAhead && nextSeries < refs.length) {
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
        while (to < refs.length && samples < PART_SAMPLES) {
            samples += head.count(refs[to++]);
        }
        return to;
    }

    private BlockPart encode(int from, int to) {
        BlockPart part = parts.take();
        for (int i = from; i < to; i++) {
            part.add(head, refs[i]);
        }
        return part;
    }

    @Override
    public void close() {
        ahead.forEach(Ahead::doNotBegin);
        for (Ahead<BlockPart> each = ahead.poll(); each != null; each = ahead.poll()) {
            each.abandon();
        }
        if (given != null) {
            parts.giveBack(given);
            given = null;
        }
    }
}
