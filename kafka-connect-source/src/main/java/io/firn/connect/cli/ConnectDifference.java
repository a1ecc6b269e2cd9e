package io.firn.connect.cli;

import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaAndValue;
import org.apache.kafka.connect.data.Struct;
import org.jspecify.annotations.Nullable;

/**
 * Where a schema and value of Connect differ from expected ones. Bytes are compared by their content, in an array or a
 * buffer; maps are in no order; schemas may contain themselves. Confined to one thread.
 */
final class ConnectDifference {
    /** Pairs of schemas that are being compared, or were found equal. */
    private final IdentityHashMap<Schema, Set<Schema>> seen = new IdentityHashMap<>();

    private ConnectDifference() {}

    /**
     * The first difference, schemas before values.
     *
     * @param part the name of both, for example {@code value}
     * @return for example {@code value.items[2].count 1 became 2}; empty when there is none
     */
    static Optional<String> first(String part, SchemaAndValue expected, SchemaAndValue found) {
        Optional<String> inSchema =
                new ConnectDifference().inSchemas("schema of " + part, expected.schema(), found.schema());
        return inSchema.isPresent() ? inSchema : inValues(part, expected.value(), found.value());
    }

    /** The type and name of a schema. */
    static String typeOf(@Nullable Schema schema) {
        if (schema == null) {
            return "none";
        }
        return schema.type() + (schema.name() == null ? "" : " " + schema.name());
    }

    private Optional<String> inSchemas(String path, @Nullable Schema expected, @Nullable Schema found) {
        if (expected == found) {
            return Optional.empty();
        }
        if (expected == null || found == null) {
            return Optional.of(path + ": " + typeOf(expected) + " became " + typeOf(found));
        }
        if (!seen.computeIfAbsent(expected, any -> Collections.newSetFromMap(new IdentityHashMap<>()))
                .add(found)) {
            return Optional.empty();
        }
        return property(path, "type", expected.type(), found.type())
                .or(() -> property(path, "name", expected.name(), found.name()))
                .or(() -> property(path, "optional", expected.isOptional(), found.isOptional()))
                .or(() -> property(path, "version", expected.version(), found.version()))
                .or(() -> property(path, "doc", expected.doc(), found.doc()))
                .or(() -> property(path, "parameters", expected.parameters(), found.parameters()))
                .or(() -> inValues(path + ": default", expected.defaultValue(), found.defaultValue()))
                .or(() -> inElements(path, expected, found));
    }

    private static Optional<String> property(
            String path, String name, @Nullable Object expected, @Nullable Object found) {
        return Objects.equals(expected, found) ? Optional.empty() : became(path + ": " + name, expected, found);
    }

    private Optional<String> inElements(String path, Schema expected, Schema found) {
        return switch (expected.type()) {
            case STRUCT -> inFields(path, expected, found);
            case ARRAY -> inSchemas(path + "[]", expected.valueSchema(), found.valueSchema());
            case MAP ->
                inSchemas(path + ": keys", expected.keySchema(), found.keySchema())
                        .or(() -> inSchemas(path + ": values", expected.valueSchema(), found.valueSchema()));
            default -> Optional.empty();
        };
    }

    private Optional<String> inFields(String path, Schema expected, Schema found) {
        Optional<String> inNames = property(path, "fields", names(expected), names(found));
        if (inNames.isPresent()) {
            return inNames;
        }
        for (Field field : expected.fields()) {
            Optional<String> inField = inSchemas(
                    path + "." + field.name(),
                    field.schema(),
                    found.fields().get(field.index()).schema());
            if (inField.isPresent()) {
                return inField;
            }
        }
        return Optional.empty();
    }

    private static List<String> names(Schema struct) {
        return struct.fields().stream().map(Field::name).toList();
    }

    private static Optional<String> inValues(String path, @Nullable Object expected, @Nullable Object found) {
        if (expected instanceof Struct struct && found instanceof Struct other) {
            return inStructs(path, struct, other);
        } else if (expected instanceof List<?> list && found instanceof List<?> other) {
            return inLists(path, list, other);
        } else if (expected instanceof Map<?, ?> map && found instanceof Map<?, ?> other) {
            return inMaps(path, map, other);
        }
        return Objects.equals(comparable(expected), comparable(found))
                ? Optional.empty()
                : became(path, expected, found);
    }

    /** Something whose equals compares contents. */
    private static @Nullable Object comparable(@Nullable Object value) {
        return value instanceof byte[] bytes ? ByteBuffer.wrap(bytes) : value;
    }

    private static Optional<String> inStructs(String path, Struct expected, Struct found) {
        if (!names(expected.schema()).equals(names(found.schema()))) {
            return became(path, expected, found);
        }
        for (Field field : expected.schema().fields()) {
            Optional<String> inField = inValues(
                    path + "." + field.name(),
                    expected.getWithoutDefault(field.name()),
                    found.getWithoutDefault(field.name()));
            if (inField.isPresent()) {
                return inField;
            }
        }
        return Optional.empty();
    }

    private static Optional<String> inLists(String path, List<?> expected, List<?> found) {
        if (expected.size() != found.size()) {
            return Optional.of(path + " with " + expected.size() + " elements became one with " + found.size());
        }
        for (int i = 0; i < expected.size(); i++) {
            Optional<String> inElement = inValues(path + "[" + i + "]", expected.get(i), found.get(i));
            if (inElement.isPresent()) {
                return inElement;
            }
        }
        return Optional.empty();
    }

    private static Optional<String> inMaps(String path, Map<?, ?> expected, Map<?, ?> found) {
        for (Map.Entry<?, ?> entry : expected.entrySet()) {
            String name = nameOf(path, entry.getKey());
            List<?> others = under(entry.getKey(), found);
            if (others.isEmpty()) {
                return Optional.of(name + " " + Shown.of(entry.getValue()) + " is gone");
            }
            Optional<String> inEntry = inValues(name, entry.getValue(), others.get(0));
            if (inEntry.isPresent()) {
                return inEntry;
            }
        }
        return found.entrySet().stream()
                .filter(entry -> under(entry.getKey(), expected).isEmpty())
                .findFirst()
                .map(entry -> nameOf(path, entry.getKey()) + " " + Shown.of(entry.getValue()) + " is new");
    }

    private static String nameOf(String path, @Nullable Object key) {
        return path + (key instanceof String text ? "." + text : "[" + Shown.of(key) + "]");
    }

    /** The value of a key, alone; keys that are bytes, or contain some, have to be searched for. */
    private static List<?> under(@Nullable Object key, Map<?, ?> map) {
        if (key != null && map.containsKey(key)) {
            return Collections.singletonList(map.get(key));
        }
        return map.entrySet().stream()
                .filter(entry -> inValues("", key, entry.getKey()).isEmpty())
                .limit(1)
                .map(Map.Entry::getValue)
                .toList();
    }

    private static Optional<String> became(String path, @Nullable Object expected, @Nullable Object found) {
        return Optional.of(path + " " + Shown.of(expected) + " became " + Shown.of(found));
    }
}
