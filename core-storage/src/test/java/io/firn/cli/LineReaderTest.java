package io.firn.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.error.InvalidRecordException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LineReaderTest {
    private static final int CHUNK = 1 << 18;

    @Test
    void linesAcrossChunksAreWhole() throws IOException {
        for (int length : new int[] {0, 1, CHUNK - 2, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK}) {
            String line = "x".repeat(length);
            assertThat(read(line + "\n" + "y\n" + line))
                    .isEqualTo(length == 0 ? List.of("", "y") : List.of(line, "y", line));
        }
    }

    @Test
    void noInputHasNoLine() throws IOException {
        assertThat(read("")).isEmpty();
    }

    @Test
    void aLineThatIsTooLongIsRefused() {
        InputStream endless = new InputStream() {
            @Override
            public int read() {
                return 'x';
            }

            @Override
            public int read(byte[] bytes, int offset, int length) {
                java.util.Arrays.fill(bytes, offset, offset + length, (byte) 'x');
                return length;
            }
        };
        try (InputChunks chunks = InputChunks.open(endless)) {
            LineReader reader = new LineReader(chunks);
            assertThatThrownBy(() -> reader.next(Long.MAX_VALUE))
                    .isInstanceOf(InvalidRecordException.class)
                    .hasMessageContaining("Line 1 is longer than 67108864 bytes");
        }
    }

    @Test
    void aFailureOfTheInputIsReported() {
        InputStream broken = new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("gone");
            }

            @Override
            public int read(byte[] bytes, int offset, int length) throws IOException {
                throw new IOException("gone");
            }
        };
        try (InputChunks chunks = InputChunks.open(broken)) {
            LineReader reader = new LineReader(chunks);
            assertThatThrownBy(() -> reader.next(Long.MAX_VALUE))
                    .isInstanceOf(IOException.class)
                    .hasMessage("Cannot read the input: gone");
        }
    }

    private static List<String> read(String input) throws IOException {
        List<String> lines = new ArrayList<>();
        InputStream stream = new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8));
        try (InputChunks chunks = InputChunks.open(stream)) {
            LineReader reader = new LineReader(chunks);
            while (reader.next(Long.MAX_VALUE) == LineReader.Step.LINE) {
                lines.add(new String(reader.bytes(), reader.offset(), reader.length(), StandardCharsets.UTF_8));
                assertThat(reader.number()).isEqualTo(lines.size());
            }
        }
        return lines;
    }
}
