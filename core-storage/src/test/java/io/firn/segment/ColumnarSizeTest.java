package io.firn.segment;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.fs.FileStore;
import io.firn.fs.IoMode;
import io.firn.fs.LocalFileStore;
import io.firn.fs.SpaceReserver;
import io.firn.record.StreamRecord;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What columns save, on the whole file; sizes are the same in every run. */
class ColumnarSizeTest {
    private static final int SEGMENT_BYTES = 64 << 20;

    @TempDir
    private Path directory;

    private final FileStore store = LocalFileStore.open(IoMode.MMAP);

    @Test
    void flightsInJson() {
        assertThat(ratio("json", SampleRecords.flightsInJson())).isLessThanOrEqualTo(0.75);
    }

    @Test
    void flightsInCsv() {
        assertThat(ratio("csv", SampleRecords.flightsInCsv())).isLessThanOrEqualTo(0.75);
    }

    @Test
    void ticksOfSeventeenBytes() {
        assertThat(ratio("ticks", SampleRecords.ticks(500_000))).isLessThanOrEqualTo(0.75);
    }

    private double ratio(String name, List<StreamRecord> records) {
        SegmentFixture fixture = new SegmentFixture(store, SegmentAccess.DEFAULT_READ_BUFFER_BYTES);
        Path hot = directory.resolve(name + ".q");
        SegmentOptions options = new SegmentOptions(SEGMENT_BYTES, 100, SpaceReserver.sameThread(1L << 30));
        try (SegmentWriter writer = SegmentWriter.create(store, hot, SegmentFixture.single(), options)) {
            for (int i = 0; i < records.size(); i++) {
                writer.append(0, i, records.get(i));
            }
            writer.seal();
        }
        try (Segment segment = Segment.open(store, hot, fixture.access)) {
            SegmentCompression compression = new SegmentCompression(store, fixture.access);
            long frames = compression.compress(
                    segment, directory.resolve(name + "-frames.q.zst"), new CompressionOptions(1 << 20, 3, false));
            long columns = compression.compress(
                    segment, directory.resolve(name + "-columns.q.zst"), CompressionOptions.defaults());
            return columns / (double) frames;
        }
    }
}
