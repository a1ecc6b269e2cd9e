package io.firn.series.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.error.CorruptDataException;
import io.firn.error.FormatVersionException;
import io.firn.series.Mutation;
import io.firn.testing.Randomized;
import io.firn.testing.TestProfile;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Changed chunks and groups. With their old checksum they are refused; with a right one they are refused as damaged, or
 * give as many samples as they say, and nothing else happens. {@code -Dfirn.fuzz} sets how often each decoder runs.
 */
class CodecFuzzTest {
    private static final int EXECUTIONS = Integer.getInteger("firn.fuzz", TestProfile.isStress() ? 1_000_000 : 5_000);
    /** New originals are made after so many executions. */
    private static final int ROUND = 500;

    private static final int ORIGINALS = 20;
    private static final int MAX_SAMPLES = 300;

    private final TestZstd zstd = new TestZstd();
    private final long[] timestamps = new long[GroupFormat.MAX_SAMPLES];
    private final double[] values = new double[GroupFormat.MAX_SAMPLES];
    private long refused;
    private long taken;

    @AfterEach
    void close() {
        zstd.close();
    }

    /** Decodes into the arrays of this test; returns the number of samples. */
    private interface Decoder {
        int decode(ByteBuffer bytes);
    }

    private interface Encoder {
        byte[] encode(RandomGenerator random, ChunkCase samples);
    }

    @Test
    void chunks() {
        ChunkDecoder decoder = new ChunkDecoder();
        fuzz(
                "chunks",
                (random, samples) -> samples.encode(ChunkCase.options(
                        ChunkCase.any(random, TimestampCodec.values()), ChunkCase.any(random, ValueCodec.values()))),
                bytes -> decoder.decode(bytes, ChunkCase.PLACE, timestamps, values, 0));
    }

    @Test
    void groups() {
        fuzzGroups("groups", zstd);
    }

    /** As if zstd's own checksums were right, too. */
    @Test
    void groupsInsideTheirCompression() {
        fuzzGroups("groups without zstd", new NoCompression());
    }

    private void fuzzGroups(String name, BlockCompressor compressor) {
        GroupEncoder encoder = new GroupEncoder(compressor);
        GroupDecoder decoder = new GroupDecoder(compressor);
        ByteBuffer target = ByteBuffer.allocate(GroupFormat.maxSizeBytes(GroupFormat.MAX_SAMPLES));
        fuzz(
                name,
                (random, samples) -> {
                    int size = encoder.encode(samples.samples(), new DecimalHint(), target.clear());
                    return Arrays.copyOf(target.array(), size);
                },
                bytes -> decoder.decode(bytes, ChunkCase.PLACE, timestamps, values, 0));
    }

    private void fuzz(String name, Encoder encoder, Decoder decoder) {
        Randomized.forAll(Math.max(1, EXECUTIONS / ROUND), random -> {
            List<byte[]> originals = new ArrayList<>();
            for (int i = 0; i < ORIGINALS; i++) {
                ChunkCase samples = ChunkCase.of(
                        random,
                        ChunkCase.any(random, TimestampFamily.values()),
                        ChunkCase.any(random, ValueFamily.values()),
                        1 + random.nextInt(MAX_SAMPLES));
                originals.add(encoder.encode(random, samples));
            }
            for (int i = 0; i < ROUND; i++) {
                once(random, originals, decoder);
            }
        });
        System.out.println("fuzz of " + name + ": " + taken + " taken, " + refused + " refused");
        assertThat(refused).isGreaterThan(EXECUTIONS / 4);
        assertThat(taken).isPositive();
    }

    private void once(RandomGenerator random, List<byte[]> originals, Decoder decoder) {
        byte[] original = originals.get(random.nextInt(originals.size()));
        byte[] other = originals.get(random.nextInt(originals.size()));
        boolean signed = random.nextInt(4) > 0;
        byte[] changed = Mutation.of(random, original, ForgedChunk.CRC_BYTES, other);
        boolean isChanged = !Arrays.equals(original, changed);
        if (signed) {
            ForgedChunk.sign(changed);
        }
        try {
            int count = decoder.decode(ByteBuffer.wrap(changed));
            assertThat(count).isBetween(0, GroupFormat.MAX_SAMPLES);
            assertThat(signed || !isChanged)
                    .as("changed bytes under the old checksum")
                    .isTrue();
            taken++;
        } catch (CorruptDataException | FormatVersionException expected) {
            assertThat(isChanged).isTrue();
            refused++;
        }
    }
}
