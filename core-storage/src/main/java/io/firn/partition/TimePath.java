package io.firn.partition;

import io.firn.record.StreamRecord;
import io.firn.record.Timestamps;
import org.jspecify.annotations.Nullable;

/**
 * The path of the record before and the timestamps that share it, for mappings in which nothing but the timestamp
 * differs from record to record.
 *
 * <p>Confined to one thread.
 */
final class TimePath {
    private String path = "";
    private boolean inMillis;
    private long from;
    private long to;

    /** The path of a record; null when it has to be found anew. */
    @Nullable
    String of(StreamRecord record) {
        long timestamp = record.timestamp();
        boolean known = timestamp >= from && timestamp < to && record.inMillis() == inMillis;
        return known && Timestamps.isPresent(record) ? path : null;
    }

    /** Keeps the path of the instants [fromSeconds, toSeconds), of which a record's is one; none when that is empty. */
    void keep(String found, StreamRecord record, long fromSeconds, long toSeconds) {
        long perSecond = Timestamps.unitsPerSecond(record);
        path = found;
        inMillis = record.inMillis();
        from = saturatedProduct(fromSeconds, perSecond);
        to = saturatedProduct(toSeconds, perSecond);
    }

    private static long saturatedProduct(long seconds, long perSecond) {
        long most = Long.MAX_VALUE / perSecond;
        return Math.max(-most, Math.min(most, seconds)) * perSecond;
    }
}
