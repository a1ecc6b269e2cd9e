package io.firn.schema;

import io.firn.error.NotFoundException;
import io.firn.registry.RegistryUnavailableException;
import io.firn.registry.SchemaReference;
import io.firn.registry.SchemaRegistry;
import io.firn.registry.SchemaText;
import io.firn.registry.SchemaVersion;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds for the ids that archived records carry those of another registry, and registers the schemas there: first what
 * a schema refers to, under the subject that it had, then the schema under the subject of the target topic.
 *
 * <p>Registering is idempotent, so that every task may do it again. Confined to one thread.
 */
public final class SchemaRemap {
    private final RegistrySchemas kept;
    private final SchemaRegistry target;
    private final SubjectNames subjects;
    private final Map<Integer, SchemaText> rewritten = new HashMap<>();

    /**
     * Creates a remap of a table's ids.
     *
     * @param target where schemas are registered; stays the caller's to close
     * @param subjects how their subjects are called
     */
    public SchemaRemap(RegistrySchemas kept, SchemaRegistry target, SubjectNames subjects) {
        this.kept = kept;
        this.target = target;
        this.subjects = subjects;
    }

    /** Registers everything that the keys and values of a topic need, in the order of the archived ids. */
    public Map<RecordPart, Map<Integer, Integer>> registerAll(String topic) {
        Map<RecordPart, Map<Integer, Integer>> ids = new HashMap<>();
        for (RecordPart part : RecordPart.values()) {
            Map<Integer, Integer> found = new HashMap<>();
            kept.idsIn(part).forEach(id -> found.put(id, register(id, part, topic)));
            ids.put(part, found);
        }
        return ids;
    }

    /**
     * Registers the schema of an archived id for a topic.
     *
     * @return its id in the target registry
     * @throws NotFoundException when the archive does not keep it
     * @throws RegistryUnavailableException when the target registry does not answer
     * @throws io.firn.registry.RegistryRefusedException when it does not take the schema
     */
    private int register(int id, RecordPart part, String topic) {
        SchemaText schema = rewritten(id);
        return target.register(subjects.of(topic, part, schema), schema);
    }

    /** The schema of an id, with references to the versions that the target registry has. */
    private SchemaText rewritten(int id) {
        SchemaText known = rewritten.get(id);
        if (known != null) {
            return known;
        }
        CapturedSchema captured = kept.find(id)
                .orElseThrow(() -> new NotFoundException("The archive does not keep the schema of id " + id
                        + ", which its records need; 'firn verify' tells what is missing."));
        List<SchemaReference> references = new ArrayList<>();
        for (int i = 0; i < captured.referenceIds().size(); i++) {
            SchemaReference old = captured.reference(i);
            SchemaText referred = rewritten(captured.referenceIds().get(i));
            target.register(old.subject(), referred);
            SchemaVersion version = target.lookUp(old.subject(), referred)
                    .orElseThrow(() -> new RegistryUnavailableException(
                            "The registry does not show the schema that was just registered under '" + old.subject()
                                    + "'.",
                            null));
            references.add(new SchemaReference(old.name(), old.subject(), version.version()));
        }
        SchemaText result =
                new SchemaText(captured.schema().type(), captured.schema().text(), references);
        rewritten.put(id, result);
        return result;
    }
}
