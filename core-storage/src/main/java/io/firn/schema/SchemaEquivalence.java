package io.firn.schema;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.firn.registry.SchemaReference;
import io.firn.registry.SchemaRegistry;
import io.firn.registry.SchemaText;
import io.firn.registry.SchemaVersion;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Tells whether an id of another registry means the schema that a table keeps of an archived id: the proof of what
 * {@link SchemaRemap} has done. Only asks, never registers.
 *
 * <p>Two schemas are the same when their types and texts are (texts in JSON whatever their white space), and they refer
 * to the same schemas by the same names; subjects and versions may differ. Confined to one thread.
 */
public final class SchemaEquivalence {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MAX_DEPTH = 64;

    private final RegistrySchemas kept;
    private final SchemaRegistry target;
    private final Map<RecordPart, Set<Integer>> met = new HashMap<>();
    private final Map<Pair, Boolean> known = new HashMap<>();
    private final Map<Place, Boolean> knownReferences = new HashMap<>();

    private record Pair(int archived, int live) {}

    private record Place(int archived, String subject, int version) {}

    /**
     * Compares the schemas of a table.
     *
     * @param target the other registry; stays the caller's to close
     */
    public SchemaEquivalence(RegistrySchemas kept, SchemaRegistry target) {
        this.kept = kept;
        this.target = target;
    }

    /** Whether the table knows that its keys or values carry this id; other bytes only look as if they did. */
    public boolean isCarried(RecordPart part, int archived) {
        return met.computeIfAbsent(part, kept::idsIn).contains(archived);
    }

    /**
     * Whether both ids mean the same schema.
     *
     * @param archived an id that the table keeps
     * @param live an id of the other registry
     * @throws io.firn.registry.RegistryUnavailableException when the registry does not answer
     * @throws io.firn.error.CorruptDataException when the file of a kept schema is damaged
     */
    public boolean isSame(int archived, int live) {
        Pair pair = new Pair(archived, live);
        Boolean before = known.get(pair);
        if (before != null) {
            return before;
        }
        Optional<SchemaText> found = live < 1 ? Optional.empty() : target.byId(live);
        boolean same = found.isPresent() && isSame(archived, found.get(), 0);
        known.put(pair, same);
        return same;
    }

    private boolean isSame(int archived, SchemaText live, int depth) {
        Optional<CapturedSchema> captured = kept.find(archived);
        if (captured.isEmpty() || depth > MAX_DEPTH) {
            return false;
        }
        SchemaText schema = captured.get().schema();
        return schema.type().equals(live.type())
                && isSameText(schema.type(), schema.text(), live.text())
                && areSame(captured.get(), live.references(), depth + 1);
    }

    /** The order of references means nothing: a registry may give them in another one. */
    private boolean areSame(CapturedSchema captured, List<SchemaReference> live, int depth) {
        Map<String, SchemaReference> byName = new HashMap<>();
        live.forEach(reference -> byName.put(reference.name(), reference));
        Set<String> names = new HashSet<>();
        for (int i = 0; i < captured.referenceIds().size(); i++) {
            SchemaReference there = byName.get(captured.reference(i).name());
            if (there == null || !isSame(captured.referenceIds().get(i), there, depth)) {
                return false;
            }
            names.add(there.name());
        }
        return names.equals(byName.keySet());
    }

    /** Asks for each reference once: many schemas may refer to the same one, and that again to others. */
    private boolean isSame(int archived, SchemaReference live, int depth) {
        Place place = new Place(archived, live.subject(), live.version());
        Boolean before = knownReferences.get(place);
        if (before != null) {
            return before;
        }
        boolean same = target.version(live.subject(), live.version())
                .map(SchemaVersion::schema)
                .filter(schema -> isSame(archived, schema, depth))
                .isPresent();
        knownReferences.put(place, same);
        return same;
    }

    private static boolean isSameText(String type, String archived, String live) {
        if (archived.equals(live) || type.equals(SchemaText.PROTOBUF)) {
            return archived.equals(live);
        }
        try {
            JsonNode expected = JSON.readTree(archived);
            return expected.equals(JSON.readTree(live));
        } catch (JsonProcessingException noJson) {
            return false;
        }
    }
}
