package io.firn.connect.source;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.metrics.PluginMetrics;
import org.apache.kafka.connect.source.SourceTaskContext;
import org.apache.kafka.connect.storage.OffsetStorageReader;
import org.jspecify.annotations.Nullable;

/** A worker that has stored no offsets yet. Thread-safe. */
final class FreshContext implements SourceTaskContext {
    @Override
    public Map<String, String> configs() {
        return Map.of();
    }

    @Override
    public OffsetStorageReader offsetStorageReader() {
        return new NoOffsets();
    }

    @Override
    public @Nullable PluginMetrics pluginMetrics() {
        return null;
    }

    private static final class NoOffsets implements OffsetStorageReader {
        @Override
        public <T> @Nullable Map<String, Object> offset(Map<String, T> partition) {
            return null;
        }

        @Override
        public <T> Map<Map<String, T>, @Nullable Map<String, Object>> offsets(Collection<Map<String, T>> partitions) {
            Map<Map<String, T>, @Nullable Map<String, Object>> none = new HashMap<>();
            partitions.forEach(partition -> none.put(partition, null));
            return none;
        }
    }
}
