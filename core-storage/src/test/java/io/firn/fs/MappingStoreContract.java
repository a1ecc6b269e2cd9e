package io.firn.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;

/** What every file store promises whose files can be mapped for writing. */
public abstract class MappingStoreContract extends FileStoreContract {
    @Test
    void mapsBytesOfTheFile() {
        try (StoreFile file = create("a")) {
            file.write(ByteBuffer.allocate(3 * REGION), 0);
            file.write(bytes("before"), REGION);
            try (MappedRegion region = file.map(REGION, REGION)) {
                ByteBuffer buffer = region.buffer();
                assertThat(buffer.isDirect()).isTrue();
                assertThat(buffer.order()).isEqualTo(ByteOrder.LITTLE_ENDIAN);
                assertThat(buffer.capacity()).isEqualTo(REGION);
                assertThat(region.fileOffset()).isEqualTo(REGION);
                assertThat(buffer.get(0)).isEqualTo((byte) 'b');
                buffer.putInt(100, 0x01020304);
                ByteBuffer target = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN);
                assertThat(file.read(target, REGION + 100)).isEqualTo(4);
                assertThat(target.getInt(0)).isEqualTo(0x01020304);
                buffer.put(REGION - 1, (byte) 7);
                region.force(0, REGION);
                region.force(5, 5);
            }
        }
        try (StoreFile file = store().openRead(path("a"));
                MappedRegion region = file.mapReadOnly(REGION, 2 * REGION)) {
            assertThat(region.buffer().isReadOnly()).isTrue();
            assertThat(region.buffer().order()).isEqualTo(ByteOrder.LITTLE_ENDIAN);
            assertThat(region.buffer().getInt(100)).isEqualTo(0x01020304);
            assertThat(region.buffer().get(REGION - 1)).isEqualTo((byte) 7);
            region.force(0, 1);
        }
    }

    @Test
    void aRegionOutlivesItsFile() {
        StoreFile file = create("a");
        file.write(ByteBuffer.allocate(REGION), 0);
        MappedRegion region = file.map(0, REGION);
        file.close();
        region.buffer().put(9, (byte) 'x');
        region.force(9, 10);
        region.close();
        assertThat(content("a").charAt(9)).isEqualTo('x');
    }

    @Test
    void aRegionStaysUntilItsLastReferenceIsClosed() {
        try (StoreFile file = create("a")) {
            file.write(ByteBuffer.allocate(REGION), 0);
            MappedRegion region = file.map(0, REGION);
            assertThat(region.retain()).isTrue();
            region.close();
            assertThat(region.buffer().get(0)).isZero();
            region.close();
            assertThat(region.retain()).isFalse();
            region.close();
            assertThat(region.retain()).isFalse();
            assertClosed(region::buffer);
            assertClosed(() -> region.force(0, 1));
            assertThat(region.fileOffset()).isZero();
        }
    }

    @Test
    void refusesRangesOutsideOfTheRegion() {
        try (StoreFile file = create("a")) {
            file.write(ByteBuffer.allocate(REGION), 0);
            try (MappedRegion region = file.map(0, REGION)) {
                assertThatThrownBy(() -> region.force(-1, 1)).isInstanceOf(IllegalArgumentException.class);
                assertThatThrownBy(() -> region.force(2, 1)).isInstanceOf(IllegalArgumentException.class);
                assertThatThrownBy(() -> region.force(0, REGION + 1)).isInstanceOf(IllegalArgumentException.class);
            }
        }
    }

    @Test
    void saysThatItMaps() {
        assertThat(store().modeFor(root())).isEqualTo(IoMode.MMAP);
    }
}
