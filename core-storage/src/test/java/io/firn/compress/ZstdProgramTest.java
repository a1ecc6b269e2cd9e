package io.firn.compress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.firn.testing.ZstdProgram;
import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the zstd command of the system says of our files; needs {@code zstd} on the PATH. */
class ZstdProgramTest {
    private static final byte[] PAYLOAD = {1, 2, 3};

    @TempDir
    private Path directory;

    private static ZstdProgram zstd() {
        Optional<ZstdProgram> found = ZstdProgram.find();
        assumeTrue(found.isPresent(), "no zstd on the PATH");
        return found.orElseThrow();
    }

    @ParameterizedTest
    @ValueSource(ints = {4 << 10, 64 << 10, 1 << 20})
    void acceptsAndDecompressesOurFiles(int blockBytes) throws Exception {
        List<byte[]> blocks = SeekableFiles.blocks(3, blockBytes);
        Path file = Files.write(directory.resolve("a.zst"), SeekableFiles.bytesOf(3, blocks, PAYLOAD));
        ByteArrayOutputStream expected = new ByteArrayOutputStream();
        for (byte[] block : blocks) {
            expected.write(block);
        }

        assertThat(zstd().run("-t", file.toString())).isZero();
        Path out = directory.resolve("a.raw");
        assertThat(zstd().run("-d", "-q", file.toString(), "-o", out.toString()))
                .isZero();
        assertThat(Files.readAllBytes(out)).isEqualTo(expected.toByteArray());
    }

    @Test
    void refusesADamagedFile() throws Exception {
        byte[] content = SeekableFiles.bytesOf(3, SeekableFiles.blocks(2, 4_096), PAYLOAD);
        content[100] ^= 4;
        Path file = Files.write(directory.resolve("bad.zst"), content);
        assertThat(zstd().run("-t", file.toString())).isNotZero();
    }
}
