package io.firn.ipc.legacy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.firn.error.CorruptDataException;
import io.firn.error.NotFoundException;
import io.firn.fs.FileStore;
import io.firn.fs.StoreFile;
import io.firn.ipc.ArchiveLayout;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What {@code meta.json} says about an old stream; members that are missing are empty. Immutable; thread-safe.
 *
 * @param symbolCode {@code symbol_code}
 * @param venue {@code venue}
 * @param ingestTimeNs {@code ingest_time_ns}, nanoseconds since the epoch
 * @param eventTimeRange {@code event_time_range} as JSON text
 * @param completeness {@code completeness} as JSON text, or its text when it is a string
 * @param json the whole file
 */
public record LegacyMeta(
        Optional<String> symbolCode,
        Optional<String> venue,
        Optional<Long> ingestTimeNs,
        Optional<String> eventTimeRange,
        Optional<String> completeness,
        String json) {
    private static final int MAX_BYTES = 64 << 10;
    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * Reads the file in a directory; empty when there is none.
     *
     * @throws CorruptDataException when it is no JSON object, or longer than 64 KiB
     */
    public static Optional<LegacyMeta> read(FileStore store, Path directory) {
        Path path = directory.resolve(ArchiveLayout.META_FILE);
        ByteBuffer bytes = ByteBuffer.allocate(MAX_BYTES + 1);
        try (StoreFile file = store.openRead(path)) {
            file.read(bytes, 0);
        } catch (NotFoundException missing) {
            return Optional.empty();
        }
        if (!bytes.hasRemaining()) {
            throw new CorruptDataException(path, MAX_BYTES, "expected at most " + MAX_BYTES + " bytes");
        }
        return Optional.of(
                parse(path, StandardCharsets.UTF_8.decode(bytes.flip()).toString()));
    }

    private static LegacyMeta parse(Path path, String text) {
        try {
            JsonNode root = JSON.readTree(text);
            if (!root.isObject()) {
                throw new CorruptDataException(path, 0, "expected a JSON object");
            }
            return new LegacyMeta(
                    member(root, "symbol_code"),
                    member(root, "venue"),
                    Optional.ofNullable(root.get("ingest_time_ns"))
                            .filter(JsonNode::canConvertToLong)
                            .map(JsonNode::longValue),
                    member(root, "event_time_range"),
                    member(root, "completeness"),
                    text);
        } catch (JsonProcessingException wrong) {
            throw new CorruptDataException(path, 0, "no JSON: " + wrong.getOriginalMessage());
        }
    }

    private static Optional<String> member(JsonNode root, String name) {
        return Optional.ofNullable(root.get(name))
                .filter(node -> !node.isNull())
                .map(node -> node.isValueNode() ? node.asText() : node.toString());
    }
}
