package io.firn.registry;

import java.util.List;
import java.util.Locale;

/**
 * A schema as a registry keeps it. Immutable; thread-safe.
 *
 * @param type {@code AVRO}, {@code PROTOBUF}, {@code JSON} or another name, in upper case
 * @param text the schema itself, as it was registered
 * @param references schemas that it uses, in the order in which it names them
 */
public record SchemaText(String type, String text, List<SchemaReference> references) {
    /** Type of Avro schemas, which a registry need not name. */
    public static final String AVRO = "AVRO";

    /** Type of JSON schemas. */
    public static final String JSON = "JSON";

    /** Type of Protobuf schemas. */
    public static final String PROTOBUF = "PROTOBUF";

    /** Takes the type in upper case; none is Avro. */
    public SchemaText {
        type = type.isBlank() ? AVRO : type.strip().toUpperCase(Locale.ROOT);
        references = List.copyOf(references);
    }

    /** An Avro schema without references. */
    public static SchemaText avro(String text) {
        return new SchemaText(AVRO, text, List.of());
    }
}
