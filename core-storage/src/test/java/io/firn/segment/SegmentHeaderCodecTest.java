package io.firn.segment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.error.ConfigException;
import io.firn.error.CorruptDataException;
import io.firn.error.FormatVersionException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.UUID;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

class SegmentHeaderCodecTest {
    private static final Path FILE = Path.of("some.q");

    private static final SegmentHeader HEADER = SegmentHeader.builder(new UUID(0x0102030405060708L, -2))
            .salt(0xdead_beef)
            .generation(3)
            .epoch(7)
            .baseSequence(Long.MIN_VALUE)
            .createdMs(-1)
            .optionalFeatures(5)
            .lane("länge")
            .partitionPath("dt=2001-01-01/origin=ATL")
            .property(SegmentHeader.KIND, "records")
            .build();

    @Test
    void everyFieldComesBack() {
        ByteBuffer bytes = SegmentHeaderCodec.encode(HEADER);
        assertThat(bytes.remaining() % 64).isZero();
        assertThat(SegmentHeaderCodec.decode(bytes, FILE)).isEqualTo(HEADER);
        assertThat(HEADER.contextZero())
                .contains(new SegmentContext(0, "länge", "dt=2001-01-01/origin=ATL", Long.MIN_VALUE));
    }

    @Test
    void theFirstBytesAreTheMagicAndTheTableIdStandsInNetworkOrder() {
        ByteBuffer bytes = SegmentHeaderCodec.encode(HEADER);
        byte[] magic = new byte[8];
        bytes.get(0, magic);
        assertThat(magic).isEqualTo(new byte[] {'F', 'I', 'R', 'N', '.', 'Q', '\r', '\n'});
        byte[] id = new byte[8];
        bytes.get(56, id);
        assertThat(id).isEqualTo(new byte[] {1, 2, 3, 4, 5, 6, 7, 8});
    }

    @Test
    void aMixedSegmentHasNoContextZero() {
        SegmentHeader mixed = SegmentHeader.builder(new UUID(1, 2)).lane("a").build();
        SegmentHeader decoded = SegmentHeaderCodec.decode(SegmentHeaderCodec.encode(mixed), FILE);
        assertThat(decoded.contextZero()).isEmpty();
        assertThat(decoded.partitionPath()).isEmpty();
        SegmentHeader unpartitioned = SegmentHeader.builder(new UUID(1, 2))
                .lane("a")
                .partitionPath("")
                .build();
        assertThat(SegmentHeaderCodec.decode(SegmentHeaderCodec.encode(unpartitioned), FILE)
                        .contextZero())
                .contains(new SegmentContext(0, "a", "", 0));
    }

    @Test
    void everyFlippedBitIsSeen() {
        ByteBuffer bytes = SegmentHeaderCodec.encode(HEADER);
        for (int bit = 0; bit < bytes.limit() * Byte.SIZE; bit++) {
            flip(bytes, bit);
            assertThatThrownBy(() -> SegmentHeaderCodec.decode(bytes, FILE))
                    .as("bit %s", bit)
                    .isInstanceOf(CorruptDataException.class)
                    .hasMessageContaining("some.q at offset");
            flip(bytes, bit);
        }
    }

    @Test
    void everyTruncationIsSeen() {
        ByteBuffer bytes = SegmentHeaderCodec.encode(HEADER);
        int size = bytes.limit();
        for (int limit = 0; limit < size; limit++) {
            bytes.limit(limit);
            assertThatThrownBy(() -> SegmentHeaderCodec.decode(bytes, FILE))
                    .isInstanceOf(CorruptDataException.class)
                    .hasMessageContaining("ends within the segment header");
        }
    }

    @Test
    void aNewerVersionAndAnUnknownFeatureAskForANewerRelease() {
        ByteBuffer newer = SegmentHeaderCodec.encode(HEADER);
        resign(newer.putShort(8, (short) 2));
        assertThatThrownBy(() -> SegmentHeaderCodec.decode(newer, FILE))
                .isInstanceOf(FormatVersionException.class)
                .hasMessageContaining("format version 2");
        ByteBuffer feature = SegmentHeaderCodec.encode(HEADER);
        resign(feature.putInt(16, 1));
        assertThatThrownBy(() -> SegmentHeaderCodec.decode(feature, FILE)).isInstanceOf(FormatVersionException.class);
        ByteBuffer minor = SegmentHeaderCodec.encode(HEADER);
        resign(minor.putShort(10, (short) 9));
        assertThat(SegmentHeaderCodec.decode(minor, FILE)).isEqualTo(HEADER);
    }

    @Test
    void propertiesThatDoNotFitAreRefused() {
        SegmentHeader large = SegmentHeader.builder(new UUID(1, 2))
                .property("schema", "x".repeat(SegmentFormat.HEADER_MAX_SIZE))
                .build();
        assertThatThrownBy(() -> SegmentHeaderCodec.encode(large)).isInstanceOf(ConfigException.class);
    }

    private static void resign(ByteBuffer bytes) {
        bytes.order(ByteOrder.LITTLE_ENDIAN).putInt(76, 0);
        CRC32C crc = new CRC32C();
        crc.update(bytes.duplicate());
        bytes.putInt(76, (int) crc.getValue());
    }

    private static void flip(ByteBuffer bytes, int bit) {
        bytes.put(bit / Byte.SIZE, (byte) (bytes.get(bit / Byte.SIZE) ^ (1 << (bit % Byte.SIZE))));
    }
}
