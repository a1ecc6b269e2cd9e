package io.firn.connect.avro;

import io.firn.error.InvalidRecordException;
import io.firn.registry.AvroInput;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.connect.data.ConnectSchema;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.errors.DataException;
import org.jspecify.annotations.Nullable;

/**
 * Translates Avro schemas to Connect schemas: those of {@link SchemaToAvro} to equal ones, those of others as far as
 * Connect has a word for them (enums are texts, fixed values are bytes).
 *
 * <p>A record that contains itself becomes a struct with a {@link SchemaBuilder} in it, the only way in which Connect
 * can say that. Confined to one thread, used once.
 */
public final class SchemaFromAvro {
    private final IdentityHashMap<org.apache.avro.Schema, Map<Boolean, Schema>> records = new IdentityHashMap<>();
    private int depth;

    private SchemaFromAvro() {}

    /**
     * The Connect schema of values with an Avro schema; null when such values have none.
     *
     * @throws DataException when Connect has no such schema
     */
    public static @Nullable Schema translate(org.apache.avro.Schema avro) {
        return new SchemaFromAvro().schema(avro);
    }

    private @Nullable Schema schema(org.apache.avro.Schema avro) {
        if (++depth > 2 * SchemaToAvro.MAX_DEPTH) {
            throw new DataException("an Avro schema is nested too deep");
        }
        Schema schema = ChoiceCodec.isChoice(avro) ? choice(avro) : orNull(avro);
        depth--;
        return schema;
    }

    private @Nullable Schema orNull(org.apache.avro.Schema avro) {
        org.apache.avro.Schema type = Codecs.withoutNull(avro);
        boolean optional = avro.isUnion() && !AvroProperties.isRequired(type);
        return AnyCodec.isAny(type) ? null : type(type, optional);
    }

    private Schema choice(org.apache.avro.Schema union) {
        List<org.apache.avro.Schema> branches = ChoiceCodec.branches(union);
        boolean unique = branches.stream()
                        .map(org.apache.avro.Schema::getName)
                        .distinct()
                        .count()
                == branches.size();
        SchemaBuilder builder = SchemaBuilder.struct().name(ChoiceCodec.NAME);
        for (org.apache.avro.Schema branch : branches) {
            builder.field(unique ? branch.getName() : branch.getFullName(), type(branch, true));
        }
        return ChoiceCodec.nullBranch(union) < 0
                ? builder.build()
                : builder.optional().build();
    }

    private Schema type(org.apache.avro.Schema avro, boolean optional) {
        return switch (avro.getType()) {
            case RECORD -> record(avro, optional);
            case ARRAY ->
                described(
                        isMap(avro) ? entries(avro, optional) : Parts.list(optional, schema(avro.getElementType())),
                        avro);
            case MAP -> described(Parts.map(optional, Schema.STRING_SCHEMA, schema(avro.getValueType())), avro);
            default -> described(Parts.of(scalar(avro), optional), avro);
        };
    }

    static boolean isMap(org.apache.avro.Schema array) {
        org.apache.avro.Schema entry = array.getElementType();
        return entry.getType() == org.apache.avro.Schema.Type.RECORD
                && AvroProperties.MAP_ENTRY.equals(entry.getProp(AvroProperties.INTERNAL_TYPE))
                && entry.getFields().size() == 2;
    }

    private Parts entries(org.apache.avro.Schema array, boolean optional) {
        List<org.apache.avro.Schema.Field> entry = array.getElementType().getFields();
        return Parts.map(
                optional, schema(entry.get(0).schema()), schema(entry.get(1).schema()));
    }

