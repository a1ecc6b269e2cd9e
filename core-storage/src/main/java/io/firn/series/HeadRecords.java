package io.firn.series;

/**
 * The records of table {@code samples}, docs/format/series.md.
 *
 * <pre>
 * SERIES   u32 reference, u8 type of the series, varint labels, for each: text name, text value
 * SAMPLES  u32 reference, u32 count, count timestamps of 8 bytes, count values of 8 bytes
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
    /** Type of the record with a number that a writer keeps with its samples. */
    static final int MARK = 3;
    /** Most samples of one record. */
    static final int MAX_SAMPLES = 1024;

    private static final int MAX_LABELS = 1 << 16;
    private static final int BYTES_PER_SAMPLE = Long.BYTES + Double.BYTES;

    private HeadRecords() {}

    static byte[] series(RecordSink sink, int ref, SeriesType type, Labels labels) {
        sink.clear();
        sink.fixed32(ref).octet(type.id()).unsigned(labels.size());
        for (int i = 0; i < labels.size(); i++) {
            sink.text(labels.name(i)).text(labels.value(i));
        }
        return sink.toBytes();
    }

    static byte[] samples(RecordSink sink, int ref, SampleArrays samples, int from, int to) {
        sink.clear();
        sink.fixed32(ref).fixed32(to - from);
        for (int i = from; i < to; i++) {
            sink.fixed64(samples.timestamp(i));
        }
        for (int i = from; i < to; i++) {
            sink.real(samples.value(i));
        }
        return sink.toBytes();
    }

    static byte[] mark(RecordSink sink, String name, long value) {
        sink.clear();
        return sink.fixed64(value).text(name).toBytes();
    }

    /** Takes the labels of a SERIES record, of which reference and type are read. */
    static Labels labels(RecordBytes source) {
        String[] texts = new String[2 * source.count(MAX_LABELS, "number of labels")];
        for (int i = 0; i < texts.length; i++) {
            texts[i] = source.text();
        }
        source.expectEnd();
        return Labels.of(texts);
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
