package io.firn.connect.avro;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;
import org.apache.avro.Schema;
import org.apache.kafka.connect.errors.DataException;
import org.jspecify.annotations.Nullable;

/** Makes codecs of a Connect schema and the Avro schema that stands for it. Confined to one thread, used once. */
public final class Codecs {
    private final IdentityHashMap<org.apache.kafka.connect.data.Schema, StructCodec> structs = new IdentityHashMap<>();

    Codecs() {}

    /**
     * A codec of values.
     *
     * @param connect the values' schema, null for values without one
     * @param avro how they are written: made of {@code connect} by {@link SchemaToAvro}, or the one that {@code
     *     connect} was made of by {@link SchemaFromAvro}
     */
    public static ValueCodec of(org.apache.kafka.connect.data.@Nullable Schema connect, Schema avro) {
        return new Codecs().codec(connect, avro);
    }

    private ValueCodec codec(org.apache.kafka.connect.data.@Nullable Schema connect, Schema avro) {
        if (ChoiceCodec.isChoice(avro)) {
            return choice(Objects.requireNonNull(connect, "a union of several types has a schema"), avro);
        }
        Schema type = withoutNull(avro);
        ValueCodec codec = connect == null ? AnyCodec.INSTANCE : type(connect, type);
        if (avro.isUnion() && avro.getTypes().size() > 1) {
            int nullBranch = avro.getTypes().get(0).getType() == Schema.Type.NULL ? 0 : 1;
            return new NullableCodec(nullBranch, 1 - nullBranch, codec);
        }
        Object defaultValue = connect == null ? null : connect.defaultValue();
        return defaultValue == null ? codec : new DefaultedCodec(defaultValue, codec);
    }

    private ChoiceCodec choice(org.apache.kafka.connect.data.Schema connect, Schema union) {
        List<ValueCodec> codecs = new ArrayList<>();
        for (Schema branch : ChoiceCodec.branches(union)) {
            codecs.add(type(connect.fields().get(codecs.size()).schema(), branch));
        }
        return new ChoiceCodec(connect, ChoiceCodec.nullBranch(union), codecs);
    }

    /** The type beside null in a union; a schema that is none as it is. */
    static Schema withoutNull(Schema avro) {
        if (!avro.isUnion()) {
            return avro;
        }
        List<Schema> types = avro.getTypes().stream()
                .filter(branch -> branch.getType() != Schema.Type.NULL)
                .toList();
        if (types.size() != 1 || avro.getTypes().size() != 2) {
            throw new DataException("Connect has no type for the union " + avro);
        }
        return types.get(0);
    }

    /** The codec of a type that is not null. */
    ValueCodec type(org.apache.kafka.connect.data.Schema connect, Schema avro) {
        return switch (connect.type()) {
            case STRUCT -> struct(connect, avro);
            case ARRAY -> new ListCodec(codec(connect.valueSchema(), avro.getElementType()));
            case MAP -> map(connect, avro);
            case STRING ->
                avro.getType() == Schema.Type.ENUM ? new EnumCodec(avro.getEnumSymbols()) : ScalarCodec.STRING;
            case BYTES ->
                avro.getType() == Schema.Type.FIXED ? new FixedCodec(avro.getFixedSize()) : ScalarCodec.of(connect);
            default -> ScalarCodec.of(connect);
        };
    }

    private ValueCodec map(org.apache.kafka.connect.data.Schema connect, Schema avro) {
        if (avro.getType() == Schema.Type.MAP) {
            return new MapCodec(ScalarCodec.STRING, codec(connect.valueSchema(), avro.getValueType()));
        }
        List<Schema.Field> entry = avro.getElementType().getFields();
        return new MapCodec(
                codec(connect.keySchema(), entry.get(0).schema()),
                codec(connect.valueSchema(), entry.get(1).schema()));
    }

    private StructCodec struct(org.apache.kafka.connect.data.Schema connect, Schema avro) {
        StructCodec known = structs.get(connect);
        if (known != null) {
            return known;
        }
        StructCodec codec = new StructCodec(connect);
        structs.put(connect, codec);
        List<ValueCodec> fields = new ArrayList<>();
        for (Schema.Field field : avro.getFields()) {
            fields.add(codec(connect.fields().get(field.pos()).schema(), field.schema()));
        }
        codec.complete(fields);
        return codec;
    }
}
