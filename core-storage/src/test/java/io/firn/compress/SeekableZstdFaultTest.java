package io.firn.compress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.error.StorageFullException;
import io.firn.error.StorageIoException;
import io.firn.fs.BufferPool;
import io.firn.fs.StoreFile;
import io.firn.testing.Fault;
import io.firn.testing.FaultyFileStore;
import io.firn.testing.InMemoryFileStore;
import io.firn.testing.StoreOperation;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SeekableZstdFaultTest {
    private final FaultyFileStore store = new FaultyFileStore(new InMemoryFileStore());
    private final BufferPool pool = new BufferPool(1 << 20);
    private final ZstdCodecs codecs = new ZstdCodecs(pool);

    @AfterEach
    void everyBufferIsGivenBack() {
        assertThat(pool.outstandingCount()).isZero();
        codecs.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 200_000})
    void everyFailedReadIsReportedAndTheNextOneWorks(int payloadBytes) {
        List<byte[]> blocks = SeekableFiles.blocks(3, 5_000);
        StoreFile file = store.createExclusively(SeekableFiles.PATH).orElseThrow();
        long size = SeekableFiles.write(file, codecs, 3, blocks, SeekableFiles.text(payloadBytes, 1));
        int failures = 0;
        for (Fault fault = nthRead(1); failsOnce(file, size, fault); fault = nthRead(failures + 1)) {
            failures++;
            store.heal();
        }
        assertThat(failures).isEqualTo(payloadBytes > TailReader.FIRST_READ_BYTES ? 5 : 4);
        store.heal();
        SeekableZstdReader reader = SeekableZstdReader.open(file, size, codecs);
        assertThat(SeekableFiles.block(reader, 2)).isEqualTo(blocks.get(2));
    }

    private Fault nthRead(int n) {
        return store.inject(
                Fault.on(call -> call.operation() == StoreOperation.READ).nth(n));
    }

    private boolean failsOnce(StoreFile file, long size, Fault fault) {
        try {
            SeekableZstdReader reader = SeekableZstdReader.open(file, size, codecs);
            for (int i = 0; i < reader.blockCount(); i++) {
                reader.readBlock(i).close();
            }
            return false;
        } catch (StorageIoException e) {
            assertThat(fault.happened()).isTrue();
            return true;
        }
    }

    @Test
    void aFullDiskStopsTheWriterAtEveryByte() {
        List<byte[]> blocks = SeekableFiles.blocks(3, 2_000);
        int size = SeekableFiles.bytesOf(3, blocks, new byte[100]).length;
        for (int space = 1; space < size; space += 37) {
            StoreFile file = store.createExclusively(SeekableFiles.PATH).orElseThrow();
            store.limitSpace(space);
            assertThatThrownBy(() -> SeekableFiles.write(file, codecs, 3, blocks, new byte[100]))
                    .isInstanceOf(StorageFullException.class);
            store.heal();
            store.delete(SeekableFiles.PATH);
        }
        StoreFile file = store.createExclusively(SeekableFiles.PATH).orElseThrow();
        assertThat(SeekableFiles.write(file, codecs, 3, blocks, new byte[100])).isEqualTo(size);
    }

    @Test
    void aFailedWriteLeavesNoBlockBehind() {
        StoreFile file = store.createExclusively(SeekableFiles.PATH).orElseThrow();
        SeekableZstdWriter writer = SeekableZstdWriter.create(file, codecs, 3);
        ByteBuffer block = SeekableFiles.direct(SeekableFiles.text(3_000, 1));
        writer.writeBlock(block);
        store.inject(Fault.on(call -> call.operation() == StoreOperation.WRITE));
        assertThatThrownBy(() -> writer.writeBlock(block)).isInstanceOf(StorageIoException.class);
        writer.writeBlock(block);
        assertThat(writer.blockCount()).isEqualTo(2);
        assertThat(writer.rawBytes()).isEqualTo(6_000);
        long size = writer.finish(ByteBuffer.allocate(0));
        SeekableZstdReader reader = SeekableZstdReader.open(file, size, codecs);
        assertThat(SeekableFiles.block(reader, 1)).isEqualTo(SeekableFiles.text(3_000, 1));
    }
}
