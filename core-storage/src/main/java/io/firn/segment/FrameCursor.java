package io.firn.segment;

import io.firn.error.ClosedException;
import io.firn.error.CorruptDataException;
import io.firn.record.ControlFrame;
import io.firn.record.ControlFrameCodec;
import io.firn.record.FrameFormat;
import io.firn.record.FrameState;
import io.firn.record.FrameVerifier;
import io.firn.record.FrameView;
import io.firn.record.RecordView;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The cursor over frames, whatever they are read from. */
final class FrameCursor implements SegmentCursor {
    private static final int SMALLEST_LOAD = FrameFormat.ALIGNMENT;
    private static final long MIN_POLL_BYTES = 4096;
    private static final long MAX_POLL_BYTES = Integer.MAX_VALUE;

    private final FrameSource source;
    private final FrameWindow window;
    private final ContextTable contexts;
    private final FrameVerifier verifier;
    private final ControlFrameCodec controlFrames;
    private final FrameView view = new FrameView();
    private final boolean tailing;
    private final long start;

    private ByteBuffer frames;
    private long framesStart;
    private long framesEnd;
    private long checkedEnd;
    private long limit;
    private long offset;
    private long next;
    private @Nullable SegmentContext context;
    private Seek seek = Seek.NOTHING;
    private Consumer<SegmentContext> onDefinition = defined -> {};
    private long countedRecords;
    private boolean countsAll;
    private boolean ended;
    /** How much a tailing cursor reads: little after it had found nothing, twice as much each time it finds more. */
    private long pollBytes = MAX_POLL_BYTES;

    private boolean closed;

    /**
     * Creates a cursor that owns the window.
     *
     * @param tailing whether to go on beyond the limit as far as frames are published
     */
    FrameCursor(FrameSource source, FrameWindow window, long fromOffset, long limitOffset, boolean tailing) {
        this.source = source;
        this.window = window;
        this.contexts = source.newContextTable();
        this.verifier = source.newVerifier();
        this.controlFrames = new ControlFrameCodec(source.header().salt());
        this.tailing = tailing;
        this.limit = limitOffset;
        this.frames = window.buffer();
        view.attach(frames);
        boolean contextsKnown = source.footer() != null;
        this.start = Math.max(fromOffset, source.dataStart());
        this.next = contextsKnown ? start : source.dataStart();
        this.countsAll = start == source.dataStart();
    }

    /** Hears of every context when its definition is read for the first time. */
    void onDefinition(Consumer<SegmentContext> listener) {
        onDefinition = listener;
    }

    @Override
    public boolean next() {
        if (closed) {
            throw new ClosedException("The cursor over segment " + source.path() + " is closed");
        }
        while (advance()) {
            if (offset >= start && isSought()) {
                return true;
            }
        }
        return false;
    }

    @SuppressWarnings("ReferenceEquality") // the usual case, for every record, without a call
    private boolean isSought() {
        if (seek != Seek.NOTHING) {
            if (!seek.accepts(view, contextOrThrow())) {
                return false;
            }
            seek = Seek.NOTHING;
        }
        return true;
    }

    /** Moves to the next record, over control frames. */
    private boolean advance() {
        while (next < limit || tailing) {
            FrameState state = check();
            if (state != FrameState.VALID) {
                state = reload(state);
            }
            if (state != FrameState.VALID) {
                return stopAt(state);
            }
            int index = (int) (next - framesStart);
            if (!view.moveTo(index)) {
                throw corrupt(view.problem());
            }
            offset = next;
            next += view.paddedLength();
            if (!view.isControl()) {
                resolveContext();
                countedRecords++;
                return true;
            }
            readControl(index);
        }
        checkCount();
        return false;
    }

    private FrameState check() {
        if (next < framesStart || next >= framesEnd) {
            return FrameState.INCOMPLETE;
        }
        if (next < checkedEnd) {
            return FrameState.VALID;
        }
        return verifier.check(frames, (int) (next - framesStart), (int) (framesEnd - framesStart));
    }

    /** Reads again from the present position: more bytes, or what a writer has published meanwhile. */
    private FrameState reload(FrameState before) {
        if (before != FrameState.INCOMPLETE && !tailing) {
            return before;
        }
        if (next >= limit && !window.mayHold(next)) {
            pollBytes = MIN_POLL_BYTES;
            return FrameState.ABSENT;
        }
        load(SMALLEST_LOAD, tailing ? next + pollBytes : limit);
        FrameState state = check();
        if (state == FrameState.INCOMPLETE && framesEnd - next >= Integer.BYTES) {
            int length = frames.getInt((int) (next - framesStart));
            load(FrameFormat.paddedLength(length), tailing ? source.sizeBytes() : limit);
            state = check();
        }
        pollBytes = state == FrameState.VALID ? Math.min(2 * pollBytes, MAX_POLL_BYTES) : MIN_POLL_BYTES;
        return state;
    }

