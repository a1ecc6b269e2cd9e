package io.firn.partition;

import io.firn.registry.AvroInput;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import org.apache.avro.LogicalType;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Extracts fields from Avro by the writer's schema: what is not wanted is skipped, and what follows the last wanted
 * field is not looked at. Of a map the entry of that name is the field.
 *
 * <p>Numbers are reported as JSON would write them, decimals with their scale, dates and timestamps as the time that
 * the schema says they are. Confined to one thread.
 */
final class AvroFields {
    private static final long MILLIS = 1_000;
    private static final long MICROS = 1_000_000;
    private static final long NANOS = 1_000_000_000;

    private final WantedFields wanted;
    private final AvroInput in = new AvroInput();

    AvroFields(List<WantedField> fields) {
        this.wanted = new WantedFields(fields);
    }

    /**
     * Reports the wanted fields of a datum.
     *
     * @throws io.firn.error.InvalidRecordException when the bytes are not of that schema
     */
    void extract(Schema schema, byte[] bytes, int from, FieldSink sink) {
        wanted.begin();
        in.over(bytes, from, bytes.length);
        readInside(schema, wanted.root(), sink);
    }

    /** Reads what has no name of its own: the datum itself, and the branch of a union. */
    private void readInside(Schema schema, WantedFields.Node node, FieldSink sink) {
        switch (schema.getType()) {
            case UNION -> readInside(branch(schema), node, sink);
            case RECORD -> readRecord(schema, node, sink);
            case MAP -> readMap(schema, node, sink);
            default -> in.skip(schema);
        }
    }

    private void readRecord(Schema schema, WantedFields.Node node, FieldSink sink) {
        for (Schema.Field field : schema.getFields()) {
            if (wanted.isComplete()) {
                return;
            }
            readNamed(field.schema(), node.child(field.name()), sink);
        }
    }

    private void readMap(Schema schema, WantedFields.Node node, FieldSink sink) {
        for (int count = in.readBlock(); count > 0; count = in.readBlock()) {
            for (int i = 0; i < count && !wanted.isComplete(); i++) {
                readNamed(schema.getValueType(), node.child(in.readString()), sink);
            }
            if (wanted.isComplete()) {
                return;
            }
        }
    }

    private void readNamed(Schema schema, WantedFields.@Nullable Node node, FieldSink sink) {
        if (node == null) {
            in.skip(schema);
        } else if (schema.getType() == Schema.Type.UNION) {
            readNamed(branch(schema), node, sink);
        } else if (schema.getType() == Schema.Type.RECORD || schema.getType() == Schema.Type.MAP) {
            wanted.find(node, field -> sink.unusable(field, "an object"));
            readInside(schema, node, sink);
        } else {
            read(schema, node, sink);
        }
    }

    private Schema branch(Schema union) {
        return union.getTypes().get(in.readIndex(union.getTypes().size()));
    }

    private void read(Schema schema, WantedFields.Node node, FieldSink sink) {
        switch (schema.getType()) {
            case NULL -> wanted.find(node, field -> {}); // the same as a field that is not there
            case BOOLEAN -> text(Boolean.toString(in.readBoolean()), node, sink);
            case STRING -> text(in.readString(), node, sink);
            case ENUM ->
                text(
                        schema.getEnumSymbols()
                                .get(in.readIndex(schema.getEnumSymbols().size())),
                        node,
                        sink);
            case INT, LONG -> readWhole(schema, node, sink);
            case FLOAT -> number(Float.toString(in.readFloat()), node, sink);
            case DOUBLE -> number(Double.toString(in.readDouble()), node, sink);
            case BYTES -> bytes(schema, in.readBytes(), node, sink);
            case FIXED -> bytes(schema, in.readFixed(schema.getFixedSize()), node, sink);
            default -> {
                in.skip(schema);
                wanted.find(node, field -> sink.unusable(field, "an array"));
            }
        }
    }

    private void readWhole(Schema schema, WantedFields.Node node, FieldSink sink) {
        long number = in.readLong();
        LogicalType logical = schema.getLogicalType();
        if (logical == null) {
            number(Long.toString(number), node, sink);
            return;
        }
        try {
            String time = time(logical.getName().toLowerCase(Locale.ROOT), number);
            if (time.isEmpty()) {
                number(Long.toString(number), node, sink);
            } else {
                wanted.find(node, field -> sink.time(field, time, number));
            }
        } catch (DateTimeException e) {
            wanted.find(node, field -> sink.unusable(field, number + " of " + logical.getName() + ", too far away"));
        }
    }

    /** The time that a number stands for; empty when it stands for none. */
    private static String time(String logical, long number) {
        return switch (logical) {
            case "date" -> LocalDate.ofEpochDay(number).toString();
            case "time-millis" ->
                LocalTime.ofNanoOfDay(Math.multiplyExact(number, NANOS / MILLIS))
                        .toString();
            case "time-micros" ->
                LocalTime.ofNanoOfDay(Math.multiplyExact(number, NANOS / MICROS))
                        .toString();
            case "timestamp-millis" -> instant(number, MILLIS).toString();
            case "timestamp-micros" -> instant(number, MICROS).toString();
            case "timestamp-nanos" -> instant(number, NANOS).toString();
            case "local-timestamp-millis" -> local(number, MILLIS);
            case "local-timestamp-micros" -> local(number, MICROS);
            case "local-timestamp-nanos" -> local(number, NANOS);
            default -> "";
        };
    }

    private static Instant instant(long number, long perSecond) {
        return Instant.ofEpochSecond(
                Math.floorDiv(number, perSecond), Math.floorMod(number, perSecond) * (NANOS / perSecond));
    }

    private static String local(long number, long perSecond) {
        return LocalDateTime.ofInstant(instant(number, perSecond), ZoneOffset.UTC)
                .toString();
    }

    private void bytes(Schema schema, byte[] bytes, WantedFields.Node node, FieldSink sink) {
        if (schema.getLogicalType() instanceof LogicalTypes.Decimal decimal && bytes.length > 0) {
            number(new BigDecimal(new BigInteger(bytes), decimal.getScale()).toPlainString(), node, sink);
        } else {
            wanted.find(node, field -> sink.unusable(field, bytes.length + " bytes"));
        }
    }

    private void text(String text, WantedFields.Node node, FieldSink sink) {
        char[] chars = text.toCharArray();
        wanted.find(node, field -> sink.text(field, chars, 0, chars.length));
    }

    private void number(String text, WantedFields.Node node, FieldSink sink) {
        char[] chars = text.toCharArray();
        wanted.find(node, field -> sink.number(field, chars, 0, chars.length));
    }
}
