package io.firn.compress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.compress.IndependentSeekableParser.Entry;
import io.firn.compress.IndependentSeekableParser.Frame;
import io.firn.error.ClosedException;
import io.firn.error.CorruptDataException;
import io.firn.error.InvalidRecordException;
import io.firn.fs.BufferPool;
import io.firn.fs.PooledBuffer;
import io.firn.fs.StoreFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SeekableZstdTest {
    private static final byte[] PAYLOAD = "what the index says".getBytes(StandardCharsets.UTF_8);

    private final BufferPool pool = new BufferPool(16 << 20);
    private final ZstdCodecs codecs = new ZstdCodecs(pool);

    @AfterEach
    void everyBufferIsGivenBack() {
        assertThat(pool.outstandingCount()).isZero();
        codecs.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4 << 10, (64 << 10) - 1, 64 << 10, (64 << 10) + 1, 1 << 20})
    void givesBackBlocksInAnyOrder(int blockBytes) {
        List<byte[]> blocks = SeekableFiles.blocks(5, blockBytes);
        byte[] file = SeekableFiles.bytesOf(3, blocks, PAYLOAD);

        SeekableZstdReader reader = open(file);
        assertThat(reader.blockCount()).isEqualTo(5);
        for (int block : new int[] {4, 0, 2, 3, 1, 2}) {
            assertThat(SeekableFiles.block(reader, block)).isEqualTo(blocks.get(block));
            assertThat(reader.rawOffset(block)).isEqualTo((long) block * blockBytes);
        }
        assertThat(reader.rawOffset(5)).isEqualTo(5L * blockBytes);
        assertThat(reader.blocksDecompressed()).isEqualTo(6);
        assertThat(bytes(reader.payload())).isEqualTo(PAYLOAD);
    }

    @ParameterizedTest
    @ValueSource(ints = {4 << 10, 64 << 10, 1 << 20})
    void fileFollowsTheSpecification(int blockBytes) {
        List<byte[]> blocks = SeekableFiles.blocks(4, blockBytes);
        byte[] file = SeekableFiles.bytesOf(3, blocks, PAYLOAD);

        IndependentSeekableParser parser = new IndependentSeekableParser(file);
        List<Frame> frames = parser.frames();
        List<Entry> entries = parser.seekTable();
        assertThat(frames).hasSize(6);
        assertThat(entries).hasSize(5);
        for (int i = 0; i < 4; i++) {
            long hash = Xxh64.hash(blocks.get(i)) & 0xFFFF_FFFFL;
            assertThat(frames.get(i).skippable()).isFalse();
            assertThat(frames.get(i).contentSize()).isEqualTo(blockBytes);
            assertThat(frames.get(i).checksum()).isEqualTo(hash);
            assertThat(entries.get(i)).isEqualTo(new Entry(frames.get(i).bytes(), blockBytes, hash));
        }
        assertThat(frames.get(4).magic()).isEqualTo(0x184D2A51L);
        assertThat(entries.get(4))
                .isEqualTo(new Entry(frames.get(4).bytes(), 0, Xxh64.hash(new byte[0]) & 0xFFFF_FFFFL));
        assertThat(frames.get(5).magic()).isEqualTo(0x184D2A5EL);
    }

    @Test
    void fileWithoutBlocksKeepsItsPayload() {
        byte[] file = SeekableFiles.bytesOf(3, List.of(), PAYLOAD);
        SeekableZstdReader reader = open(file);
        assertThat(reader.blockCount()).isZero();
        assertThat(bytes(reader.payload())).isEqualTo(PAYLOAD);
        assertThat(new IndependentSeekableParser(file).seekTable()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 65_400, 65_536, 300_000})
    void readsTailsOfAnyLength(int payloadBytes) {
        byte[] payload = SeekableFiles.text(payloadBytes, 9);
        SeekableZstdReader reader = open(SeekableFiles.bytesOf(3, SeekableFiles.blocks(2, 100), payload));
        assertThat(bytes(reader.payload())).isEqualTo(payload);
        assertThat(SeekableFiles.block(reader, 1)).isEqualTo(SeekableFiles.text(100, 1));
    }

    @Test
    void everyTailLengthAroundTheFirstReadWorks() {
        byte[] whole = SeekableFiles.text(TailReader.FIRST_READ_BYTES, 3);
        for (int cut = 0; cut < 100; cut++) {
            byte[] payload = Arrays.copyOf(whole, whole.length - cut);
            assertThat(bytes(open(SeekableFiles.bytesOf(1, SeekableFiles.blocks(1, 50), payload))
                            .payload()))
                    .isEqualTo(payload);
        }
    }

    @Test
    void higherLevelsMakeSmallerFiles() {
        List<byte[]> blocks = SeekableFiles.blocks(2, 1 << 20);
        int fast = SeekableFiles.bytesOf(1, blocks, PAYLOAD).length;
        int slow = SeekableFiles.bytesOf(12, blocks, PAYLOAD).length;
        byte[] best = SeekableFiles.bytesOf(22, blocks, PAYLOAD);
        assertThat(slow).isLessThan(fast);
        assertThat(best.length).isLessThan(slow);
        assertThat(SeekableFiles.block(open(best), 1)).isEqualTo(blocks.get(1));
    }

    @Test
    void incompressibleBlocksFit() {
        byte[] noise = new byte[1 << 20];
        new Random(7).nextBytes(noise);
        SeekableZstdReader reader = open(SeekableFiles.bytesOf(3, List.of(noise), PAYLOAD));
        assertThat(reader.compressedBytes(0)).isGreaterThan(noise.length);
        assertThat(SeekableFiles.block(reader, 0)).isEqualTo(noise);
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 23})
    void refusesLevelsThatZstdDoesNotHave(int level) {
        StoreFile file = SeekableFiles.fileOf(new byte[0]);
        assertThatThrownBy(() -> SeekableZstdWriter.create(file, codecs, level))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(String.valueOf(level));
    }

    @Test
    void refusesEmptyBlocksAndBlocksAfterTheEnd() {
        try (SeekableZstdWriter writer = SeekableZstdWriter.create(SeekableFiles.fileOf(new byte[0]), codecs, 3)) {
            assertThatThrownBy(() -> writer.writeBlock(ByteBuffer.allocateDirect(0)))
                    .isInstanceOf(InvalidRecordException.class);
            writer.finish(ByteBuffer.allocate(0));
            assertThatThrownBy(() -> writer.writeBlock(ByteBuffer.allocateDirect(1)))
                    .isInstanceOf(ClosedException.class);
            assertThatThrownBy(() -> writer.finish(ByteBuffer.allocate(0))).isInstanceOf(ClosedException.class);
        }
    }

    @Test
    void blocksLargerThanABatchAreWrittenToo() {
        List<byte[]> blocks =
                List.of(SeekableFiles.text(100, 1), SeekableFiles.text(5 << 20, 2), SeekableFiles.text(3 << 20, 3));
        SeekableZstdReader reader = open(SeekableFiles.bytesOf(1, blocks, PAYLOAD));
        for (int i = 0; i < 3; i++) {
            assertThat(SeekableFiles.block(reader, i)).isEqualTo(blocks.get(i));
        }
    }

    @Test
    void everyTruncationIsFound() {
        byte[] file = SeekableFiles.bytesOf(3, SeekableFiles.blocks(3, 700), PAYLOAD);
        for (int size = 0; size < file.length; size++) {
            byte[] cut = Arrays.copyOf(file, size);
            assertThatThrownBy(() -> open(cut)).isInstanceOfSatisfying(CorruptDataException.class, e -> {
                assertThat(e.path()).isEqualTo(SeekableFiles.PATH.toString());
                assertThat(e.offset()).isBetween(0L, (long) cut.length);
            });
            StoreFile shorter = SeekableFiles.fileOf(cut);
            assertThatThrownBy(() -> SeekableZstdReader.open(shorter, file.length, codecs))
                    .isInstanceOf(CorruptDataException.class);
        }
    }

    @Test
    void everyFlippedBitIsFound() {
        List<byte[]> blocks = SeekableFiles.blocks(3, 700);
        byte[] file = SeekableFiles.bytesOf(3, blocks, PAYLOAD);
        for (int bit = 0; bit < file.length * 8; bit++) {
            byte[] bad = file.clone();
            bad[bit / 8] ^= (byte) (1 << (bit % 8));
            assertThatThrownBy(() -> readEverything(bad))
                    .as("bit %d", bit)
                    .isInstanceOfSatisfying(CorruptDataException.class, e -> {
                        assertThat(e.path()).isEqualTo(SeekableFiles.PATH.toString());
                        assertThat(e.offset()).isBetween(0L, (long) bad.length);
                    });
        }
        readEverything(file);
    }

    @Test
    void zstdsOwnCheckFindsWhatTheIndexCannotKnow() {
        byte[] file = SeekableFiles.bytesOf(3, SeekableFiles.blocks(1, 700), PAYLOAD);
        SeekableZstdReader whole = open(file);
        int frameBytes = whole.compressedBytes(0);
        int refused = 0;
        for (int bit = 0; bit < frameBytes * 8; bit++) {
            byte[] forged = file.clone();
            forged[bit / 8] ^= (byte) (1 << (bit % 8));
            forgeCrcs(forged, frameBytes);
            try {
                assertThat(SeekableFiles.block(open(forged), 0)).isEqualTo(SeekableFiles.text(700, 0));
            } catch (CorruptDataException e) {
                refused++;
            }
        }
        assertThat(refused).isGreaterThan(frameBytes * 8 * 9 / 10);
    }

    @Test
    void contentThatIsCheckedByOthersIsNotCheckedByZstd() {
        byte[] file = SeekableFiles.bytesOf(3, SeekableFiles.blocks(1, 700), PAYLOAD);
        int frameBytes = open(file).compressedBytes(0);
        int checksumInTable = file.length - SeekableFormat.FOOTER_BYTES - SeekableFormat.ENTRY_BYTES - 4;
        assertThat(Arrays.copyOfRange(file, checksumInTable, checksumInTable + 4))
                .isEqualTo(Arrays.copyOfRange(file, frameBytes - 4, frameBytes));
        file[checksumInTable] ^= 1;
        file[frameBytes - 4] ^= 1;
        forgeCrcs(file, frameBytes);
        SeekableZstdReader reader = open(file);
        try (PooledBuffer stored = reader.readCompressed(0)) {
            ByteBuffer before = ByteBuffer.allocate(frameBytes).put(0, stored.bytes(), 0, frameBytes);
            try (PooledBuffer content = reader.decompressUnchecked(0, stored)) {
                assertThat(bytes(content.bytes().duplicate().clear())).isEqualTo(SeekableFiles.text(700, 0));
            }
            assertThat(stored.bytes().duplicate().clear()).isEqualTo(before);
            assertThatThrownBy(() -> reader.decompress(0, stored))
                    .isInstanceOf(CorruptDataException.class)
                    .hasMessageContaining("zstd refuses block 0");
        }
    }

    /** Makes the CRCs of a file with one block fit its damaged frame. */
    private static void forgeCrcs(byte[] file, int frameBytes) {
        ByteBuffer bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        int crcIndex = frameBytes + 8 + PAYLOAD.length + 4;
        bytes.putInt(crcIndex - 4, SeekableZstdWriter.crc(bytes, 0, frameBytes));
        ByteBuffer tail = bytes.slice(frameBytes, file.length - frameBytes);
        bytes.putInt(crcIndex, SeekableZstdWriter.tailCrc(tail, crcIndex - frameBytes, tail.capacity()));
    }

    private void readEverything(byte[] file) {
        SeekableZstdReader reader = open(file);
        for (int i = 0; i < reader.blockCount(); i++) {
            reader.readBlock(i).close();
        }
    }

    @Test
    void aFileThatShrinksWhileOpenIsAnErrorNotACrash() {
        byte[] content = SeekableFiles.bytesOf(3, SeekableFiles.blocks(4, 5_000), PAYLOAD);
        StoreFile file = SeekableFiles.fileOf(content);
        SeekableZstdReader reader = SeekableZstdReader.open(file, content.length, codecs);
        file.truncate(reader.fileOffset(2) + 3);
        assertThat(SeekableFiles.block(reader, 1)).isEqualTo(SeekableFiles.text(5_000, 1));
        assertThatThrownBy(() -> reader.readBlock(2))
                .isInstanceOf(CorruptDataException.class)
                .hasMessageContaining("offset " + (reader.fileOffset(2) + 3));
        assertThatThrownBy(() -> reader.readBlock(3)).isInstanceOf(CorruptDataException.class);
    }

    @Test
    void contextsAreUsedAgainAndRefusedAfterClose() {
        byte[] content = SeekableFiles.bytesOf(3, SeekableFiles.blocks(20, 4_096), PAYLOAD);
        SeekableZstdReader reader = open(content);
        for (int i = 0; i < 20; i++) {
            reader.readBlock(i).close();
        }
        assertThat(codecs.blocksDecompressed()).isEqualTo(20);
        assertThat(pool.reusedCount()).isGreaterThanOrEqualTo(30);
        codecs.close();
        codecs.close();
        assertThatThrownBy(() -> reader.readBlock(0)).isInstanceOf(ClosedException.class);
    }

    private SeekableZstdReader open(byte[] content) {
        return SeekableZstdReader.open(SeekableFiles.fileOf(content), content.length, codecs);
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }
}
