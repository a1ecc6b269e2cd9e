package io.firn.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.error.ClosedException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalFileStoreChannelTest extends FileStoreContract {
    @TempDir
    private Path directory;

    @Override
    protected FileStore store() {
        return LocalFileStore.open(IoMode.CHANNEL);
    }

    @Override
    protected Path root() {
        return directory;
    }

    @Test
    void filesAreNotMappedForWriting() {
        try (StoreFile file = create("a")) {
            file.write(ByteBuffer.allocate(REGION), 0);
            assertThatThrownBy(() -> file.map(0, REGION))
                    .isInstanceOf(UnsupportedOperationException.class)
                    .hasMessageContaining("by position");
        }
        assertThat(store().modeFor(directory)).isEqualTo(IoMode.CHANNEL);
    }

    @Test
    void aRegionIsACopyThatOutlivesItsFile() {
        StoreFile file = create("a");
        file.write(ByteBuffer.allocate(2 * REGION), 0);
        file.write(bytes("before"), REGION);
        MappedRegion region = file.mapReadOnly(REGION, REGION);
        file.write(bytes("later!"), REGION);
        file.close();
        assertThat(region.isShared()).isFalse();
        assertThat(region.buffer().isReadOnly()).isTrue();
        assertThat(region.buffer().order()).isEqualTo(ByteOrder.LITTLE_ENDIAN);
        assertThat(region.buffer().capacity()).isEqualTo(REGION);
        assertThat(region.buffer().get(0)).isEqualTo((byte) 'b');
        assertThat(region.fileOffset()).isEqualTo(REGION);
        region.force(0, REGION);
        assertThatThrownBy(() -> region.force(0, REGION + 1)).isInstanceOf(IllegalArgumentException.class);
        assertThat(region.retain()).isTrue();
        region.close();
        assertThat(region.buffer().get(1)).isEqualTo((byte) 'e');
        region.close();
        assertThat(region.retain()).isFalse();
        assertThatThrownBy(region::buffer).isInstanceOf(ClosedException.class);
        assertThatThrownBy(() -> region.force(0, 1)).isInstanceOf(ClosedException.class);
    }
}
