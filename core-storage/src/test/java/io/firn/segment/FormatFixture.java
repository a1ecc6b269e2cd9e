package io.firn.segment;

import io.firn.fs.BufferPool;
import io.firn.fs.IoMode;
import io.firn.fs.LocalFileStore;
import io.firn.fs.SpaceReserver;
import io.firn.record.RecordHeader;
import io.firn.record.StreamRecord;
import io.firn.record.TimestampType;
import io.firn.segment.SegmentFixture.Entry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The segment that is checked in, hot and cold, for every version of the format: what it holds, and the program that
 * made the files ({@code main <directory> <version>}; never run again for a version that was released).
 */
final class FormatFixture {
    static final String HOT = "segment-v1.q";
    static final String COLD = "segment-v1.q.zst";
    /** The same segment in columnar blocks, values joined. */
    static final String COLUMNS = "segment-v1-columns.q.zst";
    /** A segment of {@link #ticks} in columnar blocks, values as planes. */
    static final String PLANES = "ticks-v1-columns.q.zst";

    private static final int BLOCK_BYTES = 4 << 10;
    private static final LocalFileStore STORE = LocalFileStore.open(IoMode.MMAP);

    private static final long FIRST_MS = 978_310_800_000L;
    private static final int PLAIN_RECORDS = 200;

    private FormatFixture() {}

    static SegmentHeader header() {
        return SegmentHeader.builder(new UUID(0x0f1e_2d3c_4b5a_6978L, 0x8796_a5b4_c3d2_e1f0L))
                .salt(0x1234_5678)
                .generation(3)
                .epoch(7)
                .createdMs(FIRST_MS)
                .property("kind", "records")
                .property("note", "Schnee \u2744")
                .build();
    }

    static List<Entry> entries() {
        List<Entry> entries = new ArrayList<>();
        StreamRecord.Builder[] special = {
            StreamRecord.atNanos(Long.MIN_VALUE)
                    .typeId(65_535)
                    .key(bytes("key"))
                    .value(null),
            StreamRecord.atNanos(Long.MAX_VALUE).key(new byte[0]).value(new byte[0]),
            StreamRecord.atMillis(-1).key(null).value(bytes("before 1970")),
            StreamRecord.atMillis(FIRST_MS)
                    .timestampType(TimestampType.LOG_APPEND_TIME)
                    .headers(List.of(
                            new RecordHeader("h", bytes("1")),
                            new RecordHeader("h", null),
                            new RecordHeader("\u2744", new byte[0])))
                    .value(bytes("headers")),
        };
        long sequence = 5;
        for (StreamRecord.Builder record : special) {
            entries.add(new Entry("flights-0", "dt=2001-01-01/origin=ATL", sequence, record.build()));
            sequence += 1L << 31;
        }
        for (int i = 0; i < PLAIN_RECORDS; i++) {
            String lane = i % 3 == 0 ? "flights-1" : "flights-0";
            String partition = "dt=2001-01-0" + (1 + i % 2) + "/origin=" + (i % 5 == 0 ? "ATL" : "ORD");
            byte[] value = bytes("{\"delay\":" + i * 7 % 60 + ",\"distance\":" + i * 131 % 2_000 + "}");
            entries.add(new Entry(
                    lane,
                    partition,
                    sequence + 2L * i,
                    StreamRecord.atMillis(FIRST_MS + i * 1_000L)
                            .key(bytes("ORD"))
                            .value(value)
                            .build()));
        }
        return entries;
    }

    static List<Entry> ticks() {
        List<Entry> entries = new ArrayList<>();
        for (StreamRecord tick : SampleRecords.ticks(PLAIN_RECORDS)) {
            entries.add(new Entry("ticks", "dt=2001-01-01", entries.size(), tick));
        }
        return entries;
    }

    private static byte @Nullable [] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Writes files into a directory. {@code main <directory> 1.0} made {@link #HOT} and {@link #COLD}, {@code main
     * <directory> 1.1} the columnar ones.
     */
    public static void main(String[] arguments) {
        Path directory = Path.of(arguments[0]);
        Path hot = directory.resolve(HOT);
        if (arguments[1].equals("1.0")) {
            write(hot, entries());
            compress(hot, directory.resolve(COLD), false);
            return;
        }
        compress(hot, directory.resolve(COLUMNS), true);
        Path ticks = directory.resolve("ticks.q");
        write(ticks, ticks());
        compress(ticks, directory.resolve(PLANES), true);
        STORE.delete(ticks);
    }

    private static void write(Path file, List<Entry> entries) {
        SegmentOptions options = new SegmentOptions(1 << 20, 16, SpaceReserver.sameThread(1 << 24));
        try (SegmentWriter writer = SegmentWriter.create(STORE, file, header(), options)) {
            entries.forEach(entry -> SegmentFixture.append(writer, entry));
            writer.seal();
        }
    }

    private static void compress(Path hot, Path cold, boolean columnar) {
        SegmentAccess access = SegmentAccess.of(new BufferPool(1 << 20));
        CompressionOptions options = new CompressionOptions(BLOCK_BYTES, 3, columnar);
        try (Segment segment = Segment.open(STORE, hot, access)) {
            new SegmentCompression(STORE, access).compress(segment, cold, options);
        }
        access.codecs().close();
    }
}
