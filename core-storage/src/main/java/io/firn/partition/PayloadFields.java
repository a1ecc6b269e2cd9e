package io.firn.partition;

import io.firn.record.RecordHeader;
import io.firn.record.StreamRecord;
import io.firn.registry.WireSchemas;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a list of sources wants of the parts of a record. Thread-safe: no state. */
final class PayloadFields {
    private PayloadFields() {}

    /** Finds the fields of values; null when none is wanted. */
    static @Nullable FieldExtractor ofValue(List<FieldSource> sources, ValueFormat format) {
        return ofValue(sources, format, null);
    }

    /** The same, also in values that carry the id of one of these schemas. */
    static @Nullable FieldExtractor ofValue(
            List<FieldSource> sources, ValueFormat format, @Nullable WireSchemas schemas) {
        List<WantedField> wanted = wanted(sources, false);
        if (wanted.isEmpty()) {
            return null;
        }
        return framed(
                wanted,
                schemas,
                format instanceof ValueFormat.Csv csv
                        ? new CsvFields(wanted, csv.columns(), csv.separator())
                        : new JsonFields(wanted));
    }

    /** Finds the fields of keys; null when none is wanted. */
    static @Nullable FieldExtractor ofKey(List<FieldSource> sources) {
        return ofKey(sources, null);
    }

    /** The same, also in keys that carry the id of one of these schemas. */
    static @Nullable FieldExtractor ofKey(List<FieldSource> sources, @Nullable WireSchemas schemas) {
        List<WantedField> wanted = wanted(sources, true);
        return wanted.isEmpty() ? null : framed(wanted, schemas, new JsonFields(wanted));
    }

    private static FieldExtractor framed(
            List<WantedField> wanted, @Nullable WireSchemas schemas, FieldExtractor unframed) {
        return schemas == null ? unframed : new WireFields(wanted, schemas, unframed);
    }

    private static List<WantedField> wanted(List<FieldSource> sources, boolean ofKey) {
        List<WantedField> wanted = new ArrayList<>();
        for (int i = 0; i < sources.size(); i++) {
            if (sources.get(i) instanceof FieldSource.Payload payload
                    && payload.ofKey() == ofKey
                    && !payload.path().isEmpty()) {
                wanted.add(new WantedField(i, payload.path()));
            }
        }
        return wanted;
    }

    /** The value of the last header of a name. */
    static byte @Nullable [] lastHeader(StreamRecord record, String name) {
        List<RecordHeader> headers = record.headers();
        for (int i = headers.size() - 1; i >= 0; i--) {
            if (headers.get(i).name().equals(name)) {
                return headers.get(i).value();
            }
        }
        return null;
    }
}
