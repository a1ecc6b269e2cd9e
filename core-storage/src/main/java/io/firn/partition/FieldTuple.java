package io.firn.partition;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The partition values of one record in the making: raw values are converted to their fields' types and kept without
 * objects, so that a tuple that was seen before is recognised by its characters alone.
 *
 * <p>Confined to one thread.
 */
final class FieldTuple implements FieldSink {
    private static final char NULL_MARK = 0;
    private static final char NUMBER_MARK = 1;
    private static final char TEXT_MARK = 2;

    private final List<MappedField> fields;
    private final @Nullable ZoneClock[] clocks;
    private final boolean[] present;
    private final long[] numbers;
    private final int[] textStarts;
    private final int[] textLengths;
    private final @Nullable String[] problems;
    private final IsoTime iso = new IsoTime();
    private final DecimalText decimal = new DecimalText();
    private char[] text = new char[256];
    private int textUsed;
    private long sameFrom;
    private long sameTo;
    private char[] key = new char[256];

    FieldTuple(List<MappedField> fields) {
        int count = fields.size();
        this.fields = fields;
        this.clocks = new @Nullable ZoneClock[count];
        this.present = new boolean[count];
        this.numbers = new long[count];
        this.textStarts = new int[count];
        this.textLengths = new int[count];
        this.problems = new @Nullable String[count];
        for (int i = 0; i < count; i++) {
            PartitionField field = fields.get(i).field();
            clocks[i] = field.type().isTime() ? new ZoneClock(field.zone()) : null;
        }
    }

    void clear() {
        Arrays.fill(present, false);
        Arrays.fill(problems, null);
        textUsed = 0;
        sameFrom = Long.MIN_VALUE;
        sameTo = Long.MAX_VALUE;
    }

    /** The first instant, seconds, from which all values that were set from instants are what they are now. */
    long sameFrom() {
        return sameFrom;
    }

    /** The first instant after those. */
    long sameTo() {
        return sameTo;
    }

    boolean isPresent(int field) {
        return present[field];
    }

    /** Why a field that is not present has no value; null when it was simply not there. */
    @Nullable
    String problem(int field) {
        return problems[field];
    }

    /** Takes a value away again. */
    void reject(int field, String problem) {
        present[field] = false;
        problems[field] = problem;
    }

    @Override
    public void text(int field, char[] chars, int offset, int length) {
        PartitionType type = type(field);
        if (type == PartitionType.STRING) {
            setText(field, chars, offset, length);
        } else if (type == PartitionType.INT) {
            setInt(field, chars, offset, length);
        } else if (iso.read(chars, offset, length)) {
            setIsoTime(field, chars, offset, length);
        } else if (fields.get(field).unit() != EpochUnit.UNSPECIFIED) {
            number(field, chars, offset, length);
        } else {
            reject(field, "is " + quoted(chars, offset, length) + ", not an ISO date or time");
        }
    }

    @Override
    public void number(int field, char[] chars, int offset, int length) {
        PartitionType type = type(field);
        if (type == PartitionType.STRING) {
            setText(field, chars, offset, length);
        } else if (type == PartitionType.INT) {
            setInt(field, chars, offset, length);
        } else if (decimal.readEpoch(chars, offset, length, fields.get(field).unit())) {
            setInstant(field, decimal.value());
        } else {
            reject(field, "is " + quoted(chars, offset, length) + ", not a number of an instant");
        }
    }

    @Override
    public void time(int field, String isoText, long number) {
        if (type(field) == PartitionType.INT) {
            setNumber(field, number);
        } else {
            char[] chars = isoText.toCharArray();
            text(field, chars, 0, chars.length);
        }
    }

    @Override
    public void unusable(int field, String found) {
        reject(field, "is " + found + ", not a value of type " + type(field).text());
    }

    /** Sets a whole number. */
    void setNumber(int field, long number) {
        numbers[field] = number;
        textLengths[field] = -1;
        present[field] = true;
    }

