package io.firn.series;

import io.firn.error.InvalidRecordException;

/**
 * The records of table {@code samples}, docs/format/series.md.
 *
 * <pre>
 * SERIES   u32 reference, u8 type of the series, varint labels, for each: text name, text value
 * SAMPLES  u32 reference, u32 count, count timestamps of 8 bytes, count values of 8 bytes
 * STRIDE   u32 reference, u32 count, i64 first timestamp, i64 distance, count values of 8 bytes
 * POINTS   u32 count, count references of 4 bytes, count timestamps of 8 bytes, count values of 8 bytes
 * MARK     i64 number, text name
 * </pre>
 *
 * Little-endian; a text is a varint length and UTF-8. Thread-safe: no state.
 */
final class HeadRecords {
    /** Type of the record that says which series a reference means, before its first use in a generation. */
    static final int SERIES = 1;
    /** Type of the record with samples of one series. */
    static final int SAMPLES = 2;
    /** Type of the record with samples of several series. */
    static final int POINTS = 3;
    /** Type of the record with samples of one series at equal distances. */
    static final int STRIDE = 4;
    /** Type of the record with a number that a writer keeps with its samples. */
    static final int MARK = 5;
    /** Most samples of one record. */
    static final int MAX_SAMPLES = 1024;

    private static final int MAX_LABELS = 1 << 16;
    private static final int BYTES_PER_SAMPLE = Long.BYTES + Double.BYTES;
    private static final int BYTES_PER_POINT = Integer.BYTES + BYTES_PER_SAMPLE;

    private HeadRecords() {}

    static RecordSink series(RecordSink sink, int ref, SeriesType type, Labels labels) {
        sink.clear();
        sink.fixed32(ref).octet(type.id()).unsigned(labels.size());
        for (int i = 0; i < labels.size(); i++) {
            sink.text(labels.name(i)).text(labels.value(i));
        }
        return sink;
    }

    static RecordSink samples(RecordSink sink, int ref, SampleArrays samples, int from, int to) {
        sink.clear();
        sink.fixed32(ref).fixed32(to - from);
        samples.put(from, to, sink.reserve((to - from) * BYTES_PER_SAMPLE));
        return sink;
    }

    static RecordSink stride(RecordSink sink, int ref, SampleArrays samples, int from, int to) {
        sink.clear();
        sink.fixed32(ref).fixed32(to - from).fixed64(samples.timestamp(from)).fixed64(samples.distance(from));
        samples.putValues(from, to, sink.reserve((to - from) * Double.BYTES));
        return sink;
    }

    /** Takes the samples of a STRIDE record, of which the reference is read. */
    static void stride(RecordBytes source, SampleArrays target) {
        int count = source.fixed32();
        long timestamp = source.fixed64();
        long distance = source.fixed64();
        if (count < 0 || (long) count * Double.BYTES != source.remaining()) {
            throw source.corrupt(count + " samples in " + source.remaining() + " bytes");
        }
        target.clear();
        for (int i = 0; i < count; i++) {
            target.add(timestamp + i * distance, source.real());
        }
    }

    static RecordSink points(RecordSink sink, PointRun points) {
        sink.clear();
        sink.fixed32(points.size());
        for (int i = 0; i < points.size(); i++) {
            sink.fixed32(points.ref(i));
        }
        points.samples().put(0, points.size(), sink.reserve(points.size() * BYTES_PER_SAMPLE));
        return sink;
    }

    /** Takes a POINTS record. */
    static void points(RecordBytes source, PointRun target) {
        int count = source.fixed32();
        if (count < 0 || count > MAX_SAMPLES || (long) count * BYTES_PER_POINT != source.remaining()) {
            throw source.corrupt(count + " points in " + source.remaining() + " bytes");
        }
        int[] refs = new int[count];
        for (int i = 0; i < count; i++) {
            refs[i] = source.fixed32();
        }
        long[] timestamps = new long[count];
        for (int i = 0; i < count; i++) {
            timestamps[i] = source.fixed64();
        }
        target.clear();
        for (int i = 0; i < count; i++) {
            target.add(refs[i], timestamps[i], source.real());
        }
    }

    static RecordSink mark(RecordSink sink, String name, long value) {
        sink.clear();
        return sink.fixed64(value).text(name);
    }

    /** Takes the labels of a SERIES record, of which reference and type are read. */
    static Labels labels(RecordBytes source) {
        String[] texts = new String[2 * source.count(MAX_LABELS, "number of labels")];
        for (int i = 0; i < texts.length; i++) {
            texts[i] = source.text();
        }
        source.expectEnd();
        try {
            return Labels.of(texts);
        } catch (InvalidRecordException invalid) {
            throw source.corrupt(String.valueOf(invalid.getMessage()));
        }
    }

    /** Takes the samples of a SAMPLES record, of which the reference is read. */
    static void samples(RecordBytes source, SampleArrays target) {
        int count = source.fixed32();
        if (count < 0 || (long) count * BYTES_PER_SAMPLE != source.remaining()) {
            throw source.corrupt(count + " samples in " + source.remaining() + " bytes");
        }
        long[] timestamps = new long[count];
        double[] values = new double[count];
        for (int i = 0; i < count; i++) {
            timestamps[i] = source.fixed64();
        }
        for (int i = 0; i < count; i++) {
            values[i] = source.real();
        }
        target.clear().addAll(timestamps, values, 0, count);
    }
}
