package io.firn.connect.cli;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.firn.cli.CliContext;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** A list in a file that people may read and change. Thread-safe: no state. */
final class JsonFile {
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(SerializationFeature.INDENT_OUTPUT)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .build();

    private JsonFile() {}

    /** Writes a new file; one that exists is never overwritten. */
    static void write(CliContext context, Path path, List<?> items) throws IOException {
        context.writeNewFile(path, JSON.writeValueAsBytes(items));
    }

    static <T> List<T> read(CliContext context, Path path, TypeReference<List<T>> type) throws IOException {
        try {
            return JSON.readValue(context.readFile(path), type);
        } catch (JacksonException wrong) {
            throw new IOException(
                    path + ": expected a file that 'firn offsets' has written, found something else in line "
                            + wrong.getLocation().getLineNr() + "; give it as it was written, or write it anew",
                    wrong);
        }
    }
}
