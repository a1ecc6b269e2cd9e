package io.firn.series;

import io.firn.error.ConfigException;
import io.firn.error.InvalidRecordException;
import io.firn.partition.MissingFieldPolicy;
import io.firn.partition.RecordFields;
import io.firn.partition.RecordOrigin;
import io.firn.partition.ValueFormat;
import io.firn.record.StreamRecord;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Makes samples of records: labels, timestamp and values come from the same sources as the partitions of a table
 * ({@link io.firn.partition.PartitionMapping}). Immutable settings with state for reading: confined to one thread.
 *
 * <p>Labels are a list of {@code name=source}, for example {@code host=value.host,dc=header.dc,job='node'}; an empty
 * text counts as an absent label. The values are one source, or a list of {@code name=source} of which each makes a
 * sample with that name as label {@code __name__}; of a list those that are absent or null are left out. The timestamp
 * is one source: ISO 8601 text (UTC without an offset), or a number of milliseconds, or of the unit that a suffix
 * names.
 */
public final class SampleMapping {
    private final List<String> labelNames = new ArrayList<>();
    private final List<String> metrics = new ArrayList<>();
    private final RecordFields fields;
    private final int timestamp;
    private final SeriesType type;
    private final MissingFieldPolicy missingLabel;

    /**
     * The text of a mapping.
     *
     * @param labels list of {@code name=source}; may be empty when {@code values} has names
     * @param timestamp a source
     * @param values a source, or a list of {@code name=source}
     */
    public record Text(String labels, String timestamp, String values) {}

    /**
     * Reads a mapping.
     *
     * @param type of all series
     * @param missingLabel {@code NULL} leaves a label out that is not there; with the others such a record is refused
     * @param format of the values of records
     * @throws ConfigException when the text is wrong, a name stands twice, or nothing would tell series apart
     */
    public static SampleMapping parse(Text text, SeriesType type, MissingFieldPolicy missingLabel, ValueFormat format) {
        return new SampleMapping(text, type, missingLabel, format);
    }

    private SampleMapping(Text text, SeriesType type, MissingFieldPolicy missingLabel, ValueFormat format) {
        List<String> sources = new ArrayList<>();
        for (String part : RecordFields.split(text.labels())) {
            addNamed(part, labelNames, sources);
        }
        this.timestamp = sources.size();
        sources.add(text.timestamp());
        List<String> values = RecordFields.split(text.values());
        if (values.size() == 1 && isSource(values.get(0))) {
            sources.add(values.get(0));
        } else {
            values.forEach(part -> addNamed(part, metrics, sources));
        }
        if (values.isEmpty()) {
            throw new ConfigException("The mapping of samples names no value; write for example value.usage, or"
                    + " cpu=value.cpu,mem=value.mem");
        }
        Set<String> names = new HashSet<>(labelNames);
        if (names.size() < labelNames.size() || (!metrics.isEmpty() && names.contains(Labels.NAME))) {
            throw new ConfigException("The mapping of samples names a label twice: " + labelNames
                    + (metrics.isEmpty() ? "" : "; " + Labels.NAME + " comes from the names of the values"));
        }
        if (new HashSet<>(metrics).size() < metrics.size()) {
            throw new ConfigException("The mapping of samples names a value twice: " + metrics
                    + "; they would be one series, of which only the last counts: give each a name of its own");
        }
        if (labelNames.isEmpty() && metrics.isEmpty()) {
            throw new ConfigException("The mapping of samples has no labels, so there would be one series without a"
                    + " name; write for example __name__='usage',host=value.host");
        }
        this.type = type;
        this.missingLabel = missingLabel;
        this.fields = new RecordFields(sources, format);
    }

    /** Whether there is no name in front of the first {@code =}. */
    private static boolean isSource(String part) {
        return part.indexOf('=') < 0 || part.strip().startsWith("'");
    }

