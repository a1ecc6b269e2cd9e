package io.firn.schema;

import io.firn.error.CorruptDataException;
import io.firn.fs.FileStore;
import io.firn.fs.SmallFiles;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/**
 * The Avro schemas of a table's records, each kept once under its fingerprint in
 * {@code _table/schemas/<16 hex digits>.avsc}.
 *
 * <p>The fingerprint is that of the file's content, so Avro's own classes find a schema by the fingerprint of a value.
 * Schemas are never removed. Several processes may keep the same schema at once. Thread-safe.
 */
public final class TableSchemas {
    private static final String SUFFIX = ".avsc";
    /** More than that are rather read again than remembered. */
    private static final int MAX_REMEMBERED = 10_000;

    private static final Pattern NAME = Pattern.compile("[0-9a-f]{16}\\.avsc");

    private final SmallFiles files;
    private final Map<String, Long> kept = new ConcurrentHashMap<>();
    private final Map<Long, String> found = new ConcurrentHashMap<>();

    /**
     * Opens nothing yet.
     *
     * @param directory {@code _table/schemas} of the table, which is made when it is needed
     */
    public TableSchemas(FileStore store, Path directory) {
        this.files = new SmallFiles(store, directory);
    }

    /**
     * Keeps a schema. On return it is durable: keep it before a record that refers to it is committed.
     *
     * @param schema an Avro schema as JSON
     * @return the fingerprint that stands in front of a value in Avro's single-object encoding
     * @throws IllegalArgumentException when it is no schema
     * @throws CorruptDataException when a damaged file has this fingerprint
     * @throws io.firn.error.StorageFullException when there is no space
     */
    public long keep(String schema) {
        Long known = kept.get(schema);
        if (known != null) {
            return known;
        }
        String content = SchemaText.wrap(schema);
        long fingerprint = AvroFingerprint.ofSchema(content);
        files.publish(fileName(fingerprint), content.getBytes(StandardCharsets.UTF_8));
        if (kept.size() < MAX_REMEMBERED) {
            kept.put(schema, fingerprint);
        }
        return fingerprint;
    }

    /**
     * The schema of a fingerprint, as it was kept; empty when there is none.
     *
     * @throws CorruptDataException when its file is damaged
     */
    public Optional<String> find(long fingerprint) {
        String known = found.get(fingerprint);
        if (known != null) {
            return Optional.of(known);
        }
        Optional<String> read = read(fileName(fingerprint));
        if (found.size() < MAX_REMEMBERED) {
            read.ifPresent(schema -> found.put(fingerprint, schema));
        }
        return read;
    }

    /** The file of a fingerprint, for messages. */
    public Path path(long fingerprint) {
        return files.path(fileName(fingerprint));
    }

    /** Every schema, in the order of the fingerprints; errors as in {@link #find}. */
    public List<String> all() {
        List<String> all = new ArrayList<>();
        schemaFiles().forEach(name -> read(name).ifPresent(all::add));
        return all;
    }

    /** Reads every schema. Returns what is damaged. */
    public List<CorruptDataException> damages() {
        List<CorruptDataException> damages = new ArrayList<>();
        for (String name : schemaFiles()) {
            try {
                read(name);
            } catch (CorruptDataException damaged) {
                damages.add(damaged);
            }
        }
        return damages;
    }

    /** Copies every schema into another table; durable on return. Errors as in {@link #find} and {@link #keep}. */
    public void copyTo(TableSchemas target) {
        for (String name : files.names()) {
            Optional<byte[]> content = files.read(name);
            if (content.isPresent() && NAME.matcher(name).matches()) {
                check(name, content.get());
            }
            content.ifPresent(bytes -> target.files.publish(name, bytes));
        }
    }

    private List<String> schemaFiles() {
        return files.names().stream()
                .filter(name -> NAME.matcher(name).matches())
                .toList();
    }

    private Optional<String> read(String name) {
        return files.read(name).map(content -> check(name, content));
    }

    private String check(String name, byte[] content) {
        try {
            String schema = SchemaText.unwrap(content);
            String expected = fileName(AvroFingerprint.ofSchema(SchemaText.wrap(schema)));
            if (!name.equals(expected)) {
                throw new IllegalArgumentException("expected the schema of this name, found that of " + expected);
            }
            return schema;
        } catch (IllegalArgumentException damaged) {
            throw new CorruptDataException(files.path(name), 0, String.valueOf(damaged.getMessage()));
        }
    }

    private static String fileName(long fingerprint) {
        return SchemaText.hex(fingerprint) + SUFFIX;
    }
}
