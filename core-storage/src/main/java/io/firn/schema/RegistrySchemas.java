package io.firn.schema;

import io.firn.error.ConfigException;
import io.firn.error.CorruptDataException;
import io.firn.error.FirnException;
import io.firn.fs.FileStore;
import io.firn.fs.SmallFiles;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The schemas of a registry whose ids a table's records carry: {@code _table/schemas/id-<n>.json}, and marks
 * {@code id-<n>.key} and {@code id-<n>.value} that say where such an id was met.
 *
 * <p>A schema is never changed or removed. Several processes may keep the same schema at once. Thread-safe.
 */
public final class RegistrySchemas {
    private static final Pattern SCHEMA = Pattern.compile("id-([1-9]\\d{0,9})\\.json");
    private static final Pattern MARK = Pattern.compile("id-([1-9]\\d{0,9})\\.(key|value)");

    private final SmallFiles files;

    /**
     * Opens nothing yet.
     *
     * @param directory {@code _table/schemas} of the table, which is made when it is needed
     */
    public RegistrySchemas(FileStore store, Path directory) {
        this.files = new SmallFiles(store, directory);
    }

    /**
     * Keeps a schema, durable on return; what it refers to must be kept before.
     *
     * @throws ConfigException when another schema of this id is kept: the ids come from two registries
     * @throws io.firn.error.StorageFullException when there is no space
     */
    public void keep(CapturedSchema schema) {
        Optional<CapturedSchema> known = find(schema.id());
        if (known.isPresent() && !known.get().equals(schema)) {
            throw new ConfigException("Schema id " + schema.id() + " is kept in " + files.path(fileName(schema.id()))
                    + " as another schema than the registry has now. Ids of two registries cannot be told apart in one"
                    + " table: archive into another table, or set schema.capture=off.");
        }
        files.publish(fileName(schema.id()), CapturedSchemaCodec.encode(schema));
    }

    /** Notes that records carry an id there, durable on return; the schema must be kept before. */
    public void mark(int id, RecordPart part) {
        files.publish("id-" + id + "." + part.text(), (part.text() + "\n").getBytes(StandardCharsets.UTF_8));
    }

    /**
     * The schema of an id; empty when it is not kept.
     *
     * @throws CorruptDataException when its file is damaged
     */
    public Optional<CapturedSchema> find(int id) {
        return files.read(fileName(id)).map(content -> check(id, content));
    }

    /** The ids that records carry in their keys or values, ascending: the order in which they were registered. */
    public NavigableSet<Integer> idsIn(RecordPart part) {
        NavigableSet<Integer> ids = new TreeSet<>();
        for (String name : files.names()) {
            Matcher mark = MARK.matcher(name);
            if (mark.matches() && mark.group(2).equals(part.text())) {
                id(mark.group(1)).ifPresent(ids::add);
            }
        }
        return ids;
    }

    /** Reads every schema. Returns what is damaged, or missing although there is a mark or a reference. */
    public List<FirnException> damages() {
        List<FirnException> damages = new ArrayList<>();
        for (String name : files.names()) {
            Matcher schema = SCHEMA.matcher(name);
            Matcher mark = MARK.matcher(name);
            if (schema.matches()) {
                id(schema.group(1)).ifPresent(id -> checkWhole(id, damages));
            } else if (mark.matches()) {
                id(mark.group(1)).ifPresent(id -> requirePresent(id, name, damages));
            }
        }
        return damages;
    }

    private void checkWhole(int id, List<FirnException> damages) {
        try {
            find(id).ifPresent(schema ->
                    schema.referenceIds().forEach(reference -> requirePresent(reference, fileName(id), damages)));
        } catch (CorruptDataException damaged) {
            damages.add(damaged);
        }
    }

    private void requirePresent(int id, String name, List<FirnException> damages) {
        if (!files.names().contains(fileName(id))) {
            damages.add(new CorruptDataException(files.path(fileName(id)), 0, "missing, but " + name + " needs it"));
        }
    }

    private CapturedSchema check(int id, byte[] content) {
        try {
            CapturedSchema schema = CapturedSchemaCodec.decode(content);
            if (schema.id() != id) {
                throw new IllegalArgumentException("expected the schema of this id, found that of " + schema.id());
            }
            return schema;
        } catch (IllegalArgumentException damaged) {
            throw new CorruptDataException(files.path(fileName(id)), 0, String.valueOf(damaged.getMessage()));
        }
    }

    private static Optional<Integer> id(String digits) {
        long id = Long.parseLong(digits);
        return id <= Integer.MAX_VALUE ? Optional.of((int) id) : Optional.empty();
    }

    private static String fileName(int id) {
        return "id-" + id + ".json";
    }
}
