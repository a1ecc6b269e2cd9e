package io.firn.connect.common;

import io.firn.metrics.Metric;
import io.firn.metrics.MetricBeans;
import io.firn.metrics.MetricExport;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.kafka.common.metrics.Measurable;
import org.apache.kafka.common.metrics.PluginMetrics;
import org.jspecify.annotations.Nullable;

/**
 * Shows metrics of a task with the means of its worker (Kafka 4.1 and later, KIP-877), or as an MBean of the name that
 * such a worker gives them: {@code kafka.connect:type=plugins,connector=...,task=...}. Thread-safe: no state.
 */
public final class WorkerMetrics {
    private WorkerMetrics() {}

    /**
     * Shows the metrics until the export is closed.
     *
     * @param worker the worker's means, asked for once: null, or a {@link NoSuchMethodError}, where it has none
     * @param connector name of the connector
     * @param task number of the task
     */
    public static MetricExport show(
            List<Metric> metrics, Supplier<@Nullable PluginMetrics> worker, String connector, String task) {
        Map<String, String> tags = new LinkedHashMap<>();
        tags.put("connector", connector);
        tags.put("task", task);
        return MetricExport.of(
                metrics,
                () -> {
                    PluginMetrics means = worker.get();
                    return means == null ? null : metric -> add(means, metric);
                },
                MetricBeans.name("kafka.connect", "plugins", tags));
    }

    private static void add(PluginMetrics worker, Metric metric) {
        worker.addMetric(worker.metricName(metric.name(), metric.meaning(), new LinkedHashMap<>()), (Measurable)
                (config, nowMs) -> metric.value().getAsDouble());
    }
}
