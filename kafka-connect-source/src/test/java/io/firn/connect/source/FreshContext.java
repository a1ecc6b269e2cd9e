package io.firn.connect.source;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.metrics.PluginMetrics;
import org.apache.kafka.connect.source.SourceTaskContext;
import org.apache.kafka.connect.storage.OffsetStorageReader;
import org.jspecify.annotations.Nullable;

/** A worker that has stored no offsets yet, or some. Thread-safe. */
final class FreshContext implements SourceTaskContext {
    private final Map<Map<String, ?>, Map<String, ?>> stored;

    FreshContext() {
        this(Map.of());
    }

    /** A worker that has stored these offsets. */
    FreshContext(Map<Map<String, ?>, Map<String, ?>> stored) {
        this.stored = Map.copyOf(stored);
    }

    @Override
    public Map<String, String> configs() {
        return Map.of();
    }

    @Override
    public OffsetStorageReader offsetStorageReader() {
        return new StoredOffsets(stored);
    }

    @Override
    public @Nullable PluginMetrics pluginMetrics() {
        return null;
    }

    private record StoredOffsets(Map<Map<String, ?>, Map<String, ?>> stored) implements OffsetStorageReader {
        @Override
        public <T> @Nullable Map<String, Object> offset(Map<String, T> partition) {
            Map<String, ?> offset = stored.get(partition);
            return offset == null ? null : new HashMap<>(offset);
        }

        @Override
        public <T> Map<Map<String, T>, @Nullable Map<String, Object>> offsets(Collection<Map<String, T>> partitions) {
            Map<Map<String, T>, @Nullable Map<String, Object>> found = new HashMap<>();
            partitions.forEach(partition -> found.put(partition, offset(partition)));
            return found;
        }
    }
}
