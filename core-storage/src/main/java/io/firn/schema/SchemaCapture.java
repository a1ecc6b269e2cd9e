package io.firn.schema;

import io.firn.error.InvalidRecordException;
import io.firn.registry.AvroInput;
import io.firn.registry.RegistryUnavailableException;
import io.firn.registry.SchemaReference;
import io.firn.registry.SchemaRegistry;
import io.firn.registry.SchemaText;
import io.firn.registry.SchemaVersion;
import io.firn.registry.WireFormat;
import io.firn.registry.WireSchemas;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the schemas whose ids the records of a table carry, with what they refer to.
 *
 * <p>Bytes that only look as if they carried an id (a byte 0 in front, as a number has) must not be taken for such: an
 * id counts when the registry knows it and, for Avro, the bytes are a whole datum of that schema. Confined to one
 * thread.
 */
public final class SchemaCapture {
    private static final Logger LOG = LoggerFactory.getLogger(SchemaCapture.class);
    private static final int MAX_DEPTH = 64;
    /** So many wrong guesses, and not one right: the bytes are something else. */
    private static final int MAX_STRANGE = 200;

    private final SchemaRegistry registry;
    private final WireSchemas writers;
    private final RegistrySchemas kept;
    private final Map<RecordPart, Part> parts = new EnumMap<>(RecordPart.class);
    private final AvroInput in = new AvroInput();
    private boolean verifying = true;

    /** What is known of the keys or of the values. */
    private static final class Part {
        private final Set<Integer> met = new HashSet<>();
        private final Set<Integer> marked;
        private int last;
        private int strange;

        Part(Set<Integer> marked) {
            this.marked = marked;
        }
    }

    /**
     * Creates a capture.
     *
     * @param registry that the ids come from; stays the caller's to close
     * @param writers of the same registry
     * @param kept where schemas go
     * @param looked at which parts of records
     */
    public SchemaCapture(SchemaRegistry registry, WireSchemas writers, RegistrySchemas kept, Set<RecordPart> looked) {
        this.registry = registry;
        this.writers = writers;
        this.kept = kept;
        looked.forEach(part -> parts.put(part, new Part(kept.idsIn(part))));
    }

    /**
     * Looks at a record: on return the schemas that it needs are durable, so that it may be committed.
     *
     * @throws RegistryUnavailableException when a schema has to be read and the registry does not answer
     * @throws io.firn.error.ConfigException when an id means another schema than the one that is kept
     * @throws io.firn.error.StorageIoException when a schema cannot be written
     */
    public void meet(byte @Nullable [] key, byte @Nullable [] value) {
        meet(RecordPart.KEY, key);
        meet(RecordPart.VALUE, value);
    }

    private void meet(RecordPart where, byte @Nullable [] bytes) {
        Part part = parts.get(where);
        if (part == null || bytes == null || !WireFormat.isFramed(bytes)) {
            return;
        }
        int id = WireFormat.id(bytes);
        if (id < 1 || id == part.last) {
            return;
        }
        if (part.met.contains(id) || (part.strange < MAX_STRANGE && captured(where, part, id, bytes))) {
            part.last = id;
        }
    }

    private boolean captured(RecordPart where, Part part, int id, byte[] bytes) {
        if (!verifying && part.marked.contains(id)) {
            part.met.add(id);
            return true;
        }
        try {
            if (!isDatum(id, bytes)) {
                noteStrange(where, part, id);
                return false;
            }
            keep(id, registry.byId(id).orElseThrow(() -> vanished(id)), 0);
        } catch (RegistryUnavailableException e) {
            if (!part.marked.contains(id)) {
                throw e;
            }
            LOG.warn("schema is kept already, but cannot be compared with the registry: id={}", id);
            verifying = false;
        }
        kept.mark(id, where);
        part.met.add(id);
        LOG.info("schema of records is kept: id={} part={}", id, where.text());
        return true;
    }

    private boolean isDatum(int id, byte[] bytes) {
        WireSchemas.Writer writer = writers.byId(id);
        if (!(writer instanceof WireSchemas.Writer.Avro avro)) {
            return registry.byId(id).isPresent();
        }
        try {
            in.over(bytes, WireFormat.HEADER_BYTES, bytes.length);
            in.skip(avro.schema());
            return in.remaining() == 0;
        } catch (InvalidRecordException e) {
            LOG.debug("bytes are not of the schema of their id: id={} cause={}", id, e.getMessage());
            return false;
        }
    }

    private void noteStrange(RecordPart where, Part part, int id) {
        if (part.strange == 0) {
            LOG.warn("bytes begin like the wire format, but are none; no schema is kept: part={} id={}", where, id);
        }
        part.strange += part.met.isEmpty() && part.marked.isEmpty() ? 1 : 0;
        if (part.strange == MAX_STRANGE) {
            LOG.warn("no schema is looked for any more: part={} bytes that are no wire format={}", where, MAX_STRANGE);
        }
    }

    private void keep(int id, SchemaText schema, int depth) {
        if (depth > MAX_DEPTH) {
            throw new InvalidRecordException("Schema " + id + " has references nested more than " + MAX_DEPTH
                    + " levels deep, which no registry accepts.");
        }
        List<Integer> ids = new ArrayList<>();
        for (SchemaReference reference : schema.references()) {
            Optional<SchemaVersion> referred = registry.version(reference.subject(), reference.version());
            SchemaVersion found = referred.orElseThrow(() -> vanished(id));
            // as its own id gives it: the two answers may differ in white space
            keep(found.id(), registry.byId(found.id()).orElse(found.schema()), depth + 1);
            ids.add(found.id());
        }
        kept.keep(new CapturedSchema(id, schema, ids));
    }

    private static RegistryUnavailableException vanished(int id) {
        return new RegistryUnavailableException(
                "Schema " + id + " or one that it refers to was just there and is gone now.", null);
    }
}
