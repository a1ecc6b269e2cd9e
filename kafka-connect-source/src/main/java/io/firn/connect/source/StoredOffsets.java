package io.firn.connect.source;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.connect.storage.OffsetStorageReader;
import org.jspecify.annotations.Nullable;

/** What Connect has stored of an earlier run, remembered: each look goes to the broker. Confined to one thread. */
final class StoredOffsets implements OffsetStorageReader {
    private static final long UNKNOWN = -1;

    private final OffsetStorageReader reader;
    private final Map<Object, Map<String, Object>> known = new HashMap<>();

    StoredOffsets(OffsetStorageReader reader) {
        this.reader = reader;
    }

    /** The stored sequence of a lane that was asked for before; negative when there is none. */
    long sequence(Map<String, String> partition) {
        Map<String, Object> offset = known.get(partition);
        return offset == null ? UNKNOWN : SourceOffset.position(offset).sequence();
    }

    @Override
    public <T> @Nullable Map<String, Object> offset(Map<String, T> partition) {
        Map<String, Object> offset = reader.offset(partition);
        remember(partition, offset);
        return offset;
    }

    @Override
    public <T> Map<Map<String, T>, Map<String, Object>> offsets(Collection<Map<String, T>> partitions) {
        Map<Map<String, T>, Map<String, Object>> offsets = reader.offsets(partitions);
        offsets.forEach(this::remember);
        return offsets;
    }

    private void remember(Map<String, ?> partition, @Nullable Map<String, Object> offset) {
        if (offset != null) {
            known.put(partition, offset);
        }
    }
}