    private static void addNamed(String part, List<String> names, List<String> sources) {
        int equals = part.indexOf('=');
        String name = equals < 0 ? "" : part.substring(0, equals).strip();
        if (name.isEmpty()) {
            throw new ConfigException(
                    "The mapping of samples has '" + part.strip() + "' without a name; write name=source");
        }
        names.add(name);
        sources.add(part.substring(equals + 1).strip());
    }

    /**
     * Adds the samples of a record to a batch, all or none.
     *
     * @param unit of the timestamps
     * @throws InvalidRecordException when the timestamp, every value, or a label that is needed is missing, or one of
     *     them is not what it should be
     */
    public void addTo(SeriesBatch batch, StreamRecord record, RecordOrigin origin, TimestampUnit unit) {
        fields.read(record, origin);
        List<String> pairs = labels(record);
        long time = timestamp(record, unit);
        int first = timestamp + 1;
        if (metrics.isEmpty()) {
            double value = value(first, record).orElseThrow(() -> missing("value", first, record));
            batch.add(Labels.of(pairs.toArray(String[]::new)), type, time, value);
            return;
        }
        List<Labels> series = new ArrayList<>();
        List<Double> values = new ArrayList<>();
        for (int i = 0; i < metrics.size(); i++) {
            if (fields.isUnusable(first + i)) {
                throw missing("value", first + i, record);
            }
            Optional<Double> value = value(first + i, record);
            if (value.isPresent()) {
                List<String> all = new ArrayList<>(pairs);
                all.add(Labels.NAME);
                all.add(metrics.get(i));
                series.add(Labels.of(all.toArray(String[]::new)));
                values.add(value.get());
            }
        }
        if (series.isEmpty()) {
            throw missing("every value", first, record);
        }
        for (int i = 0; i < series.size(); i++) {
            batch.add(series.get(i), type, time, values.get(i));
        }
    }

    private List<String> labels(StreamRecord record) {
        List<String> pairs = new ArrayList<>();
        for (int i = 0; i < labelNames.size(); i++) {
            Optional<String> text = fields.text(i);
            if (text.isEmpty() && missingLabel != MissingFieldPolicy.NULL) {
                throw missing("label '" + labelNames.get(i) + "'", i, record);
            }
            if (text.isPresent() && !text.get().isEmpty()) {
                pairs.add(labelNames.get(i));
                pairs.add(text.get());
            }
        }
        if (pairs.isEmpty() && metrics.isEmpty()) {
            throw new InvalidRecordException("The record has none of the labels " + labelNames);
        }
        return pairs;
    }

    private long timestamp(StreamRecord record, TimestampUnit unit) {
        String text = fields.text(timestamp).orElseThrow(() -> missing("timestamp", timestamp, record));
        if (fields.isTimestamp(timestamp)) {
            return SampleNumber.timestamp(text, 1, unit);
        }
        Instant instant = RecordFields.instant(text).orElse(null);
        if (instant != null) {
            return SampleNumber.timestamp(instant.getEpochSecond(), instant.getNano(), unit);
        }
        try {
            return SampleNumber.timestamp(text, fields.unitsPerSecond(timestamp), unit);
        } catch (InvalidRecordException wrong) {
            throw wrong("timestamp", timestamp, record, wrong);
        }
    }

    private Optional<Double> value(int index, StreamRecord record) {
        Optional<String> text = fields.text(index).filter(found -> !found.isEmpty());
        try {
            return text.map(SampleNumber::value);
        } catch (InvalidRecordException wrong) {
            throw wrong("value", index, record, wrong);
        }
    }

    private InvalidRecordException missing(String what, int index, StreamRecord record) {
        return new InvalidRecordException("A sample's " + what + " from " + fields.describe(index, record));
    }

    private InvalidRecordException wrong(String what, int index, StreamRecord record, InvalidRecordException why) {
        return new InvalidRecordException(
                "A sample's " + what + " from " + fields.describe(index, record) + ": " + why.getMessage(), why);
    }
}
