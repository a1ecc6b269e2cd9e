package io.firn.connect.cli;

import io.firn.connect.avro.StructuredDecoder;
import io.firn.record.RecordHeader;
import io.firn.table.Table;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaAndValue;
import org.apache.kafka.connect.errors.DataException;
import org.jspecify.annotations.Nullable;

/**
 * Compares what is archived with schemas with what converters have made of it, part by part.
 *
 * <p>In a topic into which the archive was replayed a part is the same when it has the bytes that the converter writes
 * now, or when the converter reads the same schema and value from those and from the live ones: so neither what a
 * converter loses (JSON without schemas) nor what it writes in several ways (the order of a map, a schema's id, a
 * cipher) is a difference. In the topic that was archived a part is the same when the converter reads what is archived.
 *
 * <p>Confined to one thread.
 */
final class ConvertedRule implements RecordRule {
    private final StructuredDecoder decoder;
    private final ConverterSet converters;
    private final boolean original;

    /** Compares a part of two records. */
    private interface PartRule {
        Optional<String> difference(Conversion part, byte @Nullable [] expected, byte @Nullable [] live)
                throws UncomparableException;
    }

    private ConvertedRule(StructuredDecoder decoder, ConverterSet converters, boolean original) {
        this.decoder = decoder;
        this.converters = converters;
        this.original = original;
    }

    /** The rule for a table; the converters are closed with it. */
    static ConvertedRule of(Table table, ConverterSet converters, boolean original) {
        return new ConvertedRule(new StructuredDecoder(table.schemas()), converters, original);
    }

    @Override
    public Optional<String> difference(RecordContent archived, RecordContent live) throws UncomparableException {
        Optional<String> inTime = archived.differenceInTime(live);
        if (inTime.isPresent()) {
            return inTime;
        }
        Headers liveHeaders = live.kafkaHeaders();
        if (original) {
            return inParts(
                    archived,
                    live,
                    (part, expected, found) ->
                            part.differenceFrom(decode(part, expected, archived), found, liveHeaders));
        }
        RecordContent written = written(archived);
        Headers itsHeaders = written.kafkaHeaders();
        return inParts(
                written,
                live,
                (part, expected, found) -> part.differenceFromWritten(expected, itsHeaders, found, liveHeaders));
    }

    private Optional<String> inParts(RecordContent expected, RecordContent live, PartRule rule)
            throws UncomparableException {
        Optional<String> found = rule.difference(converters.key(), expected.key(), live.key());
        if (found.isPresent()) {
            return found;
        }
        found = inHeaders(expected, live, rule);
        return found.isPresent() ? found : rule.difference(converters.value(), expected.value(), live.value());
    }

    private Optional<String> inHeaders(RecordContent expected, RecordContent live, PartRule rule)
            throws UncomparableException {
        List<String> names = expected.headerNames();
        if (!names.equals(live.headerNames())) {
            return Optional.of("headers " + names + " became " + live.headerNames());
        }
        for (int i = 0; i < names.size(); i++) {
            Optional<String> found = rule.difference(
                    converters.header(names.get(i)),
                    expected.headers().get(i).value(),
                    live.headers().get(i).value());
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }

    /** What a worker would send, headers first, as it does. */
    private RecordContent written(RecordContent archived) throws UncomparableException {
        Headers headers = new RecordHeaders();
        for (RecordHeader header : archived.headers()) {
            Conversion part = converters.header(header.name());
            headers.add(header.name(), part.write(headers, decode(part, header.value(), archived)));
        }
        byte[] key = converters.key().write(headers, decode(converters.key(), archived.key(), archived));
        byte[] value = converters.value().write(headers, decode(converters.value(), archived.value(), archived));
        return archived.written(key, value, headers);
    }

    /** What the source gives to a converter: records that are not structured are bytes. */
    private SchemaAndValue decode(Conversion part, byte @Nullable [] bytes, RecordContent archived)
            throws UncomparableException {
        if (!archived.isStructured()) {
            return new SchemaAndValue(Schema.OPTIONAL_BYTES_SCHEMA, bytes);
        }
        try {
            return decoder.decode(bytes);
        } catch (DataException damaged) {
            throw new UncomparableException(
                    "its archived " + part.part() + " cannot be decoded: " + damaged.getMessage(), damaged);
        }
    }

    @Override
    public void close() {
        converters.close();
    }
}
