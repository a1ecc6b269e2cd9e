package io.firn.connect.avro;

import io.firn.registry.AvroInput;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.kafka.connect.errors.DataException;
import org.jspecify.annotations.Nullable;

/** Values without a schema: each says itself what it is. Thread-safe; no state. */
final class AnyCodec implements ValueCodec {
    /** The reserved namespace. */
    static final String NAMESPACE = "io.firn.connect";

    static final AnyCodec INSTANCE = new AnyCodec();

    /** The schema by which anybody reads such values; its union's branches are in the order of {@link Kind}. */
    static final Schema SCHEMA = new Schema.Parser().parse("""
                    {"type":"record","name":"Any","namespace":"io.firn.connect","fields":[{"name":"value","type":[
                      "null","boolean",
                      {"type":"record","name":"Int8","fields":[{"name":"value","type":"int"}]},
                      {"type":"record","name":"Int16","fields":[{"name":"value","type":"int"}]},
                      "int","long","float","double","bytes","string",
                      {"type":"array","items":"Any"},
                      {"type":"record","name":"Entries","fields":[{"name":"entries","type":{"type":"array","items":
                        {"type":"record","name":"Entry","fields":[{"name":"key","type":"Any"},
                                                                  {"name":"value","type":"Any"}]}}}]}]}]}""");

    private enum Kind {
        NULL(0),
        BOOLEAN(1),
        INT8(2),
        INT16(3),
        INT32(4),
        INT64(5),
        FLOAT32(6),
        FLOAT64(7),
        BYTES(8),
        STRING(9),
        LIST(10),
        MAP(11);

        private static final List<Kind> BY_BRANCH = List.of(values());

        private final int branch;

        Kind(int branch) {
            this.branch = branch;
        }
    }

    private AnyCodec() {}

    static boolean isAny(Schema schema) {
        return schema.getType() == Schema.Type.RECORD && schema.getFullName().equals(SCHEMA.getFullName());
    }

    @Override
    public void write(@Nullable Object value, AvroOutput out) {
        Kind kind = kindOf(value);
        out.writeLong(kind.branch);
        if (value instanceof List<?> list) {
            writeList(list, out);
        } else if (value instanceof Map<?, ?> map) {
            writeMap(map, out);
        } else if (value != null) {
            scalar(kind).write(value, out);
        }
    }

    private static Kind kindOf(@Nullable Object value) {
        if (value == null) {
            return Kind.NULL;
        } else if (value instanceof String) {
            return Kind.STRING;
        } else if (value instanceof Number number) {
            return kindOf(number);
        } else if (value instanceof Boolean) {
            return Kind.BOOLEAN;
        } else if (value instanceof List) {
            return Kind.LIST;
        } else if (value instanceof Map) {
            return Kind.MAP;
        } else if (value instanceof byte[] || value instanceof ByteBuffer) {
            return Kind.BYTES;
        }
        throw unknown(value);
    }

    private static Kind kindOf(Number number) {
        if (number instanceof Long) {
            return Kind.INT64;
        } else if (number instanceof Double) {
            return Kind.FLOAT64;
        } else if (number instanceof Integer) {
            return Kind.INT32;
        } else if (number instanceof Float) {
            return Kind.FLOAT32;
        } else if (number instanceof Short) {
            return Kind.INT16;
        } else if (number instanceof Byte) {
            return Kind.INT8;
        }
        throw unknown(number);
    }

    private static DataException unknown(Object value) {
        return new DataException("a value without a schema is a "
                + value.getClass().getName() + "; expected a number, a boolean, a text, bytes, a list or a map");
    }

    private static ScalarCodec<?> scalar(Kind kind) {
        return switch (kind) {
            case BOOLEAN -> ScalarCodec.BOOLEAN;
            case INT8 -> ScalarCodec.INT8;
            case INT16 -> ScalarCodec.INT16;
            case INT32 -> ScalarCodec.INT32;
            case INT64 -> ScalarCodec.INT64;
            case FLOAT32 -> ScalarCodec.FLOAT32;
            case FLOAT64 -> ScalarCodec.FLOAT64;
            case BYTES -> ScalarCodec.BYTES;
            case STRING -> ScalarCodec.STRING;
            case NULL, LIST, MAP -> throw new IllegalArgumentException(kind + " is no scalar");
        };
    }

    private void writeList(List<?> list, AvroOutput out) {
        out.enter();
        out.beginItems(list.size());
        for (Object element : list) { // a lambda would take stack on each level
            write(element, out);
        }
        out.endItems(list.size());
        out.leave();
    }

    private void writeMap(Map<?, ?> map, AvroOutput out) {
        out.enter();
        out.beginItems(map.size());
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            write(entry.getKey(), out);
            write(entry.getValue(), out);
        }
        out.endItems(map.size());
        out.leave();
    }

    @Override
    public @Nullable Object read(AvroInput in) {
        Kind kind = Kind.BY_BRANCH.get(in.readIndex(Kind.BY_BRANCH.size()));
        return switch (kind) {
            case NULL -> null;
            case LIST -> readList(in);
            case MAP -> readMap(in);
            default -> scalar(kind).read(in);
        };
    }

    private List<@Nullable Object> readList(AvroInput in) {
        in.enter();
        List<@Nullable Object> list = new ArrayList<>();
        for (int count = in.readBlock(); count > 0; count = in.readBlock()) {
            for (int i = 0; i < count; i++) {
                list.add(read(in));
            }
        }
        in.leave();
        return list;
    }

    private Map<@Nullable Object, @Nullable Object> readMap(AvroInput in) {
        in.enter();
        Map<@Nullable Object, @Nullable Object> map = new LinkedHashMap<>();
        for (int count = in.readBlock(); count > 0; count = in.readBlock()) {
            for (int i = 0; i < count; i++) {
                map.put(read(in), read(in));
            }
        }
        in.leave();
        return map;
    }
}
