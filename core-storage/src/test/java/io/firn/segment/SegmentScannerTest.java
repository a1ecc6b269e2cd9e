package io.firn.segment;

import static io.firn.segment.SegmentFixture.FILE;
import static io.firn.segment.SegmentFixture.append;
import static io.firn.segment.SegmentFixture.plain;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.error.CorruptDataException;
import io.firn.segment.SegmentScan.Ending;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class SegmentScannerTest {
    private final SegmentFixture fixture = new SegmentFixture();
    private long[] ends = new long[0];

    private SegmentScan scan(long committed) {
        return SegmentScanner.scan(fixture.store, FILE, fixture.access, committed);
    }

    /** Three records, not sealed; the ends of their frames are kept. */
    private void write() {
        try (SegmentWriter writer = fixture.writer(SegmentFixture.single())) {
            ends = new long[4];
            ends[0] = writer.lengthBytes();
            for (int i = 1; i <= 3; i++) {
                append(writer, plain(i, 100));
                ends[i] = writer.lengthBytes();
            }
        }
    }

    private void flip(long offset) {
        byte[] bytes = fixture.bytes();
        bytes[(int) offset] ^= 1;
        fixture.replace(bytes);
    }

    @Test
    void anIntactTailIsClean() {
        write();
        SegmentScan scan = scan(0);
        assertThat(scan.ending()).isEqualTo(Ending.CLEAN);
        assertThat(scan.header()).isEqualTo(SegmentFixture.single());
        assertThat(scan.prefix().dataEnd()).isEqualTo(ends[3]);
        assertThat(scan.prefix().sequences()).isEqualTo(new Range(1, 3));
    }

    @Test
    void aSealedSegmentIsSealed() {
        SegmentSummary summary;
        try (SegmentWriter writer = fixture.writer(SegmentFixture.single())) {
            append(writer, plain(1, 100));
            summary = writer.seal();
        }
        SegmentScan scan = scan(0);
        assertThat(scan.ending()).isEqualTo(Ending.SEALED);
        assertThat(scan.prefix()).isEqualTo(summary);
    }

    @Test
    void aDamagedLastFrameIsATornTail() {
        write();
        flip(ends[2] + 50);
        SegmentScan scan = scan(0);
        assertThat(scan.ending()).isEqualTo(Ending.TORN);
        assertThat(scan.prefix().dataEnd()).isEqualTo(ends[2]);
        assertThat(scan.prefix().recordCount()).isEqualTo(2);
    }

    @Test
    void bytesThatWereNeverPublishedAreATornTail() {
        write();
        flip(ends[3] + 40);
        SegmentScan scan = scan(ends[3]);
        assertThat(scan.ending()).isEqualTo(Ending.TORN);
        assertThat(scan.prefix().recordCount()).isEqualTo(3);
    }

    @Test
    void aDamagedFrameBeforeValidOnesIsBroken() {
        write();
        flip(ends[1] + 50);
        SegmentScan scan = scan(0);
        assertThat(scan.ending()).isEqualTo(Ending.BROKEN);
        assertThat(scan.prefix().dataEnd()).isEqualTo(ends[1]);
    }

    @Test
    void aLostPageBeforeValidFramesIsBroken() {
        write();
        byte[] bytes = fixture.bytes();
        Arrays.fill(bytes, (int) ends[0], (int) ends[1], (byte) 0);
        fixture.replace(bytes);
        SegmentScan scan = scan(0);
        assertThat(scan.ending()).isEqualTo(Ending.BROKEN);
        assertThat(scan.prefix().dataEnd()).isEqualTo(ends[0]);
    }

    @Test
    void damageBelowTheCommittedLengthIsCorruption() {
        write();
        flip(ends[1] + 50);
        assertThat(scan(ends[1]).prefix().recordCount()).isEqualTo(1);
        assertThatThrownBy(() -> scan(ends[2]))
                .isInstanceOf(CorruptDataException.class)
                .hasMessageContaining(FILE + " at offset " + ends[1]);
        assertThatThrownBy(() -> scan(ends[3])).isInstanceOf(CorruptDataException.class);
    }

    @Test
    void aScanChangesNothing() {
        write();
        flip(ends[2] + 50);
        byte[] before = fixture.bytes();
        scan(0);
        assertThat(fixture.bytes()).isEqualTo(before);
        assertThat(scan(0)).isEqualTo(scan(0));
        assertThat(fixture.pool.outstandingCount()).isZero();
    }
}
