package io.firn.partition;

import io.firn.error.ConfigException;
import io.firn.record.StreamRecord;
import io.firn.record.Timestamps;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads the sources of {@link PartitionMapping} out of records as texts: numbers as they are written, a record's own
 * timestamp as decimal seconds with all of its digits. Confined to one thread.
 */
public final class RecordFields {
    private static final int EXCERPT_BYTES = 160;

    private final List<FieldSource> sources;
    private final @Nullable FieldExtractor valueFields;
    private final @Nullable FieldExtractor keyFields;
    private final @Nullable String[] texts;
    private final @Nullable String[] problems;
    private final Utf8Chars utf8 = new Utf8Chars();
    private final Sink sink = new Sink();

    /**
     * Prepares to read sources.
     *
     * @param sources texts as behind {@code =} in {@code partition.fields}
     * @param format of the values
     * @throws ConfigException when one is no source, or names a column that the format does not have
     */
    public RecordFields(List<String> sources, ValueFormat format) {
        this.sources = sources.stream().map(text -> parse(text.strip())).toList();
        this.valueFields = PayloadFields.ofValue(this.sources, format);
        this.keyFields = PayloadFields.ofKey(this.sources);
        this.texts = new @Nullable String[sources.size()];
        this.problems = new @Nullable String[sources.size()];
    }

    private static FieldSource parse(String text) {
        try {
            return MappingParser.parseSource(text);
        } catch (ConfigException invalid) {
            throw new ConfigException("Invalid source: " + invalid.getMessage(), invalid);
        }
    }

    /** Divides a list of sources or of {@code name=source} at its commas; those of constants do not divide. */
    public static List<String> split(String list) {
        return list.isBlank() ? List.of() : MappingParser.splitOutsideQuotes(list);
    }

    /** Whether a source is the record's own timestamp. */
    public boolean isTimestamp(int index) {
        return sources.get(index) instanceof FieldSource.Timestamp;
    }

    /** How many units make a second where a source names one by its suffix; milliseconds otherwise. */
    public long unitsPerSecond(int index) {
        FieldSource source = sources.get(index);
        if (source instanceof FieldSource.Payload payload) {
            return payload.unit().perSecond();
        }
        return source instanceof FieldSource.Header header ? header.unit().perSecond() : EpochUnit.MILLIS.perSecond();
    }

    /** Reads a record. */
    public void read(StreamRecord record, RecordOrigin origin) {
        Arrays.fill(texts, null);
        Arrays.fill(problems, null);
        String valueProblem = extract(valueFields, record.value());
        String keyProblem = extract(keyFields, record.key());
        for (int i = 0; i < texts.length; i++) {
            FieldSource source = sources.get(i);
            if (source instanceof FieldSource.Payload payload && !payload.path().isEmpty()) {
                String broken = payload.ofKey() ? keyProblem : valueProblem;
                if (texts[i] == null && problems[i] == null && broken != null) {
                    problems[i] = "is missing because the " + (payload.ofKey() ? "key " : "value ") + broken;
                }
            } else {
                readWhole(i, source, record, origin);
            }
        }
    }

    private @Nullable String extract(@Nullable FieldExtractor extractor, byte @Nullable [] bytes) {
        if (extractor == null) {
            return null;
        }
        return bytes == null ? "is null" : extractor.extract(bytes, sink);
    }

    private void readWhole(int index, FieldSource source, StreamRecord record, RecordOrigin origin) {
        if (source instanceof FieldSource.Payload payload) {
            readText(index, payload.ofKey() ? record.key() : record.value());
        } else if (source instanceof FieldSource.Header header) {
            readText(index, PayloadFields.lastHeader(record, header.name()));
        } else if (source instanceof FieldSource.Constant constant) {
            texts[index] = constant.value();
        } else if (source instanceof FieldSource.Timestamp) {
            readTimestamp(index, record);
        } else if (origin.isKnown()) {
            texts[index] = source instanceof FieldSource.Topic ? origin.topic() : Integer.toString(origin.partition());
        }
    }

    private void readTimestamp(int index, StreamRecord record) {
        if (Timestamps.isPresent(record)) {
            texts[index] = record.timestamp() + (record.inMillis() ? "e-3" : "e-9");
        } else {
            problems[index] = "is -1, which means that the record has no timestamp";
        }
    }

    private void readText(int index, byte @Nullable [] bytes) {
        if (bytes != null && utf8.decode(bytes)) {
            texts[index] = new String(utf8.chars(), 0, utf8.length());
        } else if (bytes != null) {
            problems[index] = "is not valid UTF-8 text";
        }
    }

    /** The text of a source; empty when it is not there. */
    public Optional<String> text(int index) {
        return Optional.ofNullable(texts[index]);
    }

    /** Whether there is something that is no text, for example an object, or that nobody can read. */
    public boolean isUnusable(int index) {
        return problems[index] != null;
    }

    /** Says of a source, for a message, where it comes from and what is wrong with it or what it is. */
    public String describe(int index, StreamRecord record) {
        String text = texts[index];
        String problem = problems[index];
        String found = problem == null ? "is missing" : problem;
        FieldSource source = sources.get(index);
        String said = source.text() + " " + (text == null ? found : "is '" + Excerpt.of(text) + "'");
        if (source instanceof FieldSource.Payload payload) {
            byte[] bytes = payload.ofKey() ? record.key() : record.value();
            said += " in the " + (payload.ofKey() ? "key " : "value ") + excerpt(bytes);
        }
        return said;
    }

    private static String excerpt(byte @Nullable [] bytes) {
        if (bytes == null) {
            return "null";
        }
        return "'"
                + Excerpt.of(new String(bytes, 0, Math.min(bytes.length, EXCERPT_BYTES), StandardCharsets.UTF_8))
                + "'";
    }

    /** Seconds and nanoseconds of a date or time in ISO 8601, UTC without an offset; empty when a text is none. */
    public static Optional<Instant> instant(String text) {
        IsoTime iso = new IsoTime();
        char[] chars = text.toCharArray();
        return iso.read(chars, 0, chars.length)
                ? Optional.of(Instant.ofEpochSecond(iso.epochSeconds(), iso.nanos()))
                : Optional.empty();
    }

    private final class Sink implements FieldSink {
        @Override
        public void text(int index, char[] chars, int offset, int length) {
            texts[index] = new String(chars, offset, length);
        }

        @Override
        public void number(int index, char[] chars, int offset, int length) {
            texts[index] = new String(chars, offset, length);
        }

        @Override
        public void unusable(int index, String found) {
            problems[index] = "is " + found;
        }
    }
}
