package io.firn.segment;

import io.firn.error.InvalidRecordException;
import io.firn.error.StorageIoException;
import io.firn.fs.FileStore;
import io.firn.fs.StoreFile;
import io.firn.record.ControlFrameCodec;
import io.firn.record.FrameEncoder;
import io.firn.record.FrameFormat;
import io.firn.record.FrameView;
import io.firn.record.RecordView;
import io.firn.record.StreamRecord;
import io.firn.record.Timestamps;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Appends records to a new segment file.
 *
 * <p>On return of an append the record is in the page cache and published to readers of the file (with {@link
 * SegmentOptions#buffered} when the buffer is full or after {@link #flush}), not on disk: {@link #force} is the commit
 * point. An error leaves the segment as it was; only a failed force or seal ends the writer. Single writer; {@link
 * #flush}, {@link #lengthBytes} and {@link #recordCount} from any thread.
 */
public final class SegmentWriter implements AutoCloseable {
    private final Path path;
    private final SegmentHeader header;
    private final SegmentOptions options;
    private final SegmentTail tail;
    private final SegmentStatistics statistics;
    private final ContextTable contexts;
    private final Map<String, Map<String, SegmentContext>> latest = new HashMap<>();
    private final SortedMap<Integer, ByteBuffer> sections = new TreeMap<>();
    private final FrameEncoder encoder;
    private final ControlFrameCodec controlFrames;

    private ByteBuffer window = ByteBuffer.allocate(0);
    private long windowStart;
    private long windowEnd;
    /** Where the writer has to do more than to append: where it asks for the next window, then the window's end. */
    private long nextStop;

    private long position;
    private final AtomicLong published = new AtomicLong();
    private final AtomicLong publishedRecords = new AtomicLong();

    private SegmentWriter(StoreFile file, SegmentHeader header, SegmentOptions options) {
        this.path = file.path();
        this.header = header;
        this.options = options;
        this.tail = SegmentTail.of(file, options);
        this.statistics = new SegmentStatistics(header, options.indexStride());
        this.contexts = new ContextTable(header);
        this.encoder = new FrameEncoder(header.salt());
        this.controlFrames = new ControlFrameCodec(header.salt());
        header.contextZero().ifPresent(this::remember);
    }

    /**
     * Creates the file exclusively and writes the header, not durable yet.
     *
     * @throws StorageIoException if the file exists already
     * @throws io.firn.error.StorageFullException if there is no space; no file is left behind
     */
    public static SegmentWriter create(FileStore store, Path path, SegmentHeader header, SegmentOptions options) {
        ByteBuffer headerBytes = SegmentHeaderCodec.encode(header);
        StoreFile file = store.createExclusively(path)
                .orElseThrow(() -> new StorageIoException(
                        "create", path, new FileAlreadyExistsException(path.toString(), null, "it exists already")));
        SegmentWriter writer = null;
        try {
            writer = new SegmentWriter(file, header, options);
            writer.putHeader(headerBytes);
            writer.flush();
            return writer;
        } catch (RuntimeException | Error e) {
            discard(writer == null ? file::close : writer::close, store, path, e);
            throw e;
        }
    }

    private static void discard(Runnable close, FileStore store, Path path, Throwable reason) {
        try {
            close.run();
            store.delete(path);
        } catch (RuntimeException e) {
            reason.addSuppressed(e);
        }
    }

    private void putHeader(ByteBuffer bytes) {
        int size = bytes.remaining();
        makeRoom(size);
        window.put(0, bytes, 0, size);
        advance(size);
    }

    /**
     * The reference by which records of a lane and partition are appended, from this sequence on; defines a context
     * when there is none, or none that reaches the sequence.
     *
     * @return the reference; it stays valid for this segment while {@link SegmentContext#covers} holds
     */
    public int context(String lane, String partitionPath, long baseSequence) {
        Map<String, SegmentContext> ofLane = latest.get(lane);
        SegmentContext known = ofLane == null ? null : ofLane.get(partitionPath);
        if (known != null && known.covers(baseSequence)) {
            return known.ref();
        }
        SegmentContext added = new SegmentContext(contexts.nextReference(), lane, partitionPath, baseSequence);
        ByteBuffer payload = ContextCodec.encode(added);
        int at = roomFor(FrameFormat.FIXED_SIZE + (long) payload.remaining());
        int length = controlFrames.encodeUnpublished(FrameFormat.CONTROL_CONTEXT, payload, window, at);
        FramePublisher.publish(window, at, length);
        advance(FrameFormat.paddedLength(length));
        contexts.define(added);
        statistics.define(added);
        remember(added);
        return added.ref();
    }

    private void remember(SegmentContext context) {
        latest.computeIfAbsent(context.lane(), lane -> new HashMap<>()).put(context.partitionPath(), context);
    }

    /** Appends a control frame that is none of this package: labels or a schema. */
    public void appendControl(int type, ByteBuffer payload) {
        if (type == FrameFormat.CONTROL_CONTEXT) {
            throw new IllegalArgumentException("contexts are defined by context()");
        }
        int at = roomFor(FrameFormat.FIXED_SIZE + (long) payload.remaining());
        int length = controlFrames.encodeUnpublished(type, payload, window, at);
        FramePublisher.publish(window, at, length);
        advance(FrameFormat.paddedLength(length));
    }

    /** Whether the segment has room for the record; an empty one takes any record that is possible at all. */
    public boolean fits(int contextReference, StreamRecord record) {
        return fitsFrame(FrameEncoder.lengthOf(contextReference, record));
    }

    /** Whether the segment has room for a record without key and headers; as {@link #fits(int, StreamRecord)}. */
    public boolean fits(int valueBytes) {
        return fitsFrame(FrameEncoder.lengthOf(SegmentFormat.MAX_CONTEXTS - 1, valueBytes));
    }

    /** Whether the segment has room for a copy of the record; as {@link #fits(int, StreamRecord)}. */
    public boolean fits(int contextReference, RecordView record) {
        return record instanceof FrameView frame
                ? fitsFrame(FrameEncoder.lengthOf(contextReference, frame))
                : fits(contextReference, record.toRecord());
    }

    private boolean fitsFrame(long length) {
        long end = position + length + FrameFormat.ALIGNMENT + SegmentFormat.END_WORD_SIZE;
        return end <= options.segmentSizeBytes() || statistics.recordCount() == 0;
    }

    /**
     * Appends a record.
     *
     * @param contextReference from {@link #context}
     * @param sequence above all sequences of the lane in this segment
     * @throws InvalidRecordException if the record is too large for any segment; nothing was written
     * @throws io.firn.error.StorageFullException if there is no space; nothing was written, try again later
     */
    public void append(int contextReference, long sequence, StreamRecord record) {
        int delta = statistics.deltaFor(contextReference, sequence);
        int at = roomFor(FrameEncoder.lengthOf(contextReference, record));
        encoder.start(window, at, contextReference, delta);
        publish(at, encoder.finish(record), contextReference, sequence, Timestamps.saturatedNs(record));
    }

    /** Appends a record with a type id and a value only, without allocating; otherwise as the other one. */
    public void append(int contextReference, long sequence, long timestampNs, int typeId, @Nullable ByteBuffer value) {
        if (typeId < 0 || typeId > StreamRecord.MAX_TYPE_ID) {
            throw new InvalidRecordException("typeId " + typeId + " is not in 0.." + StreamRecord.MAX_TYPE_ID);
        }
        int delta = statistics.deltaFor(contextReference, sequence);
        int at = roomFor(FrameEncoder.lengthOf(contextReference, value == null ? -1 : value.remaining()));
        encoder.start(window, at, contextReference, delta);
        publish(at, encoder.finish(timestampNs, typeId, value), contextReference, sequence, timestampNs);
    }

    /** Appends a copy of a record of another segment under its own sequence; allocates nothing. */
    public void append(int contextReference, RecordView record) {
        if (!(record instanceof FrameView frame)) {
            append(contextReference, record.sequence(), record.toRecord());
            return;
        }
        long sequence = frame.sequence();
        int delta = statistics.deltaFor(contextReference, sequence);
        int at = roomFor(FrameEncoder.lengthOf(contextReference, frame));
        encoder.start(window, at, contextReference, delta);
        publish(at, encoder.finish(frame), contextReference, sequence, frame.timestampNs());
    }

    private void publish(int at, int length, int contextReference, long sequence, long timestampNs) {
        FramePublisher.publish(window, at, length);
        statistics.note(contextReference, position, sequence, timestampNs);
        publishedRecords.lazySet(statistics.recordCount());
        advance(FrameFormat.paddedLength(length));
    }

    private void advance(int bytes) {
        position += bytes;
        published.lazySet(position);
    }

    /** Makes sure that a frame and the word behind it can be stored; returns the frame's index in the window. */
    private int roomFor(long length) {
        if (length > SegmentFormat.MAX_FRAME_LENGTH) {
            throw new InvalidRecordException("A record of " + length + " bytes in segment " + path
                    + " is above the limit of " + SegmentFormat.MAX_FRAME_LENGTH + " bytes. Nothing was written.");
        }
        int padded = FrameFormat.paddedLength((int) length);
        if (position + padded + SegmentFormat.TAIL_ROOM > nextStop) {
            makeRoom(padded);
        }
        return (int) (position - windowStart);
    }

    private void makeRoom(int padded) {
        long end = position + padded + SegmentFormat.TAIL_ROOM;
        if (end > windowEnd) {
            SegmentTail.Window next = tail.windowFor(position, end);
            window = next.buffer();
            windowStart = next.fileOffset();
            windowEnd = next.endOffset();
            nextStop = tail.askAheadAt(position, windowEnd);
        }
        if (end > nextStop) {
            tail.reserveAhead();
            nextStop = windowEnd;
        }
    }

    /** Adds a section to the footer that this package does not interpret; before {@link #seal}. */
    public void section(int id, ByteBuffer content) {
        if (id == SegmentFormat.SECTION_INDEX || id == SegmentFormat.SECTION_CONTEXTS) {
            throw new IllegalArgumentException("section " + id + " is written by the segment itself");
        }
        sections.put(id, content);
    }

    /** The file. */
    public Path path() {
        return path;
    }

    /** The header of the file. */
    public SegmentHeader header() {
        return header;
    }

    /** End of the published frames, in bytes from the start of the file: what a commit records. */
    public long lengthBytes() {
        return published.get();
    }

    /** Number of published records. */
    public long recordCount() {
        return publishedRecords.get();
    }

    /** Lowest and highest timestamp so far in nanoseconds, {@link Range#EMPTY} without records. */
    public Range timestamps() {
        return statistics.timestamps();
    }

    /** What the segment holds so far. */
    public SegmentSummary summary() {
        return statistics.summary(position, tail.checksumTo(position));
    }

    /** Hands published records to the file where a buffer holds them; not durable. */
    public void flush() {
        tail.flush(published.get());
    }

    /**
     * Makes everything that is published durable; the file's name becomes durable by a force of its directory.
     *
     * @throws io.firn.error.StorageFullException if there is no space for what a buffer holds; try again later
     * @throws StorageIoException if that failed; the file must not be used again
     */
    public void force() {
        tail.force(position);
    }

    /**
     * Ends the segment: footer, force, end word, unmap, truncate, force. The caller has committed everything. On return
     * the segment is durable and the writer closed. If there is no space for the footer the writer stays usable.
     */
    public SegmentSummary seal() {
        tail.force(position);
        SegmentSummary summary = summary();
        end(() -> tail.seal(position, footer(summary)));
        return summary;
    }

    /**
     * Ends the segment like {@link #seal}, without making anything durable: for a file that nobody may read before it
     * was forced and got its final name. On return the writer is closed.
     */
    public SegmentSummary finish() {
        SegmentSummary summary = summary();
        end(() -> tail.finish(position, footer(summary)));
        return summary;
    }

    private ByteBuffer footer(SegmentSummary summary) {
        return SegmentFooterCodec.encode(new SegmentFooter(summary, statistics.index(), sections));
    }

    private void end(Runnable ending) {
        try {
            ending.run();
            close();
        } finally {
            if (!tail.isUsable()) {
                forgetWindow();
            }
        }
    }

    /** Its memory may be somebody else's from now on. */
    private void forgetWindow() {
        windowEnd = 0;
        nextStop = 0;
        window = ByteBuffer.allocate(0);
    }

    /** Unmaps and closes the file as it is, neither forced nor sealed. */
    @Override
    public void close() {
        forgetWindow();
        tail.close();
    }
}
