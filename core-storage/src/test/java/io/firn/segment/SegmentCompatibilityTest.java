package io.firn.segment;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.testing.InMemoryFileStore;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Files of every released version of the format are read for ever. */
class SegmentCompatibilityTest {
    private final SegmentFixture fixture = new SegmentFixture(new InMemoryFileStore());

    @Test
    void theHotFileOfVersionOneIsRead() throws IOException {
        fixture.replace(resource(FormatFixture.HOT));
        try (Segment hot = fixture.open()) {
            assertThat(hot.header()).isEqualTo(FormatFixture.header());
            assertThat(SegmentFixture.all(hot, hot.dataEnd())).isEqualTo(FormatFixture.entries());
        }
    }

    @Test
    void theColdFileOfVersionOneIsReadAndGivesBackTheHotOne() throws IOException {
        fixture.replace(resource(FormatFixture.COLD));
        try (Segment cold = fixture.open()) {
            assertThat(cold).isInstanceOf(ColdSegment.class);
            assertThat(cold.header()).isEqualTo(FormatFixture.header());
            assertThat(SegmentFixture.all(cold, cold.dataEnd())).isEqualTo(FormatFixture.entries());
            Path restored = ColdFixture.RESTORED;
            new SegmentCompression(fixture.store, fixture.access).decompress(cold, restored);
            assertThat(fixture.bytes(restored)).isEqualTo(resource(FormatFixture.HOT));
        }
    }

    @Test
    void columnarBlocksOfVersionOneDotOneAreReadAndGiveBackTheHotFile() throws IOException {
        fixture.replace(resource(FormatFixture.COLUMNS));
        try (ColdSegment cold = (ColdSegment) fixture.open()) {
            assertThat(cold.index().blocks()).anyMatch(block -> block.encoding() == ColdFormat.ENCODING_COLUMNS);
            assertThat(SegmentFixture.all(cold, cold.dataEnd())).isEqualTo(FormatFixture.entries());
            Path restored = ColdFixture.RESTORED;
            new SegmentCompression(fixture.store, fixture.access).decompress(cold, restored);
            assertThat(fixture.bytes(restored)).isEqualTo(resource(FormatFixture.HOT));
        }
    }

    @Test
    void planesOfVersionOneDotOneAreRead() throws IOException {
        fixture.replace(resource(FormatFixture.PLANES));
        try (ColdSegment cold = (ColdSegment) fixture.open()) {
            assertThat(cold.index().blocks()).allMatch(block -> block.encoding() == ColdFormat.ENCODING_COLUMNS);
            assertThat(SegmentFixture.all(cold, cold.dataEnd())).isEqualTo(FormatFixture.ticks());
            cold.verify();
        }
    }

    @Test
    void theHotFormIsWrittenAsVersionOneWroteIt() throws IOException {
        SegmentFixture written = new SegmentFixture(new InMemoryFileStore());
        SegmentOptions options = new SegmentOptions(1 << 20, 16, written.reserver);
        try (SegmentWriter writer =
                SegmentWriter.create(written.store, SegmentFixture.FILE, FormatFixture.header(), options)) {
            FormatFixture.entries().forEach(entry -> SegmentFixture.append(writer, entry));
            writer.seal();
        }
        assertThat(written.bytes()).isEqualTo(resource(FormatFixture.HOT));
    }

    private static byte[] resource(String name) throws IOException {
        try (InputStream stream = SegmentCompatibilityTest.class.getResourceAsStream("/format/" + name)) {
            assertThat(stream).as(name).isNotNull();
            return stream.readAllBytes();
        }
    }
}
