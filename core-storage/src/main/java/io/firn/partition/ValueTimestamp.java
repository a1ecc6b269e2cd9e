package io.firn.partition;

import io.firn.error.ConfigException;
import io.firn.error.InvalidRecordException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Reads a record's timestamp from a field of its value, for input that has no timestamp of its own.
 *
 * <p>ISO 8601 text (UTC when it names no offset) or a number. Numbers of JSON are milliseconds when the field names no
 * unit; in text (CSV, strings of JSON) a number counts only with a unit. Confined to one thread.
 */
public final class ValueTimestamp {
    private static final long NANOS_PER_SECOND = 1_000_000_000L;
    private static final String UNIT_HINT =
            " but a number, whose unit the field's name must say: add @ms, @s, @us or @ns to it,";

    private final String field;
    private final EpochUnit unit;
    private final FieldExtractor extractor;
    private final Sink sink = new Sink();

    private ValueTimestamp(String field, EpochUnit unit, FieldExtractor extractor) {
        this.field = field;
        this.unit = unit;
        this.extractor = extractor;
    }

    /**
     * Prepares to read a field.
     *
     * @param field its name or path, for example {@code date}, {@code meta.ts} or {@code ts@us}
     * @param format of the values
     */
    public static ValueTimestamp of(String field, ValueFormat format) {
        EpochUnit unit = EpochUnit.ofSource(field);
        String path = field.substring(0, field.length() - unit.suffix().length());
        if (path.isEmpty()) {
            throw new ConfigException("The name of the timestamp field is empty; name a field of the value.");
        }
        List<WantedField> wanted = List.of(new WantedField(0, List.of(path.split("\\.", -1))));
        FieldExtractor extractor = format instanceof ValueFormat.Csv csv
                ? new CsvFields(wanted, csv.columns(), csv.separator())
                : new JsonFields(wanted);
        return new ValueTimestamp(field, unit, extractor);
    }

    /**
     * The timestamp of a value in nanoseconds since the epoch.
     *
     * @throws InvalidRecordException when the field is missing, is not a time, or lies outside the years 1678 to 2261
     */
    public long timestampNs(byte[] value) {
        sink.found = false;
        sink.problem = "is missing";
        String broken = extractor.extract(value, sink);
        if (!sink.found) {
            String text = new String(value, 0, Math.min(value.length, 160), StandardCharsets.UTF_8);
            throw new InvalidRecordException("Timestamp field '" + field + "' " + sink.problem
                    + (broken == null ? "" : " because the value " + broken) + " in '" + Excerpt.of(text) + "'.");
        }
        return sink.timestampNs;
    }

    private final class Sink implements FieldSink {
        private final IsoTime iso = new IsoTime();
        private final DecimalText decimal = new DecimalText();
        private boolean found;
        private String problem = "";
        private long timestampNs;

        @Override
        public void text(int index, char[] chars, int offset, int length) {
            if (iso.read(chars, offset, length)) {
                set(iso.epochSeconds(), iso.nanos());
            } else if (unit != EpochUnit.UNSPECIFIED && decimal.readLong(chars, offset, length)) {
                setNumber(decimal.value());
            } else {
                problem = "is not an ISO date or time"
                        + (unit == EpochUnit.UNSPECIFIED && decimal.readLong(chars, offset, length) ? UNIT_HINT : "");
            }
        }

        @Override
        public void number(int index, char[] chars, int offset, int length) {
            if (decimal.readLong(chars, offset, length)) {
                setNumber(decimal.value());
            } else {
                problem = "is not a whole number";
            }
        }

        @Override
        public void unusable(int index, String what) {
            problem = "is " + what;
        }

        private void setNumber(long number) {
            long perSecond = unit.perSecond();
            set(Math.floorDiv(number, perSecond), Math.floorMod(number, perSecond) * (NANOS_PER_SECOND / perSecond));
        }

        private void set(long seconds, long nanos) {
            long limit = Long.MAX_VALUE / NANOS_PER_SECOND;
            if (seconds >= limit || seconds <= -limit) {
                problem = "is too far from 1970 for nanoseconds";
                return;
            }
            timestampNs = seconds * NANOS_PER_SECOND + nanos;
            found = true;
        }
    }
}
