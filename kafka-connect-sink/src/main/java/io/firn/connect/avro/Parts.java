package io.firn.connect.avro;

import java.util.List;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.jspecify.annotations.Nullable;

/**
 * What a Connect schema is made of, without its description. Immutable.
 *
 * @param type its type
 * @param optional whether it allows null
 * @param defaultValue its default, null for none
 * @param fields of a struct, else null
 * @param keys of a map, else null; null in a map for keys without a schema
 * @param values of a map or a list, else null; null there for values without a schema
 */
record Parts(
        Schema.Type type,
        boolean optional,
        @Nullable Object defaultValue,
        @Nullable List<Field> fields,
        @Nullable Schema keys,
        @Nullable Schema values) {
    static Parts of(Schema.Type type, boolean optional) {
        return new Parts(type, optional, null, null, null, null);
    }

    static Parts struct(boolean optional, List<Field> fields) {
        return new Parts(Schema.Type.STRUCT, optional, null, fields, null, null);
    }

    static Parts list(boolean optional, @Nullable Schema values) {
        return new Parts(Schema.Type.ARRAY, optional, null, null, null, values);
    }

    static Parts map(boolean optional, @Nullable Schema keys, @Nullable Schema values) {
        return new Parts(Schema.Type.MAP, optional, null, null, keys, values);
    }

    Parts withDefault(@Nullable Object value) {
        return new Parts(type, optional, value, fields, keys, values);
    }
}
