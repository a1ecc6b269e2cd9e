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
import java.util.Random;
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
    void aFailedWriteIsDoneAgainByTheNextCall() {
        StoreFile file = store.createExclusively(SeekableFiles.PATH).orElseThrow();
        byte[] large = new byte[3 << 20];
        new Random(6).nextBytes(large);
        try (SeekableZstdWriter writer = SeekableZstdWriter.create(file, codecs, 3)) {
            writer.writeBlock(SeekableFiles.direct(SeekableFiles.text(3_000, 2)));
            writer.writeBlock(SeekableFiles.direct(large));
            store.inject(Fault.on(call -> call.operation() == StoreOperation.WRITE));
            assertThatThrownBy(() -> {
                        writer.writeBlock(SeekableFiles.direct(large));
                        writer.writeBlock(SeekableFiles.direct(large));
                    })
                    .isInstanceOf(StorageIoException.class);
            int blocks = writer.blockCount();
            writer.writeBlock(SeekableFiles.direct(large));
            assertThat(writer.blockCount()).isEqualTo(blocks + 1);
            store.inject(Fault.on(call -> call.operation() == StoreOperation.WRITE));
            assertThatThrownBy(() -> writer.finish(ByteBuffer.allocate(0))).isInstanceOf(StorageIoException.class);
            long size = writer.finish(ByteBuffer.allocate(0));
            SeekableZstdReader reader = SeekableZstdReader.open(file, size, codecs);
            assertThat(reader.blockCount()).isEqualTo(blocks + 1);
            assertThat(SeekableFiles.block(reader, 0)).isEqualTo(SeekableFiles.text(3_000, 2));
            assertThat(SeekableFiles.block(reader, blocks)).isEqualTo(large);
        }
    }
}
