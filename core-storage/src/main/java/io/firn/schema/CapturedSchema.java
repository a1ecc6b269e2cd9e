package io.firn.schema;

import io.firn.registry.SchemaReference;
import io.firn.registry.SchemaText;
import java.util.List;

/**
 * A schema of a registry that a table keeps, because its records carry the id. Immutable; thread-safe.
 *
 * @param id its id in the registry that the records come from
 * @param schema as that registry gave it
 * @param referenceIds the ids of the schemas that it refers to, in the order of the references; all are kept, too
 */
public record CapturedSchema(int id, SchemaText schema, List<Integer> referenceIds) {
    /** Checks that every reference has an id. */
    public CapturedSchema {
        referenceIds = List.copyOf(referenceIds);
        if (id < 1 || referenceIds.size() != schema.references().size()) {
            throw new IllegalArgumentException("expected an id of 1 or more and an id for each of the references "
                    + schema.references() + ", found " + id + " and " + referenceIds);
        }
    }

    /** The reference of a position. */
    SchemaReference reference(int index) {
        return schema.references().get(index);
    }
}
