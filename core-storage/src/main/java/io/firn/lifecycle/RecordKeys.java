package io.firn.lifecycle;

import io.firn.error.ConfigException;
import io.firn.log.LaneSegment;
import io.firn.log.SegmentEntry;
import io.firn.record.RecordView;
import io.firn.segment.SegmentContext;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;

/**
 * Keys of records, byte for byte. A record without a key has none of them; an empty key is a key. Immutable;
 * thread-safe.
 */
public final class RecordKeys implements RecordChoice {
    /** Most keys of one erasure: they are all kept in memory. */
    public static final int MAX_KEYS = 1_000_000;

    private final Set<ByteBuffer> keys;

    private RecordKeys(Set<ByteBuffer> keys) {
        this.keys = keys;
    }

    /**
     * The keys; doubles count once.
     *
     * @throws ConfigException when there is none, or more than {@link #MAX_KEYS}
     */
    public static RecordKeys of(Collection<byte[]> keys) {
        if (keys.isEmpty() || keys.size() > MAX_KEYS) {
            throw new ConfigException("Expected 1 to " + MAX_KEYS + " keys, found " + keys.size());
        }
        Set<ByteBuffer> copies = new HashSet<>();
        keys.forEach(key -> copies.add(ByteBuffer.wrap(key.clone())));
        return new RecordKeys(copies);
    }

    /** How many different keys these are. */
    public int count() {
        return keys.size();
    }

    @Override
    public boolean contains(SegmentContext context, RecordView record) {
        ByteBuffer key = record.key();
        return key != null && keys.contains(key);
    }

    @Override
    public boolean mayBeIn(String lane, LaneSegment segment) {
        return true;
    }

    @Override
    public boolean mayBeIn(SegmentEntry file) {
        return true;
    }

    @Override
    public boolean isConfidential() {
        return true;
    }

    /** Says how many, never which: keys may be what shall be forgotten. */
    @Override
    public String toString() {
        return keys.size() + " keys";
    }
}