    /** Sets a time field from an instant. */
    void setInstant(int field, long epochSeconds) {
        ZoneClock clock = clocks[field];
        if (clock == null || !ZoneClock.isTellable(epochSeconds)) {
            reject(field, "is " + epochSeconds + " s, too far from 1970");
            sameTo = Long.MIN_VALUE;
        } else {
            long localSeconds = clock.localSeconds(epochSeconds);
            long bucketSeconds = type(field).bucketSeconds();
            long bucket = Math.floorDiv(localSeconds, bucketSeconds);
            setNumber(field, bucket);
            long start = bucket * bucketSeconds - (localSeconds - epochSeconds);
            sameFrom = Math.max(sameFrom, Math.max(start, clock.validFrom()));
            sameTo = Math.min(sameTo, Math.min(start + bucketSeconds, clock.validTo()));
        }
    }

    private void setIsoTime(int field, char[] chars, int offset, int length) {
        if (iso.isDateOnly() && type(field) != PartitionType.DATE) {
            reject(field, "is " + quoted(chars, offset, length) + ", a date without a time of day");
        } else if (iso.hasOffset()) {
            setInstant(field, iso.epochSeconds());
        } else {
            setNumber(field, Math.floorDiv(iso.localSeconds(), type(field).bucketSeconds()));
        }
    }

    private void setInt(int field, char[] chars, int offset, int length) {
        if (decimal.readLong(chars, offset, length)) {
            setNumber(field, decimal.value());
        } else {
            reject(field, "is " + quoted(chars, offset, length) + ", not a whole number of 64 bits");
        }
    }

    private void setText(int field, char[] chars, int offset, int length) {
        if (length > HivePath.MAX_COMPONENT_BYTES) {
            reject(field, tooLong(length));
            return;
        }
        if (text.length < textUsed + length) {
            text = Arrays.copyOf(text, (textUsed + length) * 2);
        }
        System.arraycopy(chars, offset, text, textUsed, length);
        textStarts[field] = textUsed;
        textLengths[field] = length;
        textUsed += length;
        present[field] = true;
    }

    static String tooLong(int chars) {
        return "has " + chars + " characters, too many for a directory name of " + HivePath.MAX_COMPONENT_BYTES
                + " bytes";
    }

    private static String quoted(char[] chars, int offset, int length) {
        return "'" + Excerpt.of(new String(chars, offset, Math.min(length, 100))) + "'";
    }

    private PartitionType type(int field) {
        return fields.get(field).field().type();
    }

    /** Writes the tuple as a key; two tuples have the same key exactly when their values are equal. */
    int writeKey() {
        int needed = textUsed + fields.size() * 5;
        if (key.length < needed) {
            key = new char[needed * 2];
        }
        int at = 0;
        for (int i = 0; i < present.length; i++) {
            if (!present[i]) {
                key[at++] = NULL_MARK;
            } else if (textLengths[i] < 0) {
                key[at++] = NUMBER_MARK;
                at = writeNumber(at, numbers[i]);
            } else {
                key[at++] = TEXT_MARK;
                key[at++] = (char) textLengths[i];
                System.arraycopy(text, textStarts[i], key, at, textLengths[i]);
                at += textLengths[i];
            }
        }
        return at;
    }

    private int writeNumber(int from, long number) {
        key[from] = (char) (number >>> 48);
        key[from + 1] = (char) (number >>> 32);
        key[from + 2] = (char) (number >>> 16);
        key[from + 3] = (char) number;
        return from + 4;
    }

    char[] key() {
        return key;
    }

    /** The value of a field as its Java object. */
    @Nullable
    Object value(int field) {
        if (!present[field]) {
            return null;
        }
        return switch (type(field)) {
            case STRING ->
                textLengths[field] < 0
                        ? Long.toString(numbers[field])
                        : new String(text, textStarts[field], textLengths[field]);
            case INT -> numbers[field];
            case DATE, HOUR, MINUTE -> type(field).ofBucket(numbers[field]);
        };
    }
}
