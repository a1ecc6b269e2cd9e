package io.firn.connect.testing;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;
import org.jspecify.annotations.Nullable;

/**
 * Equality of Connect's schemas and values as their own equals has it, except that bytes are equal by their content
 * wherever they stand. Not for schemas that contain themselves. Thread-safe; no state.
 */
public final class ConnectEquality {
    private ConnectEquality() {}

    /** Compares values, schemas, or lists, maps and structs of values. */
    public static boolean isSame(@Nullable Object one, @Nullable Object other) {
        if (one instanceof byte[] bytes && other instanceof byte[] others) {
            return Arrays.equals(bytes, others);
        } else if (one instanceof List<?> list && other instanceof List<?> others) {
            return list.size() == others.size()
                    && IntStream.range(0, list.size()).allMatch(i -> isSame(list.get(i), others.get(i)));
        } else if (one instanceof Map<?, ?> map && other instanceof Map<?, ?> others) {
            return isSameMap(map, others);
        } else if (one instanceof Struct struct && other instanceof Struct others) {
            return isSame(struct.schema(), others.schema())
                    && struct.schema().fields().stream()
                            .map(Field::name)
                            .allMatch(name -> isSame(struct.getWithoutDefault(name), others.getWithoutDefault(name)));
        } else if (one instanceof Schema schema && other instanceof Schema others) {
            return isSameSchema(schema, others);
        }
        return Objects.equals(one, other);
    }

    private static boolean isSameMap(Map<?, ?> one, Map<?, ?> other) {
        List<Object> rest = new ArrayList<>(pairs(other));
        for (Object pair : pairs(one)) {
            int found = IntStream.range(0, rest.size())
                    .filter(i -> isSame(pair, rest.get(i)))
                    .findFirst()
                    .orElse(-1);
            if (found < 0) {
                return false;
            }
            rest.remove(found);
        }
        return rest.isEmpty();
    }

    private static Collection<List<?>> pairs(Map<?, ?> map) {
        List<List<?>> pairs = new ArrayList<>();
        map.forEach((key, value) -> pairs.add(Arrays.asList(key, value)));
        return pairs;
    }

    private static boolean isSameSchema(Schema one, Schema other) {
        boolean same = one.getClass() == other.getClass()
                && one.type() == other.type()
                && one.isOptional() == other.isOptional()
                && Objects.equals(one.name(), other.name())
                && Objects.equals(one.version(), other.version())
                && Objects.equals(one.doc(), other.doc())
                && Objects.equals(one.parameters(), other.parameters())
                && isSame(one.defaultValue(), other.defaultValue());
        if (!same) {
            return false;
        }
        return switch (one.type()) {
            case STRUCT ->
                one.fields().size() == other.fields().size()
                        && IntStream.range(0, one.fields().size())
                                .allMatch(i -> isSameField(
                                        one.fields().get(i), other.fields().get(i)));
            case ARRAY -> isSame(one.valueSchema(), other.valueSchema());
            case MAP -> isSame(one.keySchema(), other.keySchema()) && isSame(one.valueSchema(), other.valueSchema());
            default -> true;
        };
    }

    private static boolean isSameField(Field one, Field other) {
        return one.index() == other.index() && one.name().equals(other.name()) && isSame(one.schema(), other.schema());
    }
}