    private static Schema.Type scalar(org.apache.avro.Schema avro) {
        return switch (avro.getType()) {
            case INT ->
                switch (String.valueOf(avro.getProp(AvroProperties.TYPE))) {
                    case AvroProperties.INT8 -> Schema.Type.INT8;
                    case AvroProperties.INT16 -> Schema.Type.INT16;
                    default -> Schema.Type.INT32;
                };
            case LONG -> Schema.Type.INT64;
            case FLOAT -> Schema.Type.FLOAT32;
            case DOUBLE -> Schema.Type.FLOAT64;
            case BOOLEAN -> Schema.Type.BOOLEAN;
            case STRING, ENUM -> Schema.Type.STRING;
            case BYTES, FIXED -> Schema.Type.BYTES;
            default ->
                throw new DataException(
                        "Connect has no type for Avro's " + avro.getType().getName());
        };
    }

    private static Schema described(Parts parts, org.apache.avro.Schema avro) {
        ConnectSchema plain = AvroProperties.connect(parts, avro);
        byte[] encoded = AvroProperties.defaultOf(avro);
        if (encoded == null) {
            return plain;
        }
        return AvroProperties.connect(parts.withDefault(defaultValue(plain, avro, encoded)), avro);
    }

    private static @Nullable Object defaultValue(Schema plain, org.apache.avro.Schema avro, byte[] encoded) {
        AvroInput in = new AvroInput(encoded, 0);
        try {
            Object value = new Codecs().type(plain, avro).read(in);
            in.requireEnd();
            return value;
        } catch (InvalidRecordException damaged) {
            throw new DataException("a default value is damaged: " + damaged.getMessage(), damaged);
        }
    }

    private Schema record(org.apache.avro.Schema avro, boolean optional) {
        Map<Boolean, Schema> forms = records.computeIfAbsent(avro, key -> new HashMap<>());
        Schema known = forms.get(optional);
        if (known != null) {
            return known;
        }
        if (contains(avro, avro, new HashSet<>())) {
            return recursive(avro, optional, forms);
        }
        List<Field> fields = new ArrayList<>();
        for (org.apache.avro.Schema.Field field : avro.getFields()) {
            fields.add(new Field(nameOf(field), field.pos(), schema(field.schema())));
        }
        Schema made = described(Parts.struct(optional, List.copyOf(fields)), avro);
        forms.put(optional, made);
        return made;
    }

    private Schema recursive(org.apache.avro.Schema avro, boolean optional, Map<Boolean, Schema> forms) {
        ConnectSchema described = AvroProperties.connect(Parts.struct(optional, List.of()), avro);
        SchemaBuilder builder = SchemaBuilder.struct()
                .name(described.name())
                .version(described.version())
                .doc(described.doc());
        if (optional) {
            builder.optional();
        }
        if (described.parameters() != null) {
            builder.parameters(described.parameters());
        }
        forms.put(optional, builder);
        for (org.apache.avro.Schema.Field field : avro.getFields()) {
            builder.field(nameOf(field), schema(field.schema()));
        }
        return builder.build();
    }

    static String nameOf(org.apache.avro.Schema.Field field) {
        String name = field.getProp(AvroProperties.FIELD_NAME);
        return name == null ? field.name() : name;
    }

    private static boolean contains(org.apache.avro.Schema wanted, org.apache.avro.Schema in, Set<String> seen) {
        return switch (in.getType()) {
            case RECORD ->
                seen.add(in.getFullName())
                        && in.getFields().stream().anyMatch(field -> isOrContains(wanted, field.schema(), seen));
            case ARRAY -> isOrContains(wanted, in.getElementType(), seen);
            case MAP -> isOrContains(wanted, in.getValueType(), seen);
            case UNION -> in.getTypes().stream().anyMatch(branch -> isOrContains(wanted, branch, seen));
            default -> false;
        };
    }

    private static boolean isOrContains(org.apache.avro.Schema wanted, org.apache.avro.Schema in, Set<String> seen) {
        boolean same = in.getType() == org.apache.avro.Schema.Type.RECORD
                && in.getFullName().equals(wanted.getFullName());
        return same || contains(wanted, in, seen);
    }
}
