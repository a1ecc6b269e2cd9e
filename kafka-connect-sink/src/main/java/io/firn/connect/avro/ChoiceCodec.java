package io.firn.connect.avro;

import io.firn.registry.AvroInput;
import java.util.List;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.DataException;
import org.jspecify.annotations.Nullable;

/**
 * A union of several types: in Connect a struct with an optional field for each of them, of which one is set. The names
 * are those of other converters.
 */
final class ChoiceCodec implements ValueCodec {
    /** Name of such structs. */
    static final String NAME = "io.confluent.connect.avro.Union";

    private final Schema schema;
    private final int nullBranch;
    private final List<Field> fields;
    private final List<ValueCodec> codecs;

    /**
     * Creates the codec.
     *
     * @param nullBranch index of null in the union, -1 without
     * @param codecs of the other branches in their order, which is that of the fields
     */
    ChoiceCodec(Schema schema, int nullBranch, List<ValueCodec> codecs) {
        this.schema = schema;
        this.nullBranch = nullBranch;
        this.fields = List.copyOf(schema.fields());
        this.codecs = List.copyOf(codecs);
    }

    /** Whether a schema is a union of more than null and one type. */
    static boolean isChoice(org.apache.avro.Schema avro) {
        return avro.isUnion() && branches(avro).size() > 1;
    }

    /** The types of a union that are not null. */
    static List<org.apache.avro.Schema> branches(org.apache.avro.Schema union) {
        return union.getTypes().stream()
                .filter(branch -> branch.getType() != org.apache.avro.Schema.Type.NULL)
                .toList();
    }

    static int nullBranch(org.apache.avro.Schema union) {
        List<org.apache.avro.Schema> types = union.getTypes();
        for (int i = 0; i < types.size(); i++) {
            if (types.get(i).getType() == org.apache.avro.Schema.Type.NULL) {
                return i;
            }
        }
        return -1;
    }

    @Override
    public void write(@Nullable Object value, AvroOutput out) {
        if (value == null && nullBranch >= 0) {
            out.writeLong(nullBranch);
            return;
        }
        if (!(value instanceof Struct struct)) {
            throw ScalarCodec.mismatch("a struct of a union", value);
        }
        out.enter();
        for (int i = 0; i < fields.size(); i++) {
            Object chosen = struct.getWithoutDefault(fields.get(i).name());
            if (chosen != null) {
                out.writeLong(nullBranch < 0 || i < nullBranch ? i : i + 1L);
                codecs.get(i).write(chosen, out);
                out.leave();
                return;
            }
        }
        throw new DataException("expected one field of a union to be set, found none");
    }

    @Override
    public @Nullable Struct read(AvroInput in) {
        int last = fields.size() - (nullBranch < 0 ? 1 : 0);
        int branch = (int) in.readLong(0, last, "a branch of a union");
        if (branch == nullBranch) {
            return null;
        }
        int field = nullBranch < 0 || branch < nullBranch ? branch : branch - 1;
        in.enter();
        Object value = codecs.get(field).read(in);
        in.leave();
        return new Struct(schema).put(fields.get(field), value);
    }
}
