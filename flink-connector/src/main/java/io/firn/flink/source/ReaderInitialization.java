package io.firn.flink.source;

import org.apache.flink.api.common.serialization.DeserializationSchema;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.util.UserCodeClassLoader;

/**
 * What a deserializer is opened with.
 *
 * @param context the reader's
 */
record ReaderInitialization(SourceReaderContext context) implements DeserializationSchema.InitializationContext {
    private static final String GROUP = "deserializer";

    @Override
    public MetricGroup getMetricGroup() {
        return context.metricGroup().addGroup(GROUP);
    }

    @Override
    public UserCodeClassLoader getUserCodeClassLoader() {
        return context.getUserCodeClassLoader();
    }
}
