package io.firn.connect.avro;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.avro.JsonProperties;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.errors.DataException;
import org.jspecify.annotations.Nullable;

/**
 * Translates Connect schemas to Avro schemas from which {@link SchemaFromAvro} makes equal ones.
 *
 * <p>What Avro has no word for stands in properties ({@link AvroProperties}). A schema that allows null becomes a union
 * of null and its type. Equal structs become one record; records whose names are taken or not allowed get made-up ones.
 * Confined to one thread, used once.
 */
public final class SchemaToAvro {
    /** Schemas nested deeper than this are refused. */
    static final int MAX_DEPTH = 100;

    private final boolean exact;
    private final AvroNames names = new AvroNames();
    private final Map<String, Schema> connectByName = new HashMap<>();
    private final IdentityHashMap<Schema, org.apache.avro.Schema> records = new IdentityHashMap<>();
    private int depth;

    private SchemaToAvro(boolean exact) {
        this.exact = exact;
    }

    /**
     * The schema for an archive: null, too, comes back as null where a schema is required and has a default.
     *
     * @param schema a schema, or null for values without one
     * @throws DataException when it is nested too deep or its description makes no sense
     */
    public static org.apache.avro.Schema exact(@Nullable Schema schema) {
        return new SchemaToAvro(true).translate(schema);
    }

    /**
     * The schema for a registry: a type that is required and has a default allows no null, and null is written as the
     * default. Otherwise as {@link #exact}.
     */
    public static org.apache.avro.Schema plain(@Nullable Schema schema) {
        return new SchemaToAvro(false).translate(schema);
    }

    private org.apache.avro.Schema translate(@Nullable Schema schema) {
        if (schema == null) {
            return AnyCodec.SCHEMA;
        }
        if (++depth > MAX_DEPTH) {
            throw new DataException("a schema is nested more than " + MAX_DEPTH + " levels deep");
        }
        if (!exact && schema.type() == Schema.Type.STRUCT && ChoiceCodec.NAME.equals(schema.name())) {
            depth--;
            return union(schema);
        }
        org.apache.avro.Schema type = type(schema);
        depth--;
        boolean nullable = schema.isOptional() || (exact && schema.defaultValue() != null);
        return nullable ? orNull(type) : type;
    }

    private static org.apache.avro.Schema orNull(org.apache.avro.Schema type) {
        return org.apache.avro.Schema.createUnion(
                org.apache.avro.Schema.create(org.apache.avro.Schema.Type.NULL), type);
    }

    private org.apache.avro.Schema union(Schema choice) {
        List<org.apache.avro.Schema> branches = new ArrayList<>();
        if (choice.isOptional()) {
            branches.add(org.apache.avro.Schema.create(org.apache.avro.Schema.Type.NULL));
        }
        choice.fields().forEach(field -> branches.add(type(field.schema())));
        return org.apache.avro.Schema.createUnion(branches);
    }

    private org.apache.avro.Schema type(Schema schema) {
        if (schema.type() == Schema.Type.STRUCT) {
            return record(schema);
        }
        org.apache.avro.Schema avro = switch (schema.type()) {
            case ARRAY -> org.apache.avro.Schema.createArray(translate(schema.valueSchema()));
            case MAP -> map(schema);
            default -> scalar(schema.type());
        };
        describe(schema, avro);
        return avro;
    }

    private static org.apache.avro.Schema scalar(Schema.Type type) {
        org.apache.avro.Schema avro = org.apache.avro.Schema.create(
                switch (type) {
                    case INT8, INT16, INT32 -> org.apache.avro.Schema.Type.INT;
                    case INT64 -> org.apache.avro.Schema.Type.LONG;
                    case FLOAT32 -> org.apache.avro.Schema.Type.FLOAT;
                    case FLOAT64 -> org.apache.avro.Schema.Type.DOUBLE;
                    case BOOLEAN -> org.apache.avro.Schema.Type.BOOLEAN;
                    case STRING -> org.apache.avro.Schema.Type.STRING;
                    case BYTES -> org.apache.avro.Schema.Type.BYTES;
                    default -> throw new IllegalArgumentException(type + " has parts");
                });
        if (type == Schema.Type.INT8 || type == Schema.Type.INT16) {
            avro.addProp(AvroProperties.TYPE, type == Schema.Type.INT8 ? AvroProperties.INT8 : AvroProperties.INT16);
        }
        return avro;
    }

    /** The default comes last: it is written with what is there already. */
    private void describe(Schema schema, org.apache.avro.Schema avro) {
        AvroProperties.describe(schema, avro);
        if (schema.defaultValue() != null) {
            AvroOutput out = new AvroOutput();
            new Codecs().type(schema, avro).write(schema.defaultValue(), out);
            AvroProperties.addDefault(out.toByteArray(), !schema.isOptional() && exact, avro);
        }
    }

    private org.apache.avro.Schema map(Schema schema) {
        Schema keys = schema.keySchema();
        if (Schema.STRING_SCHEMA.equals(keys)) {
            return org.apache.avro.Schema.createMap(translate(schema.valueSchema()));
        }
        org.apache.avro.Schema entry = org.apache.avro.Schema.createRecord(names.take(null), null, null, false);
        entry.setFields(List.of(
                new org.apache.avro.Schema.Field("key", translate(keys)),
                new org.apache.avro.Schema.Field("value", translate(schema.valueSchema()))));
        entry.addProp(AvroProperties.INTERNAL_TYPE, AvroProperties.MAP_ENTRY);
        return org.apache.avro.Schema.createArray(entry);
    }

    private org.apache.avro.Schema record(Schema schema) {
        org.apache.avro.Schema known = records.get(schema);
        Schema namesake = schema.name() == null ? null : connectByName.get(schema.name());
        if (known == null && namesake != null && isSame(namesake, schema)) {
            known = records.get(namesake);
        }
        if (known != null) {
            return known;
        }
        org.apache.avro.Schema avro = org.apache.avro.Schema.createRecord(names.take(schema.name()), null, null, false);
        records.put(schema, avro);
        if (schema.name() != null) {
            connectByName.putIfAbsent(schema.name(), schema);
        }
        avro.setFields(fields(schema));
        describe(schema, avro);
        return avro;
    }

    /** Whether one record can stand for both: whether they are optional is said beside the record. */
    private static boolean isSame(Schema one, Schema other) {
        return Objects.equals(one.version(), other.version())
                && Objects.equals(one.doc(), other.doc())
                && Objects.equals(one.parameters(), other.parameters())
                && Objects.equals(one.defaultValue(), other.defaultValue())
                && (one.defaultValue() == null || one.isOptional() == other.isOptional())
                && one.fields().equals(other.fields());
    }

    private List<org.apache.avro.Schema.Field> fields(Schema schema) {
        Set<String> wanted = schema.fields().stream().map(Field::name).collect(Collectors.toSet());
        Set<String> taken = new HashSet<>();
        List<org.apache.avro.Schema.Field> fields = new ArrayList<>();
        for (Field field : schema.fields()) {
            String name = AvroNames.field(field.name(), taken, wanted);
            org.apache.avro.Schema type = translate(field.schema());
            // null first in the union: a reader with a newer schema takes it for what old values lack
            Object absent = type.isNullable() && type.isUnion() ? JsonProperties.NULL_VALUE : null;
            org.apache.avro.Schema.Field made = new org.apache.avro.Schema.Field(name, type, null, absent);
            if (!name.equals(field.name())) {
                made.addProp(AvroProperties.FIELD_NAME, field.name());
            }
            fields.add(made);
        }
        return fields;
    }
}
