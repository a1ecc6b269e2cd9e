package io.firn.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.fs.FileStore;
import io.firn.fs.MappedRegion;
import io.firn.fs.MappingStoreContract;
import io.firn.fs.StoreFile;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;

class InMemoryFileStoreTest extends MappingStoreContract {
    private static final int REGION = 64 * 1024;

    private final InMemoryFileStore store = new InMemoryFileStore();

    InMemoryFileStoreTest() {
        store.createDirectory(root());
    }

    @Override
    protected FileStore store() {
        return store;
    }

    @Override
    protected Path root() {
        return Path.of("/firn");
    }

    @Test
    void regionsOfOneFileShareTheirBytes() {
        try (StoreFile file = store.createExclusively(Path.of("/a")).orElseThrow()) {
            file.write(ByteBuffer.allocate(2 * REGION), 0);
            try (MappedRegion writer = file.map(0, 2 * REGION);
                    MappedRegion reader = file.mapReadOnly(REGION, REGION)) {
                writer.buffer().put(REGION + 5, (byte) 1);
                assertThat(reader.buffer().get(5)).isEqualTo((byte) 1);
                file.write(ByteBuffer.wrap(new byte[] {2}), REGION + 6);
                assertThat(reader.buffer().get(6)).isEqualTo((byte) 2);
                file.write(ByteBuffer.allocate(REGION), 2 * REGION);
                try (MappedRegion grown = file.map(0, 3 * REGION)) {
                    grown.buffer().put(REGION + 7, (byte) 3);
                    assertThat(reader.buffer().get(7)).isEqualTo((byte) 3);
                }
            }
        }
    }

    @Test
    void saysWhyAnOpenRegionKeepsAFileFromGrowing() {
        InMemoryFileStore small = new InMemoryFileStore(REGION, InstantSource.system());
        try (StoreFile file = small.createExclusively(Path.of("/a")).orElseThrow()) {
            file.write(ByteBuffer.allocate(REGION), 0);
            MappedRegion region = file.map(0, REGION);
            region.buffer().put(1, (byte) 9);
            assertThatThrownBy(() -> file.write(ByteBuffer.allocate(1), REGION))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("larger arena");
            region.close();
            file.write(ByteBuffer.allocate(1), REGION);
            ByteBuffer target = ByteBuffer.allocate(2);
            file.read(target, 0);
            assertThat(target.get(1)).isEqualTo((byte) 9);
        }
    }
}
