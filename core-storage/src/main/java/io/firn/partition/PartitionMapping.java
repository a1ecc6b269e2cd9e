package io.firn.partition;

import io.firn.error.ConfigException;
import io.firn.record.StreamRecord;
import io.firn.registry.WireSchemas;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Says which partition a record belongs to: option {@code partition.fields}, a list of {@code name:type=source}.
 *
 * <p>Sources: {@code timestamp}; {@code value.a.b} and {@code key.a} (a field of a JSON object); {@code value} and
 * {@code key} (the whole as text); {@code header.h} (the last header of that name, as text); {@code topic}; {@code
 * partition}; {@code 'constant'}. A time field takes ISO 8601 text (without an offset it is local time of the field's
 * zone) or a JSON number of milliseconds since 1970; the suffix {@code @s}, {@code @ms}, {@code @us} or {@code @ns}
 * names another unit and also accepts the number as text. A time type may name its zone: {@code
 * dt:date(Europe/Vienna)}.
 *
 * <p>JSON null and a Kafka timestamp of -1 count as missing. Only as much of a JSON value is read as is needed.
 * Thread-safe, but records are resolved one at a time: give each writer thread its own {@link #copy} where that
 * matters.
 */
public final class PartitionMapping {
    private final PartitionScheme scheme;
    private final List<MappedField> fields;
    private final MissingFieldPolicy missingField;
    private final ValueFormat format;
    private final @Nullable WireSchemas schemas;
    private final PathResolver resolver;

    private PartitionMapping(
            List<MappedField> fields,
            MissingFieldPolicy missingField,
            ValueFormat format,
            @Nullable WireSchemas schemas) {
        PartitionScheme.Builder builder = PartitionScheme.builder();
        fields.forEach(mapped -> builder.add(mapped.field()));
        this.scheme = builder.build();
        this.fields = List.copyOf(fields);
        this.missingField = missingField;
        this.format = format;
        this.schemas = schemas;
        this.resolver = new PathResolver(scheme, this.fields, missingField, format, schemas);
    }

    /** Reads the text of {@code partition.fields} with UTC as the default zone; empty text maps to no partition. */
    public static PartitionMapping parse(String text) {
        return parse(text, ZoneOffset.UTC);
    }

    /** Reads the text of {@code partition.fields}; time fields without a zone of their own take {@code defaultZone}. */
    public static PartitionMapping parse(String text, ZoneId defaultZone) {
        return new PartitionMapping(parseFields(text, defaultZone), MissingFieldPolicy.FAIL, ValueFormat.JSON, null);
    }

    private static List<MappedField> parseFields(String text, ZoneId defaultZone) {
        try {
            return MappingParser.parse(text, defaultZone);
        } catch (ConfigException invalid) {
            throw new ConfigException("Invalid 'partition.fields': " + invalid.getMessage(), invalid);
        }
    }

    /** The same mapping with another policy for missing fields; {@link #parse} starts with {@code FAIL}. */
    public PartitionMapping withMissingField(MissingFieldPolicy policy) {
        return new PartitionMapping(fields, policy, format, schemas);
    }

    /** The same mapping that reads values in another format; {@link #parse} starts with JSON. */
    public PartitionMapping withValueFormat(ValueFormat valueFormat) {
        return new PartitionMapping(fields, missingField, valueFormat, schemas);
    }

    /**
     * The same mapping that also reads keys and values in Confluent's wire format, by the schemas of their ids; what
     * does not begin with a byte 0 is read as before. {@link #pathFor} then also throws
     * {@link io.firn.registry.RegistryUnavailableException}: the record may be fine, try again later.
     */
    public PartitionMapping withSchemas(WireSchemas writerSchemas) {
        return new PartitionMapping(fields, missingField, format, writerSchemas);
    }

    /** An equal mapping with state of its own, for another thread. */
    public PartitionMapping copy() {
        return new PartitionMapping(fields, missingField, format, schemas);
    }

    /** The scheme that a table needs for this mapping. */
    public PartitionScheme scheme() {
        return scheme;
    }

    /** The policy for missing fields; adapters act on {@code ERRANT} and {@code FAIL} when {@link #pathFor} throws. */
    public MissingFieldPolicy missingField() {
        return missingField;
    }

    /** The fields that are read of keys or of values, as paths of names; an empty path is the whole as text. */
    public List<List<String>> paths(boolean ofKeys) {
        return fields.stream()
                .map(MappedField::source)
                .filter(source -> source instanceof FieldSource.Payload payload && payload.ofKey() == ofKeys)
                .map(source -> ((FieldSource.Payload) source).path())
                .distinct()
                .toList();
    }

    /** Names of the headers that are read. */
    public Set<String> headers() {
        return fields.stream()
                .map(MappedField::source)
                .filter(FieldSource.Header.class::isInstance)
                .map(source -> ((FieldSource.Header) source).name())
                .collect(Collectors.toSet());
    }

    /** The mapping as text, read back by {@link #parse}. */
    public String describe() {
        return fields.stream().map(MappedField::describe).collect(Collectors.joining(","));
    }

    /**
     * The path of the partition that a record belongs to, as {@link PartitionValues#toPath} writes it. Records of one
     * partition get the same String object as long as the partition is among the 32,768 used last.
     *
     * @throws io.firn.error.InvalidRecordException when a field is missing, of the wrong type or too long for a
     *     directory name and the policy is not {@code NULL}
     */
    public String pathFor(StreamRecord record, RecordOrigin origin) {
        synchronized (resolver) {
            return resolver.resolve(record, origin);
        }
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof PartitionMapping that
                && fields.equals(that.fields)
                && missingField == that.missingField
                && format.equals(that.format);
    }

    @Override
    public int hashCode() {
        return fields.hashCode();
    }

    @Override
    public String toString() {
        return "PartitionMapping[" + describe() + "]";
    }
}
