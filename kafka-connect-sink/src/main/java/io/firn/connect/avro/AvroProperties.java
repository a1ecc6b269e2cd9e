package io.firn.connect.avro;

import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.avro.JsonProperties;
import org.apache.avro.Schema;
import org.apache.kafka.connect.data.ConnectSchema;
import org.apache.kafka.connect.data.Date;
import org.apache.kafka.connect.data.Decimal;
import org.apache.kafka.connect.data.Time;
import org.apache.kafka.connect.data.Timestamp;
import org.apache.kafka.connect.errors.DataException;
import org.jspecify.annotations.Nullable;

/**
 * What an Avro schema says about the Connect schema it stands for, in properties that Avro itself ignores. The names
 * that begin with {@code connect.} are those of other converters. Thread-safe; no state.
 */
final class AvroProperties {
    static final String NAME = "connect.name";
    static final String VERSION = "connect.version";
    static final String DOC = "connect.doc";
    static final String PARAMETERS = "connect.parameters";
    static final String TYPE = "connect.type";
    static final String INT8 = "int8";
    static final String INT16 = "int16";
    static final String INTERNAL_TYPE = "connect.internal.type";
    static final String MAP_ENTRY = "MapEntry";
    /** The default in Avro's binary encoding, as Base64. */
    static final String DEFAULT = "firn.default";
    /** The schema is not optional, although its values may be null: Connect takes null for the default. */
    static final String REQUIRED = "firn.required";
    /** The struct has no name; that of the record was made up. */
    static final String UNNAMED = "firn.unnamed";
    /** Name of a field that Avro does not allow. */
    static final String FIELD_NAME = "firn.name";

    private static final String LOGICAL_TYPE = "logicalType";
    private static final String SCALE = "scale";
    private static final String PRECISION = "precision";
    /** As other converters have it: Connect's decimals have a scale only. */
    private static final int DECIMAL_PRECISION = 64;

    private static final Map<String, String> LOGICAL_NAMES = Map.of(
            "date", Date.LOGICAL_NAME,
            "time-millis", Time.LOGICAL_NAME,
            "timestamp-millis", Timestamp.LOGICAL_NAME,
            "decimal", Decimal.LOGICAL_NAME);

    private AvroProperties() {}

    /** Adds everything but the default. */
    static void describe(org.apache.kafka.connect.data.Schema connect, Schema avro) {
        String name = connect.name();
        boolean isRecord = avro.getType() == Schema.Type.RECORD;
        if (isRecord && name == null) {
            avro.addProp(UNNAMED, true);
        } else if (name != null && !(isRecord && name.equals(avro.getFullName()))) {
            avro.addProp(NAME, name);
        }
        if (connect.version() != null) {
            avro.addProp(VERSION, connect.version());
        }
        if (connect.doc() != null) {
            avro.addProp(DOC, connect.doc());
        }
        if (connect.parameters() != null) {
            Map<String, Object> sorted = new TreeMap<>();
            connect.parameters()
                    .forEach((key, value) -> sorted.put(key, value == null ? JsonProperties.NULL_VALUE : value));
            avro.addProp(PARAMETERS, sorted);
        }
        addLogicalType(connect, avro);
    }

    private static void addLogicalType(org.apache.kafka.connect.data.Schema connect, Schema avro) {
        LOGICAL_NAMES.forEach((logicalType, name) -> {
            if (name.equals(connect.name()) && connect.type() == typeOf(name)) {
                if (!name.equals(Decimal.LOGICAL_NAME)) {
                    avro.addProp(LOGICAL_TYPE, logicalType);
                } else {
                    addDecimal(connect, avro);
                }
            }
        });
    }

    private static org.apache.kafka.connect.data.Schema.Type typeOf(String logicalName) {
        return switch (logicalName) {
            case Decimal.LOGICAL_NAME -> org.apache.kafka.connect.data.Schema.Type.BYTES;
            case Timestamp.LOGICAL_NAME -> org.apache.kafka.connect.data.Schema.Type.INT64;
            default -> org.apache.kafka.connect.data.Schema.Type.INT32;
        };
    }

    private static void addDecimal(org.apache.kafka.connect.data.Schema connect, Schema avro) {
        int scale = scaleOf(connect);
        if (scale >= 0 && scale <= DECIMAL_PRECISION) { // Avro knows no other
            avro.addProp(LOGICAL_TYPE, "decimal");
            avro.addProp(PRECISION, DECIMAL_PRECISION);
            avro.addProp(SCALE, scale);
        }
    }

    private static int scaleOf(org.apache.kafka.connect.data.Schema connect) {
        String scale =
                connect.parameters() == null ? null : connect.parameters().get(Decimal.SCALE_FIELD);
        try {
            return scale == null ? -1 : Integer.parseInt(scale);
        } catch (NumberFormatException e) {
            throw new DataException(
                    "schema " + connect.name() + " has the scale '" + scale + "', which is no number", e);
        }
    }

    static void addDefault(byte[] encoded, boolean required, Schema avro) {
        avro.addProp(DEFAULT, Base64.getEncoder().encodeToString(encoded));
        if (required) {
            avro.addProp(REQUIRED, true);
        }
    }

    static boolean isRequired(Schema avro) {
        return Boolean.TRUE.equals(avro.getObjectProp(REQUIRED));
    }

    static byte @Nullable [] defaultOf(Schema avro) {
        String text = avro.getProp(DEFAULT);
        try {
            return text == null ? null : Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            throw new DataException("property " + DEFAULT + " of an Avro schema is not Base64: " + e.getMessage(), e);
        }
    }

    /** The Connect schema of a type, without default. */
    static ConnectSchema connect(Parts parts, Schema avro) {
        Map<String, String> parameters = parametersOf(avro);
        String name = nameOf(avro);
        Integer version = avro.getObjectProp(VERSION) instanceof Integer number ? number : null;
        String logical = LOGICAL_NAMES.get(String.valueOf(avro.getProp(LOGICAL_TYPE)));
        if (name == null && logical != null && parts.type() == typeOf(logical)) { // written by somebody else
            name = logical;
            version = version == null ? Integer.valueOf(1) : version;
            if (logical.equals(Decimal.LOGICAL_NAME)) {
                parameters = parameters == null ? new LinkedHashMap<>() : parameters;
                parameters.putIfAbsent(Decimal.SCALE_FIELD, String.valueOf(scaleProperty(avro)));
            }
        }
        return new ConnectSchema(
                parts.type(),
                parts.optional(),
                parts.defaultValue(),
                name,
                version,
                avro.getProp(DOC),
                parameters,
                parts.fields(),
                parts.keys(),
                parts.values());
    }

    private static Object scaleProperty(Schema avro) {
        Object scale = avro.getObjectProp(SCALE);
        return scale == null ? 0 : scale;
    }

    static @Nullable String nameOf(Schema avro) {
        if (avro.getProp(NAME) != null) {
            return avro.getProp(NAME);
        }
        boolean named =
                Set.of(Schema.Type.RECORD, Schema.Type.ENUM, Schema.Type.FIXED).contains(avro.getType());
        return named && avro.getObjectProp(UNNAMED) == null ? avro.getFullName() : null;
    }

    private static @Nullable Map<String, String> parametersOf(Schema avro) {
        if (!(avro.getObjectProp(PARAMETERS) instanceof Map<?, ?> found)) {
            return null;
        }
        Map<String, String> parameters = new LinkedHashMap<>();
        found.forEach((key, value) ->
                parameters.put(String.valueOf(key), value == JsonProperties.NULL_VALUE ? null : String.valueOf(value)));
        return parameters;
    }
}
