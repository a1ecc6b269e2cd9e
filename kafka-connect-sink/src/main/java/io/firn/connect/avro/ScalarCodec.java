package io.firn.connect.avro;

import io.firn.registry.AvroInput;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.apache.kafka.connect.data.Date;
import org.apache.kafka.connect.data.Decimal;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Time;
import org.apache.kafka.connect.data.Timestamp;
import org.apache.kafka.connect.errors.DataException;
import org.jspecify.annotations.Nullable;

/**
 * Values without parts: numbers, texts, bytes, and Connect's logical types.
 *
 * @param type Java's class of the values
 * @param writing writes a value of that class
 * @param reading reads one
 */
record ScalarCodec<T>(Class<T> type, BiConsumer<T, AvroOutput> writing, Function<AvroInput, T> reading)
        implements ValueCodec {

    static final ScalarCodec<Byte> INT8 = new ScalarCodec<>(Byte.class, (value, out) -> out.writeLong(value), in ->
            (byte) in.readLong(Byte.MIN_VALUE, Byte.MAX_VALUE, "an int8"));
    static final ScalarCodec<Short> INT16 = new ScalarCodec<>(Short.class, (value, out) -> out.writeLong(value), in ->
            (short) in.readLong(Short.MIN_VALUE, Short.MAX_VALUE, "an int16"));
    static final ScalarCodec<Integer> INT32 =
            new ScalarCodec<>(Integer.class, (value, out) -> out.writeLong(value), AvroInput::readInt);
    static final ScalarCodec<Long> INT64 =
            new ScalarCodec<>(Long.class, (value, out) -> out.writeLong(value), AvroInput::readLong);
    static final ScalarCodec<Float> FLOAT32 =
            new ScalarCodec<>(Float.class, (value, out) -> out.writeFloat(value), AvroInput::readFloat);
    static final ScalarCodec<Double> FLOAT64 =
            new ScalarCodec<>(Double.class, (value, out) -> out.writeDouble(value), AvroInput::readDouble);
    static final ScalarCodec<Boolean> BOOLEAN =
            new ScalarCodec<>(Boolean.class, (value, out) -> out.writeBoolean(value), AvroInput::readBoolean);
    static final ScalarCodec<String> STRING =
            new ScalarCodec<>(String.class, (value, out) -> out.writeString(value), AvroInput::readString);

    /** Connect knows two forms of bytes; they come back as an array. */
    static final ScalarCodec<Object> BYTES = new ScalarCodec<>(
            Object.class,
            (value, out) -> {
                if (value instanceof byte[] bytes) {
                    out.writeBytes(bytes);
                } else if (value instanceof ByteBuffer buffer) {
                    out.writeBytes(buffer);
                } else {
                    throw mismatch("bytes", value);
                }
            },
            AvroInput::readBytes);

    @Override
    public void write(@Nullable Object value, AvroOutput out) {
        if (!type.isInstance(value)) {
            throw mismatch("a " + type.getName(), value);
        }
        writing.accept(type.cast(value), out);
    }

    @Override
    public Object read(AvroInput in) {
        return reading.apply(in);
    }

    static DataException mismatch(String expected, @Nullable Object found) {
        return new DataException("expected " + expected + ", found "
                + (found == null ? "null" : "a " + found.getClass().getName()));
    }

    /** The codec of a schema that is neither a list, nor a map, nor a struct. */
    static ScalarCodec<?> of(Schema schema) {
        String name = schema.name() == null ? "" : schema.name();
        return switch (schema.type()) {
            case INT8 -> INT8;
            case INT16 -> INT16;
            case INT32 ->
                switch (name) {
                    case Date.LOGICAL_NAME -> date(schema);
                    case Time.LOGICAL_NAME -> time(schema);
                    default -> INT32;
                };
            case INT64 -> name.equals(Timestamp.LOGICAL_NAME) ? timestamp(schema) : INT64;
            case FLOAT32 -> FLOAT32;
            case FLOAT64 -> FLOAT64;
            case BOOLEAN -> BOOLEAN;
            case STRING -> STRING;
            case BYTES -> name.equals(Decimal.LOGICAL_NAME) ? decimal(schema) : BYTES;
            default -> throw new IllegalArgumentException(schema.type() + " has parts");
        };
    }

    private static ScalarCodec<java.util.Date> date(Schema schema) {
        return new ScalarCodec<>(
                java.util.Date.class,
                (value, out) -> out.writeLong(Date.fromLogical(schema, value)),
                in -> Date.toLogical(schema, in.readInt()));
    }

    private static ScalarCodec<java.util.Date> time(Schema schema) {
        return new ScalarCodec<>(
                java.util.Date.class,
                (value, out) -> out.writeLong(Time.fromLogical(schema, value)),
                in -> Time.toLogical(schema, in.readInt()));
    }

    private static ScalarCodec<java.util.Date> timestamp(Schema schema) {
        return new ScalarCodec<>(
                java.util.Date.class,
                (value, out) -> out.writeLong(Timestamp.fromLogical(schema, value)),
                in -> Timestamp.toLogical(schema, in.readLong()));
    }

    private static ScalarCodec<BigDecimal> decimal(Schema schema) {
        if (schema.parameters() == null || schema.parameters().get(Decimal.SCALE_FIELD) == null) {
            throw new DataException("a schema of decimals has no parameter '" + Decimal.SCALE_FIELD + "'");
        }
        return new ScalarCodec<>(
                BigDecimal.class, (value, out) -> out.writeBytes(Decimal.fromLogical(schema, value)), in -> {
                    byte[] unscaled = in.readBytes();
                    if (unscaled.length == 0) {
                        throw new DataException("expected a decimal, found no bytes");
                    }
                    return Decimal.toLogical(schema, unscaled);
                });
    }
}