    @SuppressWarnings("ReferenceEquality") // has the window taken another buffer?
    private void load(long minBytes, long end) {
        framesEnd = framesStart; // when loading fails, the buffer is no longer ours
        window.load(next, minBytes, end);
        framesStart = window.startOffset();
        framesEnd = window.endOffset();
        checkedEnd = window.checkedEnd();
        if (frames != window.buffer()) {
            frames = window.buffer();
            view.attach(frames);
        }
    }

    private boolean stopAt(FrameState state) {
        if (next < limit) {
            throw corrupt(verifier.describe(frames, (int) (next - framesStart), (int) (framesEnd - framesStart)));
        }
        ended = state == FrameState.END;
        return false;
    }

    private void resolveContext() {
        if (context != null && context.ref() == view.contextReference()) {
            return; // a reference never changes its meaning, and the view keeps the base
        }
        SegmentContext found = contexts.find(view.contextReference());
        if (found == null) {
            throw new CorruptDataException(
                    source.path(), offset, "a record of the undefined context " + view.contextReference());
        }
        context = found;
        view.sequenceBase(found.baseSequence());
    }

    private void readControl(int index) {
        ByteBuffer bytes = frames.duplicate().order(frames.order());
        bytes.limit(index + (int) (next - offset));
        try {
            ControlFrame frame = controlFrames.decode(bytes, index);
            if (frame.type() == FrameFormat.CONTROL_CONTEXT) {
                SegmentContext defined = ContextCodec.decode(frame.payload());
                if (contexts.define(defined)) {
                    onDefinition.accept(defined);
                }
            }
        } catch (IllegalArgumentException e) {
            throw new CorruptDataException(source.path(), offset, "a control frame: " + e.getMessage());
        }
    }

    /** A walk from the first to the last frame of a sealed segment has seen every record. */
    private void checkCount() {
        SegmentFooter footer = source.footer();
        if (countsAll && footer != null && next == footer.summary().dataEnd()) {
            long expected = footer.summary().recordCount();
            countsAll = false;
            if (countedRecords != expected) {
                throw new CorruptDataException(
                        source.path(), next, countedRecords + " records, but the footer counts " + expected);
            }
        }
    }

    private CorruptDataException corrupt(String found) {
        return new CorruptDataException(
                source.path(), next, "expected a frame below offset " + limit + ", found " + found);
    }

    @Override
    public RecordView record() {
        return view;
    }

    @Override
    public SegmentContext context() {
        return contextOrThrow();
    }

    private SegmentContext contextOrThrow() {
        if (context == null) {
            throw new IllegalStateException("The cursor stands on no record");
        }
        return context;
    }

    @Override
    public long offset() {
        return offset;
    }

    @Override
    public long nextOffset() {
        return next;
    }

    @Override
    public void seekTimestamp(long timestampNs) {
        SegmentFooter footer = source.footer();
        long from = footer == null
                ? source.dataStart()
                : footer.index()
                        .offsetForTimestamp(timestampNs, footer.summary().dataEnd());
        seekTo(from, new Seek.Timestamp(timestampNs));
    }

    @Override
    public void seekSequence(long sequence) {
        SegmentFooter footer = source.footer();
        boolean oneLane = footer != null && SequenceSeek.hasOneLane(footer);
        long from = footer != null && oneLane ? SequenceSeek.offset(footer, null, sequence) : source.dataStart();
        seekTo(from, new Seek.Sequence(null, sequence));
    }

    @Override
    public void seekSequence(String lane, long sequence) {
        SegmentFooter footer = source.footer();
        long from = footer == null ? source.dataStart() : SequenceSeek.offset(footer, lane, sequence);
        seekTo(from, new Seek.Sequence(lane, sequence));
    }

    private void seekTo(long from, Seek condition) {
        next = source.footer() == null ? from : Math.max(from, start);
        countsAll = false;
        ended = false;
        seek = condition;
    }

    @Override
    public void extendTo(long limitOffset) {
        if (limitOffset < limit) {
            throw new IllegalArgumentException("limit " + limitOffset + " is below the present one, " + limit);
        }
        limit = limitOffset;
    }

    @Override
    public boolean ended() {
        return ended;
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            window.close();
        }
    }
}
