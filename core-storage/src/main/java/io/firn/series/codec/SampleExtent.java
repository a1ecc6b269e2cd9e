package io.firn.series.codec;

/**
 * What stands before the columns of a chunk or a group: how many samples, from when to when.
 *
 * <pre>
 * varint count; unless it is 0:
 * zz least timestamp, varint greatest minus least, varint bytes of the timestamps
 * </pre>
 *
 * @param count samples
 * @param min the least timestamp
 * @param max the greatest timestamp, inclusive
 * @param timestampBytes bytes of the timestamps, which come first
 */
record SampleExtent(int count, long min, long max, int timestampBytes) {
    static void put(SampleRange samples, int timestampBytes, ByteSink sink) {
        sink.unsigned(samples.count());
        if (samples.count() > 0) {
            sink.signed(samples.minTimestamp());
            sink.unsigned(samples.maxTimestamp() - samples.minTimestamp());
            sink.unsigned(timestampBytes);
        }
    }

    static SampleExtent take(ByteSource source, int maxCount) {
        int count = source.count(maxCount, "number of samples");
        if (count == 0) {
            return new SampleExtent(0, 0, 0, 0);
        }
        long min = source.signed();
        SampleExtent extent = of(count, min, source.unsigned(), source);
        int timestampBytes = source.count(source.limit(), "size of the timestamps");
        if (timestampBytes > source.remaining()) {
            throw source.corrupt(timestampBytes + " bytes of timestamps where " + source.remaining() + " are left");
        }
        return new SampleExtent(count, min, extent.max, timestampBytes);
    }

    /** The extent of samples whose timestamps are known to span a range, taken as unsigned. */
    static SampleExtent of(int count, long min, long range, ByteSource source) {
        long max = min + range;
        if (max < min) {
            throw source.corrupt("timestamps from " + min + " to " + max);
        }
        return new SampleExtent(count, min, max, 0);
    }
}
