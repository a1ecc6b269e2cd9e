package io.firn.partition;

import io.firn.error.InvalidRecordException;
import io.firn.record.StreamRecord;
import io.firn.record.Timestamps;
import io.firn.registry.WireSchemas;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the sources of a mapping for one record after the other. Confined to one thread. */
final class PathResolver {
    private static final int EXCERPT_BYTES = 160;

    private final PartitionScheme scheme;
    private final List<MappedField> fields;
    private final MissingFieldPolicy policy;
    private final FieldTuple tuple;
    private final PathCache cache = new PathCache();
    private final @Nullable TimePath timePath;
    private final Utf8Chars utf8 = new Utf8Chars();
    private final @Nullable FieldExtractor valueFields;
    private final @Nullable FieldExtractor keyFields;
    private char[] chars = new char[256];

    PathResolver(
            PartitionScheme scheme,
            List<MappedField> fields,
            MissingFieldPolicy policy,
            ValueFormat format,
            @Nullable WireSchemas schemas) {
        this.scheme = scheme;
        this.fields = fields;
        this.policy = policy;
        this.tuple = new FieldTuple(fields);
        List<FieldSource> sources = fields.stream().map(MappedField::source).toList();
        this.valueFields = PayloadFields.ofValue(sources, format, schemas);
        this.keyFields = PayloadFields.ofKey(sources, schemas);
        this.timePath = onlyTime(sources) ? new TimePath() : null;
    }

    private static boolean onlyTime(List<FieldSource> sources) {
        return sources.stream()
                .allMatch(source -> source instanceof FieldSource.Timestamp || source instanceof FieldSource.Constant);
    }

    /** The path of a record's partition; the same String for equal values while they are cached. */
    String resolve(StreamRecord record, RecordOrigin origin) {
        if (timePath == null) {
            return read(record, origin);
        }
        String known = timePath.of(record);
        if (known != null) {
            return known;
        }
        String path = read(record, origin);
        if (Timestamps.isPresent(record)) {
            timePath.keep(path, record, tuple.sameFrom(), tuple.sameTo());
        }
        return path;
    }

    private String read(StreamRecord record, RecordOrigin origin) {
        tuple.clear();
        String valueProblem = extract(valueFields, record.value());
        String keyProblem = extract(keyFields, record.key());
        for (int i = 0; i < fields.size(); i++) {
            readSource(i, record, origin);
            if (!tuple.isPresent(i) && policy != MissingFieldPolicy.NULL) {
                boolean ofKey = fields.get(i).source() instanceof FieldSource.Payload payload && payload.ofKey();
                throw missing(i, ofKey ? keyProblem : valueProblem, record);
            }
        }
        String path = cache.get(tuple.key(), tuple.writeKey());
        return path == null ? resolveNew(record) : path;
    }

    private @Nullable String extract(@Nullable FieldExtractor extractor, byte @Nullable [] bytes) {
        if (extractor == null) {
            return null;
        }
        return bytes == null ? "is null" : extractor.extract(bytes, tuple);
    }

    private void readSource(int index, StreamRecord record, RecordOrigin origin) {
        FieldSource source = fields.get(index).source();
        if (source instanceof FieldSource.Timestamp) {
            readTimestamp(index, record);
        } else if (source instanceof FieldSource.Payload payload) {
            if (payload.path().isEmpty()) {
                readText(index, payload.ofKey() ? record.key() : record.value());
            }
        } else if (source instanceof FieldSource.Header header) {
            readText(index, PayloadFields.lastHeader(record, header.name()));
        } else if (source instanceof FieldSource.Constant constant) {
            readText(index, constant.value());
        } else if (origin.isKnown()) {
            readOrigin(index, source, origin);
        }
    }

    private void readOrigin(int index, FieldSource source, RecordOrigin origin) {
        if (source instanceof FieldSource.Topic) {
            readText(index, origin.topic());
        } else {
            tuple.setNumber(index, origin.partition());
        }
    }

    private void readTimestamp(int index, StreamRecord record) {
        if (Timestamps.isPresent(record)) {
            tuple.setInstant(index, Math.floorDiv(record.timestamp(), Timestamps.unitsPerSecond(record)));
        } else {
            tuple.reject(index, "is -1, which means that the record has no timestamp");
        }
    }

    private void readText(int index, byte @Nullable [] bytes) {
        if (bytes == null) {
            return;
        }
        if (utf8.decode(bytes)) {
            tuple.text(index, utf8.chars(), 0, utf8.length());
        } else {
            tuple.reject(index, "is not valid UTF-8 text");
        }
    }

    private void readText(int index, String text) {
        if (text.length() > chars.length) {
            chars = new char[text.length()];
        }
        text.getChars(0, text.length(), chars, 0);
        tuple.text(index, chars, 0, text.length());
    }

    private String resolveNew(StreamRecord record) {
        @Nullable Object[] values = new @Nullable Object[fields.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = tuple.value(i);
            if (values[i] instanceof String text
                    && !HivePath.fits(fields.get(i).field().name(), text)) {
                tuple.reject(i, FieldTuple.tooLong(text.length()));
                if (policy != MissingFieldPolicy.NULL) {
                    throw missing(i, null, record);
                }
                values[i] = null;
            }
        }
        int length = tuple.writeKey();
        String known = cache.get(tuple.key(), length);
        if (known != null) {
            return known;
        }
        String path = new PartitionValues(scheme, values).toPath();
        cache.put(tuple.key(), length, path);
        return path;
    }

    private InvalidRecordException missing(int index, @Nullable String payloadProblem, StreamRecord record) {
        MappedField mapped = fields.get(index);
        String problem = tuple.problem(index);
        StringBuilder message = new StringBuilder("Partition field '")
                .append(mapped.field().name())
                .append("' (")
                .append(mapped.field().type().text())
                .append(" from ")
                .append(mapped.source().text())
                .append(") ");
        if (mapped.source() instanceof FieldSource.Payload payload) {
            String name = payload.ofKey() ? "key" : "value";
            byte @Nullable [] bytes = payload.ofKey() ? record.key() : record.value();
            message.append(problem != null ? problem : "is missing");
            message.append(
                    problem == null && payloadProblem != null ? " because the " + name + " " + payloadProblem : "");
            message.append(" in the ").append(name).append(' ').append(excerpt(bytes));
        } else {
            message.append(problem != null ? problem : "is missing");
        }
        return new InvalidRecordException(
                message.append(". Set partition.missing.field=null (firn repartition: --missing-field null) to store"
                                + " such records under ")
                        .append(mapped.field().name())
                        .append('=')
                        .append(HivePath.NULL_MARKER)
                        .append(", or =errant in a connector to report them and go on.")
                        .toString());
    }

    private static String excerpt(byte @Nullable [] bytes) {
        if (bytes == null) {
            return "null";
        }
        String text = new String(bytes, 0, Math.min(bytes.length, EXCERPT_BYTES), StandardCharsets.UTF_8);
        return "'" + Excerpt.of(text) + "'";
    }
}
