package io.firn.segment;

import io.firn.fs.BufferPool;
import io.firn.fs.FileStore;
import io.firn.fs.SpaceReserver;
import io.firn.record.RecordHeader;
import io.firn.record.RecordView;
import io.firn.record.StreamRecord;
import io.firn.record.TimestampType;
import io.firn.record.Timestamps;
import io.firn.testing.InMemoryFileStore;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** What tests of segments need: a store, a header, options, random records, and a list of what a cursor shows. */
final class SegmentFixture {
    static final Path FILE = Path.of("/lane.00000000000000000000.e1.q");
    static final UUID TABLE = new UUID(0x0123_4567_89ab_4defL, 0x8123_4567_89ab_cdefL);

    final FileStore store;
    final BufferPool pool = new BufferPool(1 << 20);
    final SegmentAccess access;
    final SpaceReserver reserver = SpaceReserver.sameThread(1L << 30);
    private final boolean buffered;

    SegmentFixture() {
        this(new InMemoryFileStore());
    }

    SegmentFixture(FileStore store) {
        this(store, SegmentAccess.MIN_READ_BUFFER_BYTES);
    }

    SegmentFixture(FileStore store, int readBufferBytes) {
        this(store, readBufferBytes, false);
    }

    private SegmentFixture(FileStore store, int readBufferBytes, boolean buffered) {
        this.store = store;
        this.buffered = buffered;
        this.access = SegmentAccess.of(pool).withReadBufferBytes(readBufferBytes);
    }

    /** The same store for writers that do, or do not, write by position. */
    SegmentFixture buffered(boolean writes) {
        return new SegmentFixture(store, access.readBufferBytes(), writes);
    }

    /** A mapped writer's header: no context 0. */
    static SegmentHeader mixed() {
        return SegmentHeader.builder(TABLE).salt(0x5a17).epoch(1).lane("main").build();
    }

    /** A partition writer's header: context 0 is lane "main", partition "p=0", base 0. */
    static SegmentHeader single() {
        return SegmentHeader.builder(TABLE)
                .salt(0x5a17)
                .epoch(1)
                .lane("main")
                .partitionPath("p=0")
                .build();
    }

    SegmentOptions options(int indexStride) {
        return options(1 << 19, indexStride);
    }

    SegmentOptions options(long segmentSizeBytes, int indexStride) {
        SegmentOptions mapped = new SegmentOptions(segmentSizeBytes, indexStride, reserver);
        return buffered ? mapped.buffered(pool) : mapped;
    }

    SegmentWriter writer(SegmentHeader header) {
        return writer(FILE, header);
    }

    SegmentWriter writer(Path path, SegmentHeader header) {
        return SegmentWriter.create(store, path, header, options(4));
    }

    Segment open() {
        return Segment.open(store, FILE, access);
    }

    /** A record as it was written or read. */
    record Entry(String lane, String partition, long sequence, StreamRecord record) {
        static Entry of(SegmentCursor cursor) {
            RecordView view = cursor.record();
            SegmentContext context = cursor.context();
            return new Entry(context.lane(), context.partitionPath(), view.sequence(), view.toRecord());
        }

        long timestampNs() {
            return Timestamps.saturatedNs(record);
        }
    }

    static void append(SegmentWriter writer, Entry entry) {
        int reference = writer.context(entry.lane, entry.partition, entry.sequence);
        writer.append(reference, entry.sequence, entry.record);
    }

    static List<Entry> rest(SegmentCursor cursor) {
        List<Entry> entries = new ArrayList<>();
        while (cursor.next()) {
            entries.add(Entry.of(cursor));
        }
        return entries;
    }

    static List<Entry> all(Segment segment, long limit) {
        try (SegmentCursor cursor = segment.cursor(0, limit)) {
            return rest(cursor);
        }
    }

    /** Records of one lane over some partitions. */
    static List<Entry> randomLane(RandomGenerator random, String lane, int count, int maxValueBytes) {
        List<Entry> entries = new ArrayList<>();
        long sequence = random.nextInt(10);
        for (int i = 0; i < count; i++) {
            StreamRecord record = randomRecord(random, maxValueBytes);
            entries.add(new Entry(lane, "p=" + random.nextInt(4), sequence, record));
            long step = random.nextInt(20) == 0 ? 1L << 33 : 1 + random.nextInt(3);
            sequence += step;
        }
        return entries;
    }

    static StreamRecord randomRecord(RandomGenerator random, int maxValueBytes) {
        long time = random.nextInt(20) == 0 ? random.nextLong() : 1_000_000 + random.nextInt(1000);
        StreamRecord.Builder record = random.nextBoolean() ? StreamRecord.atNanos(time) : StreamRecord.atMillis(time);
        List<RecordHeader> headers = new ArrayList<>();
        for (int i = random.nextInt(6) - 3; i > 0; i--) {
            headers.add(new RecordHeader("h" + random.nextInt(2), maybeBytes(random, 20)));
        }
        return record.timestampType(random.nextBoolean() ? TimestampType.CREATE_TIME : TimestampType.LOG_APPEND_TIME)
                .typeId(random.nextInt(StreamRecord.MAX_TYPE_ID + 1))
                .key(maybeBytes(random, 30))
                .headers(headers)
                .value(maybeBytes(random, maxValueBytes))
                .build();
    }

    private static byte @Nullable [] maybeBytes(RandomGenerator random, int maxBytes) {
        if (random.nextInt(4) == 0) {
            return null;
        }
        byte[] bytes = new byte[random.nextInt(maxBytes + 1)];
        random.nextBytes(bytes);
        return bytes;
    }

    /** A plain record; the timestamp is the sequence. */
    static Entry plain(long sequence, int valueBytes) {
        byte[] value = new byte[valueBytes];
        for (int i = 0; i < valueBytes; i++) {
            value[i] = (byte) (sequence + i);
        }
        return new Entry(
                "main",
                "p=0",
                sequence,
                StreamRecord.atNanos(sequence).value(value).build());
    }

    byte[] bytes() {
        return bytes(FILE);
    }

    byte[] bytes(Path path) {
        ByteBuffer bytes = ByteBuffer.allocate((int) store.info(path).sizeBytes());
        try (var file = store.openRead(path)) {
            file.read(bytes, 0);
        }
        return bytes.array();
    }

    void replace(byte[] content) {
        store.delete(FILE);
        try (var file = store.createExclusively(FILE).orElseThrow()) {
            file.write(ByteBuffer.wrap(content), 0);
        }
    }
}
