package io.firn.examples;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.zip.GZIPInputStream;

/**
 * The input of the quickstart: a gzip file of CSV lines with a header line.
 *
 * <p>Thread-safe.
 */
final class FlightsFile {
    private static final String HEADER = "date,delay,distance,origin,destination";
    private static final int BUFFER_SIZE = 1 << 16;

    private FlightsFile() {}

    /** Gives every flight to {@code action} in the order of the file. */
    static void forEach(Path file, Consumer<Flight> action) throws IOException {
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(
                new GZIPInputStream(Files.newInputStream(file), BUFFER_SIZE), StandardCharsets.UTF_8))) {
            String header = reader.readLine();
            if (!HEADER.equals(header)) {
                throw new IOException(file + " starts with '" + header + "' instead of '" + HEADER + "'");
            }
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                action.accept(Flight.parse(line));
            }
        }
    }
}
