package io.firn.table;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.firn.error.CorruptDataException;
import io.firn.error.NotFoundException;
import io.firn.fs.FileStore;
import io.firn.fs.StoreFile;
import io.firn.log.TableLayout;
import io.firn.partition.PartitionScheme;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.UUID;

/** {@code _table/metadata.json}. Thread-safe; no state. */
final class TableMetadataFile {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String NAME = "metadata.json";
    private static final String ID = "tableId";
    private static final String SCHEME = "scheme";
    private static final String SEGMENT_SIZE = "segment.size";

    private TableMetadataFile() {}

    static boolean exists(FileStore store, Path root) {
        return store.exists(path(root));
    }

    static TableMetadata read(FileStore store, Path root) {
        Path path = path(root);
        if (!store.exists(path)) {
            throw new NotFoundException("There is no table at " + root + " (no " + path + "); create it first");
        }
        ByteBuffer bytes;
        try (StoreFile file = store.openRead(path)) {
            bytes = ByteBuffer.allocate(Math.toIntExact(file.sizeBytes()));
            file.read(bytes, 0);
        }
        try {
            JsonNode json = JSON.readTree(new String(bytes.array(), StandardCharsets.UTF_8));
            return new TableMetadata(
                    UUID.fromString(json.path(ID).asText()),
                    PartitionScheme.parse(json.path(SCHEME).asText()),
                    TableConfig.builder()
                            .segmentSizeBytes(json.path(SEGMENT_SIZE)
                                    .asLong(TableConfig.defaults().segmentSizeBytes()))
                            .build());
        } catch (JsonProcessingException | IllegalArgumentException malformed) {
            throw new CorruptDataException(path, 0, "expected a table's metadata, found " + malformed.getMessage());
        }
    }

    /** Writes the file into a directory that is not visible yet. */
    static void write(FileStore store, Path directory, TableMetadata metadata) {
        ObjectNode json = JSON.createObjectNode();
        json.put(ID, metadata.id().toString());
        json.put(SCHEME, metadata.scheme().describe());
        json.put(SEGMENT_SIZE, metadata.config().segmentSizeBytes());
        byte[] content = json.toPrettyString().getBytes(StandardCharsets.UTF_8);
        try (StoreFile file = store.createExclusively(directory.resolve(NAME)).orElseThrow()) {
            file.write(ByteBuffer.wrap(content), 0);
            file.force();
        }
    }

    private static Path path(Path root) {
        return root.resolve(TableLayout.TABLE_DIRECTORY).resolve(NAME);
    }
}
