package io.firn.connect.avro;

import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.function.Function;
import org.apache.kafka.connect.data.ConnectSchema;
import org.apache.kafka.connect.data.Schema;
import org.jspecify.annotations.Nullable;

/** What was made for each schema, and for values without one. Confined to one thread. */
final class BySchema<T> {
    private static final int MAX_SCHEMAS = 1_000;

    private final Function<@Nullable Schema, T> maker;
    /** Converters hand out the same object for the same schema: most look-ups end here. */
    private final IdentityHashMap<Schema, T> byIdentity = new IdentityHashMap<>();

    private final Map<Schema, T> byContent = new HashMap<>();
    private @Nullable T ofNoSchema;

    /** Nothing is made yet. */
    BySchema(Function<@Nullable Schema, T> maker) {
        this.maker = maker;
    }

    T get(@Nullable Schema schema) {
        if (schema == null) {
            T known = ofNoSchema;
            if (known == null) {
                known = maker.apply(null);
                ofNoSchema = known;
            }
            return known;
        }
        if (!(schema instanceof ConnectSchema)) {
            return maker.apply(schema); // it may change
        }
        T known = byIdentity.get(schema);
        if (known == null) {
            known = byContent.get(schema);
            if (known == null) {
                known = maker.apply(schema);
            }
            remember(schema, known);
        }
        return known;
    }

    private void remember(Schema schema, T made) {
        if (byIdentity.size() >= MAX_SCHEMAS) {
            byIdentity.clear();
            byContent.clear();
        }
        byIdentity.put(schema, made);
        byContent.put(schema, made);
    }
}
