package io.firn.bench;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** Blocks of the Prometheus TSDB, made by the program {@code promtool} if it is on the path. Thread-safe: no state. */
final class Promtool {
    private static final String PROGRAM = "promtool";
    private static final long MILLIS_PER_SECOND = 1_000;

    private Promtool() {}

    /** Bytes of the blocks with the data; empty without the program. */
    static OptionalLong size(SeriesData data) throws IOException {
        if (!isThere()) {
            return OptionalLong.empty();
        }
        Path directory = Files.createTempDirectory("firn-bench-promtool");
        try {
            Path input = directory.resolve("in.om");
            write(input, data);
            Path blocks = directory.resolve("out");
            // one block for all: what Prometheus has after its compactions, and its smallest
            run(
                    "tsdb",
                    "create-blocks-from",
                    "--quiet",
                    "--max-block-duration=744h",
                    "openmetrics",
                    input.toString(),
                    blocks.toString());
            return OptionalLong.of(SeriesSizeComparison.sizeBytes(blocks));
        } finally {
            SideBySide.delete(directory);
        }
    }

    private static boolean isThere() {
        try {
            return run("--version") == 0;
        } catch (IOException missing) {
            return false;
        }
    }

    private static int run(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(PROGRAM));
        command.addAll(List.of(arguments));
        try {
            int code = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
            if (code != 0) {
                throw new IllegalStateException(command + " ended with " + code);
            }
            return code;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    private static void write(Path input, SeriesData data) throws IOException {
        try (BufferedWriter writer = Files.newBufferedWriter(input)) {
            writer.write("# TYPE m gauge\n");
            for (int series = 0; series < data.series(); series++) {
                for (int i = 0; i < data.timestamps().length; i++) {
                    writer.write("m{series=\"s");
                    writer.write(String.format("%04d", series));
                    writer.write("\"} ");
                    writer.write(Double.toString(data.values()[series][i]));
                    writer.write(' ');
                    writer.write(Long.toString(data.timestamps()[i] / MILLIS_PER_SECOND));
                    writer.write('\n');
                }
            }
            writer.write("# EOF\n");
        }
    }
}
