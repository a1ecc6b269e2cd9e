package io.firn.registry;

import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.NameValidator;
import org.apache.avro.Schema;

/**
 * The schemas by which framed bytes were written, read once and kept. Needs Avro on the class path.
 *
 * <p>Thread-safe; the writers of one process share one.
 */
public final class WireSchemas {
    private static final int MAX_KEPT = 10_000;
    private static final int MAX_DEPTH = 64;

    /** How bytes of an id are read. */
    public sealed interface Writer {
        /**
         * Avro's binary encoding.
         *
         * @param schema by which they were written
         */
        record Avro(Schema schema) implements Writer {}

        /** A text in JSON. */
        record Json() implements Writer {}

        /**
         * Nobody here can read them.
         *
         * @param reason the end of a sentence that begins with "the value"
         */
        record Unreadable(String reason) implements Writer {}
    }

    private final SchemaRegistry registry;
    private final Map<Integer, Writer> kept = new ConcurrentHashMap<>();

    private WireSchemas(SchemaRegistry registry) {
        this.registry = registry;
    }

    /** Schemas of a registry, which stays the caller's to close. */
    public static WireSchemas of(SchemaRegistry registry) {
        return new WireSchemas(registry);
    }

    /**
     * How bytes of an id are read.
     *
     * @throws RegistryUnavailableException when the registry has to be asked and does not answer
     */
    public Writer byId(int id) {
        Writer known = kept.get(id);
        if (known != null) {
            return known;
        }
        Optional<SchemaText> found = id < 1 ? Optional.empty() : registry.byId(id);
        if (found.isEmpty()) {
            return new Writer.Unreadable("has schema id " + id + ", which the registry does not know");
        }
        Writer writer = read(id, found.get());
        if (kept.size() >= MAX_KEPT) {
            kept.clear();
        }
        kept.put(id, writer);
        return writer;
    }

    private Writer read(int id, SchemaText text) {
        return switch (text.type()) {
            case SchemaText.AVRO -> avro(id, text);
            case SchemaText.JSON -> new Writer.Json();
            default ->
                new Writer.Unreadable("has schema id " + id + " of type " + text.type()
                        + ", whose fields cannot be read; use Avro, JSON, key, header or timestamp");
        };
    }

    private Writer avro(int id, SchemaText text) {
        // what has been accepted by a registry is not judged again
        Schema.Parser parser = new Schema.Parser(NameValidator.NO_VALIDATION).setValidateDefaults(false);
        try {
            parseReferences(parser, text, new HashSet<>(), 0);
            return new Writer.Avro(parser.parse(text.text()));
        } catch (AvroRuntimeException e) {
            return new Writer.Unreadable("has schema id " + id + ", which is not understood (" + e.getMessage() + ")");
        }
    }

    private void parseReferences(Schema.Parser parser, SchemaText text, Set<SubjectVersion> done, int depth) {
        if (depth > MAX_DEPTH) {
            throw new AvroRuntimeException("references are nested more than " + MAX_DEPTH + " levels deep");
        }
        for (SchemaReference reference : text.references()) {
            SubjectVersion place = new SubjectVersion(reference.subject(), reference.version());
            if (done.add(place)) {
                SchemaText referred = registry.version(place.subject(), place.version())
                        .orElseThrow(() -> new AvroRuntimeException("it refers to version " + place.version() + " of '"
                                + place.subject() + "', which the registry does not have"))
                        .schema();
                parseReferences(parser, referred, done, depth + 1);
                parser.parse(referred.text());
            }
        }
    }
}
